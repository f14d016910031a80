import type { Redis } from '../../adapters/redis/connect.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';

const RENEW = defineScript(`
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
const RELEASE = defineScript(`
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])
`);

interface LeaseOptions {
  key: string;
  holder: string;
  ttlMs: number;
}

/** A piece of work that one replica does at a time, as far as clocks allow; the work itself has to bear two. */
export interface Lease {
  /** Takes the lease if nobody has it, or keeps it. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

export function createLease(redis: Redis, { key, holder, ttlMs }: LeaseOptions): Lease {
  return {
    hold: async () => {
      const taken = await redis.set(key, holder, {
        condition: 'NX',
        expiration: { type: 'PX', value: ttlMs },
      });
      return taken !== null || (await runScript(redis, RENEW, [key], [holder, String(ttlMs)])) === 1;
    },
    release: async () => {
      await runScript(redis, RELEASE, [key], [holder]);
    },
  };
}
