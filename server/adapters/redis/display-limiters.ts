import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { defineScript, runScript } from './script.ts';
import { toNetwork } from './sign-in-limiter.ts';

const LIMIT_WINDOW_S = 15 * 60;
/** A screen asks for a code every five minutes; a wall of ten behind one address that is set up, and reloads. */
const PAIRINGS = 60;
/** Codes that somebody types, right and wrong: a wall has ten screens. 31^8 codes, of which a handful hold. */
const GUESSES = 30;

/** Undefined when it may be tried; else how long to wait. */
type Take = (key: string) => Promise<{ retryAfterMs: number } | undefined>;

/** Counts, for all replicas, codes that screens ask for (by address) and that people type (by user name). */
export function createDisplayLimiters(redis: Redis): { pairings: { take: Take }; guesses: { take: Take } } {
  return {
    pairings: { take: limiterOf(redis, 'pairing', PAIRINGS, toNetwork) },
    guesses: { take: limiterOf(redis, 'enrol', GUESSES, (username) => username) },
  };
}

/** KEYS tries. ARGV seconds of the window, most tries. How long to wait in milliseconds; 0: it may be tried. */
const TAKE = defineScript(`
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
if tries <= tonumber(ARGV[2]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1]))
`);

function limiterOf(redis: Redis, name: string, points: number, toKey: (key: string) => string): Take {
  return async (key) => {
    const tries = keys.displayTries(name, toKey(key));
    const wait = await runScript(redis, TAKE, [tries], [String(LIMIT_WINDOW_S), String(points)]);
    return Number(wait) > 0 ? { retryAfterMs: Number(wait) } : undefined;
  };
}
