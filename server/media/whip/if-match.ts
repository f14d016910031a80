import { VartaError } from '#contract/errors.ts';

/** What stands for whichever tag there is: RFC 9110 writes it bare, the examples of RFC 9725 in quotes. No tag of ours is one. */
const ANY = new Set(['*', '"*"']);

/**
 * The entity tag that a request's `If-Match` names; undefined for `*`, which stands for whichever there is.
 *
 * @throws VartaError `precondition_required` without the header, `precondition_failed` for a weak tag, which never
 * matches here (RFC 9110, 13.1.1), `malformed` for more than one.
 */
export function parseIfMatch(header: string | undefined): string | undefined {
  const value = header?.trim();
  if (!value) throw new VartaError('precondition_required');
  if (ANY.has(value)) return undefined;
  if (value.startsWith('W/'))
    throw new VartaError('precondition_failed', 'a weak entity tag matches nothing');
  // Some clients send the tag without its quotes.
  const tag = /^(?:"(?<quoted>[\x21\x23-\x7e]{1,64})"|(?<bare>[\w.~+/-]{1,64}))$/.exec(value)?.groups;
  const named = tag?.quoted ?? tag?.bare;
  if (named === undefined) throw new VartaError('malformed', 'If-Match has to name one entity tag, or be *');
  return named;
}
