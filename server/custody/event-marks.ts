import { createHash } from 'node:crypto';
import type { CustodyEvent, RecordChannel } from '#contract/custody-events.ts';

/**
 * What is remembered of an event by its id: its content, whose word it is (`p` a person's, `f` a facility's), and what it
 * is about. Free words are not part of it: whoever has a copy of the store could try out what they may have been.
 */
export function markOf(event: CustodyEvent, via: RecordChannel | undefined): string {
  return markWith(hasWords(event) ? withoutWords(event) : event, event, via);
}

/** The mark that an earlier version gave to an event with free words; '' for one without. */
export function formerMarkOf(event: CustodyEvent, via: RecordChannel | undefined): string {
  return hasWords(event) ? markWith(event, event, via) : '';
}

/** Twelve bytes that tell one text from another. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

function markWith(content: unknown, event: CustodyEvent, via: RecordChannel | undefined): string {
  return `${digestOf(JSON.stringify(sorted(content)))}${via?.kind === 'person' ? 'p' : 'f'}${aboutOf(event)}`;
}

/** A replacement has to be about the same. '' where anything may follow: a correction that put nothing in the place. */
function aboutOf(event: CustodyEvent): string {
  if (event.type === 'RECORD_CORRECTED') return event.replacement ? aboutOf(event.replacement) : '';
  return 'caseId' in event ? digestOf(event.caseId).slice(0, 6) : '-';
}

/** Fields of free words, wherever they stand in an event. */
const WORDS: ReadonlySet<string> = new Set(['note', 'reason']);

function hasWords(value: object): boolean {
  return Object.entries(value).some(
    ([name, one]) => WORDS.has(name) || (typeof one === 'object' && one !== null && hasWords(one)),
  );
}

function withoutWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !WORDS.has(name))
      .map(([name, one]) => [name, withoutWords(one)]),
  );
}

/** The same value, in whatever order its fields came. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
