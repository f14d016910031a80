import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { SignInLimiter } from '../../access/sign-in.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { defineScript, runScript } from './script.ts';

const MINUTE_MS = 60_000;
const BASE_DELAY_MS = MINUTE_MS / 2;

/**
 * Tries before waiting begins. Each later one doubles the wait, from half a minute up to `longestMs`. Whoever signs in
 * gets the tries of their user name back. No account is ever shut for good by strangers: that would be an attack itself.
 */
const LIMITS = {
  /** One user name from one address: somebody who has forgotten a password needs a few. */
  userAtAddress: { tries: 10, longestMs: 60 * MINUTE_MS },
  /** One user name from anywhere: NIST SP 800-63B §5.2.2 allows at most 100 failures in a row on one account. */
  user: { tries: 30, longestMs: 60 * MINUTE_MS },
  /** One address: a duty centre behind one address signs in more than once a minute at shift change. */
  address: { tries: 100, longestMs: 15 * MINUTE_MS },
} as const;

/** What is counted is forgotten after this time without a try of the user, and this long after an address's first. */
const USER_SECONDS = 24 * 3_600;
const ADDRESS_SECONDS = 15 * 60;

/**
 * Takes a try, or says how long to wait; what has to wait is not counted. Addresses that one user name is tried from are
 * bounded by the wait for that name.
 * KEYS user, address. ARGV 1 now; 2 address; 3-4 seconds that user and address are kept; 5 first wait; 6-7, 8-9, 10-11
 * tries and longest wait of user at address, user, address.
 */
const TAKE = defineScript(`
local now = tonumber(ARGV[1])
local counted = {
  { KEYS[1], ARGV[2], tonumber(ARGV[6]), tonumber(ARGV[7]) },
  { KEYS[1], 'all', tonumber(ARGV[8]), tonumber(ARGV[9]) },
  { KEYS[2], 'all', tonumber(ARGV[10]), tonumber(ARGV[11]) },
}
local wait = 0
for _, one in ipairs(counted) do
  local til = tonumber(redis.call('HGET', one[1], one[2] .. '|until') or '0')
  wait = math.max(wait, til - now)
end
if wait > 0 then return wait end
for _, one in ipairs(counted) do
  local tries = redis.call('HINCRBY', one[1], one[2] .. '|tries', 1)
  if tries >= one[3] then
    local delay = math.min(tonumber(ARGV[5]) * 2 ^ math.min(tries - one[3], 20), one[4])
    redis.call('HSET', one[1], one[2] .. '|until', string.format('%.0f', now + delay))
  end
  if one[1] == KEYS[1] then redis.call('EXPIRE', KEYS[1], ARGV[3])
  elseif tries == 1 or tries >= one[3] then redis.call('EXPIRE', KEYS[2], ARGV[4]) end
end
return 0
`);

/** KEYS user, address. The user's tries do not count any more, and the address gets this one back. */
const FORGIVE = defineScript(`
redis.call('DEL', KEYS[1])
if tonumber(redis.call('HGET', KEYS[2], 'all|tries') or '0') > 0 then
  redis.call('HINCRBY', KEYS[2], 'all|tries', -1)
  redis.call('HDEL', KEYS[2], 'all|until')
end
return 1
`);

/** What administrators see and do of it. */
export interface LockOuts {
  /** Until when (ms) a user name has to wait, wherever it waits longest; undefined when it does not. */
  lockedUntilMs(username: string): Promise<number | undefined>;
  /** Lets a user name try again at once, from everywhere. */
  unlock(username: string): Promise<void>;
}

/** Counts sign-ins in Redis, the same for all replicas. Throws when Redis is away: no counting, no guessing. */
export function createSignInLimiter(redis: Redis, now: () => number): SignInLimiter & LockOuts {
  const { userAtAddress, user, address } = LIMITS;
  const bothOf = (username: string, network: string) => [
    keys.triesOfUser(username),
    keys.triesOfAddress(network),
  ];
  return {
    take: async (username, from) => {
      const network = toNetwork(from);
      const wait = await runScript(
        redis,
        TAKE,
        bothOf(username, network),
        [
          now(),
          network,
          USER_SECONDS,
          ADDRESS_SECONDS,
          BASE_DELAY_MS,
          ...[userAtAddress, user, address].flatMap(({ tries, longestMs }) => [tries, longestMs]),
        ].map(String),
      );
      const retryAfterMs = z.number().parse(wait);
      return retryAfterMs > 0 ? { retryAfterMs } : undefined;
    },
    forgive: async (username, from) => {
      await runScript(redis, FORGIVE, bothOf(username, toNetwork(from)), []);
    },
    lockedUntilMs: async (username) => {
      const kept = Object.entries(await redis.hGetAll(keys.triesOfUser(username)));
      const ends = kept.filter(([field]) => field.endsWith('|until')).map(([, until]) => Number(until));
      const latest = Math.max(0, ...ends);
      return latest > now() ? latest : undefined;
    },
    unlock: async (username) => {
      await redis.del(keys.triesOfUser(username));
    },
  };
}

/** What counts as one address: an IPv4 address, or the /64 that one IPv6 customer has. */
export function toNetwork(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('%', 1)[0]?.split('::') ?? [];
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = plain.includes('::') ? Array(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':').toLowerCase()}::/64`;
}
