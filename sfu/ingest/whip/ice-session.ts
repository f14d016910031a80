import { VartaError } from '#contract/errors.ts';
import type { IceFragment } from './ice-fragment.ts';

/** One generation of ICE between an encoder and us. */
export interface IceSession {
  /** Names it in HTTP's `ETag` and `If-Match`. */
  tag: string;
  /** The encoder's username fragment: another one means that it has restarted ICE. */
  remoteUsernameFragment: string;
}

/** Only news of the encoder's addresses, or a new generation. */
export type IceStep = { type: 'trickle' } | { type: 'restart'; remoteUsernameFragment: string };

/**
 * What a fragment asks for (RFC 9725, 4.3). `tag` is what the request's `If-Match` names, undefined for `*`.
 *
 * @throws VartaError `precondition_failed` when that is another generation than the present one, `malformed`.
 */
export function decideIceStep(
  session: IceSession,
  fragment: IceFragment,
  { tag }: { tag: string | undefined },
): IceStep {
  if (tag !== undefined && tag !== session.tag) throw new VartaError('precondition_failed');
  const { usernameFragment, password } = fragment;
  if (usernameFragment === undefined || usernameFragment === session.remoteUsernameFragment) {
    return { type: 'trickle' };
  }
  if (password === undefined) {
    throw new VartaError('malformed', 'An ICE restart needs a=ice-pwd beside the new a=ice-ufrag');
  }
  return { type: 'restart', remoteUsernameFragment: usernameFragment };
}
