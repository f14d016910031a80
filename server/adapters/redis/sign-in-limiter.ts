import { isIPv6 } from 'node:net';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { SignInLimiter } from '../../access/sign-in.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

const WINDOW_SECONDS = 15 * 60;

/** Tries in a window. Whoever signs in gets the tries of their user name back. */
const TRIES = {
  /** One user name from one address: somebody who has forgotten a password needs a few. */
  userAtAddress: 10,
  /** One address: a duty centre behind one address signs in more than once a minute at shift change. */
  address: 100,
  /** One user name from anywhere: NIST SP 800-63B §5.2.2 allows at most 100 failures in a row on one account. */
  user: 100,
} as const;

/** Counts sign-ins in Redis, the same for all replicas. Throws when Redis is away: no counting, no guessing. */
export function createSignInLimiter(redis: Redis): SignInLimiter {
  const limiter = (name: keyof typeof TRIES) =>
    new RateLimiterRedis({
      storeClient: redis,
      useRedisPackage: true,
      keyPrefix: `${keys.rateLimitPrefix}sign-in:${name}`,
      points: TRIES[name],
      duration: WINDOW_SECONDS,
    });
  const userAtAddress = limiter('userAtAddress');
  const address = limiter('address');
  const user = limiter('user');

  const both = (username: string, from: string) => `${username}@${toNetwork(from)}`;
  return {
    take: async (username, from) => {
      try {
        await address.consume(toNetwork(from));
        await userAtAddress.consume(both(username, from));
        await user.consume(username);
        return undefined;
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) return { retryAfterMs: thrown.msBeforeNext };
        throw thrown;
      }
    },
    forgive: async (username, from) => {
      await userAtAddress.delete(both(username, from));
      await user.delete(username);
      await address.reward(toNetwork(from));
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
