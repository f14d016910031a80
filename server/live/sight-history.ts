import { z } from 'zod';
import { type FeedStatus, isPictureFault } from '#contract/feeds.ts';

/** Changes that are kept of a feed; about a kilobyte. A feed that flickers remembers less far back. */
const KEEP_CHANGES = 64;

/** What could be seen by a feed, in a letter: short, because every feed of a country has its history in Redis. */
const CODES = {
  i: 'idle',
  c: 'connecting',
  l: 'live',
  s: 'stalled',
  x: 'lost',
  g: 'confidential',
  z: 'frozen',
  k: 'black',
  v: 'covered',
  f: 'faulty',
} as const;
type Code = keyof typeof CODES;
export type FeedSight = (typeof CODES)[Code];

/** From an instant on (milliseconds since the epoch), until the next one. */
export interface SightChange {
  atMs: number;
  sight: FeedSight;
}

/**
 * Lua for the script that writes feeds: `sight_note` adds what a feed shows to its history, unless it shows the same as
 * before. A change that is told again, by whichever replica, is no change.
 */
export const SIGHT_LUA = `
local function sight_note(key, feed, at, code, now)
  local known = redis.call('HGET', key, feed) or ''
  local last_at, last_code = string.match(known, '(%d+)(%a)$')
  if last_code == code then return end
  if last_at and tonumber(at) <= tonumber(last_at) then at = now end
  local all, count = {}, 0
  for one in string.gmatch(known, '[^,]+') do count = count + 1; all[count] = one end
  count = count + 1
  all[count] = at .. code
  redis.call('HSET', key, feed, table.concat(all, ',', math.max(1, count - ${KEEP_CHANGES - 1}), count))
end
`;

/** What a feed shows, as `sight_note` takes it: the instant and the letter. */
export function toSightArgs(
  status: Pick<FeedStatus, 'state' | 'faults' | 'since'>,
): [at: string, code: Code] {
  return [String(Date.parse(status.since)), codeOf(status)];
}

/** A history as Redis holds it. Throws a ZodError for anything else. */
export const SightHistory = z
  .string()
  .regex(/^\d+[a-z](?:,\d+[a-z])*$/)
  .transform((text) =>
    text.split(',').map((one) => ({ atMs: Number(one.slice(0, -1)), code: one.slice(-1) })),
  )
  .pipe(z.array(z.object({ atMs: z.int(), code: z.enum(Object.keys(CODES) as [Code, ...Code[]]) })))
  .transform((changes) => changes.map(({ atMs, code }): SightChange => ({ atMs, sight: CODES[code] })));

/** Everything that a feed showed between two instants, ends included; undefined when that is not known. */
export function sightsBetween(
  changes: readonly SightChange[],
  fromMs: number,
  untilMs: number,
): FeedSight[] | undefined {
  const first = changes.findLastIndex(({ atMs }) => atMs <= fromMs);
  if (first === -1) return undefined;
  return changes.slice(first).flatMap(({ atMs, sight }) => (atMs <= untilMs ? [sight] : []));
}

function codeOf({ state, faults = [] }: Pick<FeedStatus, 'state' | 'faults'>): Code {
  switch (state) {
    case 'idle':
      return 'i';
    case 'connecting':
      return 'c';
    case 'live':
      return 'l';
    case 'stalled':
      return 's';
    case 'lost':
      return 'x';
    case 'confidential':
      return 'g';
    case 'faulty':
      return FAULT_CODES[faults.find(isPictureFault) ?? 'faulty'];
  }
}

const FAULT_CODES = { frozen: 'z', black: 'k', covered: 'v', faulty: 'f' } as const;
