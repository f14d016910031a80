import type { Kept } from '#contract/kept.ts';

/** What the server writes itself, beside what somebody kept. */
const OF_THE_SERVER: ReadonlySet<string> = new Set([
  'id',
  'version',
  'owner',
  'changedBy',
  'changedAt',
  'leftOut',
] satisfies (keyof Kept | 'leftOut')[]);

/** What somebody kept, as it is sent to keep it again. */
export function contentOf(thing: Kept): object {
  return Object.fromEntries(Object.entries(thing).filter(([key]) => !OF_THE_SERVER.has(key)));
}
