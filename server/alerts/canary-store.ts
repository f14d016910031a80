import { z } from 'zod';
import { Instant } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

/** Canaries that are kept, for the path's last days. */
const MAX_KEPT = 48;
const SHOWN_LIFE_S = 7 * 86_400;

/** A canary: made once for its slot, whichever replica does it. */
export const Canary = z.strictObject({
  slotMs: z.int(),
  at: Instant,
  recipients: z.array(z.string()),
  /** It is in the queues of all recipients. */
  handed: z.boolean(),
});
export type Canary = z.infer<typeof Canary>;

/** Canaries in Redis. Methods throw what the connection throws while Redis is away. */
export class CanaryStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async read(slotMs: number): Promise<Canary | undefined> {
    const json = await this.#redis.hGet(keys.canaries, String(slotMs));
    return json === null ? undefined : Canary.parse(JSON.parse(json));
  }

  /** Makes the canary of a slot; the one that is there, if another replica was faster. */
  async make(canary: Canary): Promise<Canary> {
    await this.#redis.hSetNX(keys.canaries, String(canary.slotMs), JSON.stringify(canary));
    await this.#forgetOld();
    return (await this.read(canary.slotMs)) ?? canary;
  }

  async markHanded(canary: Canary): Promise<void> {
    await this.#redis.hSet(
      keys.canaries,
      String(canary.slotMs),
      JSON.stringify({ ...canary, handed: true } satisfies Canary),
    );
  }

  /** Notes that a page of somebody has shown a canary. */
  async markShown(slotMs: number, username: string, at: string): Promise<void> {
    const key = keys.canaryShown(slotMs);
    // In one piece: whoever sees that it was shown sees the time of it as well.
    await this.#redis.multi().sAdd(key, username).expire(key, SHOWN_LIFE_S).set(keys.canaryProved, at).exec();
  }

  /** The last canary, on whose pages it was shown, and when any was shown last. */
  async last(): Promise<{ canary: Canary | undefined; shownBy: string[]; provedAt: string | null }> {
    const slots = (await this.#redis.hKeys(keys.canaries)).map(Number);
    const slotMs = slots.length === 0 ? undefined : Math.max(...slots);
    const canary = slotMs === undefined ? undefined : await this.read(slotMs);
    const shownBy = slotMs === undefined ? [] : await this.#redis.sMembers(keys.canaryShown(slotMs));
    const proved = await this.#redis.get(keys.canaryProved);
    return { canary, shownBy, provedAt: proved === null ? null : Instant.parse(proved) };
  }

  async #forgetOld(): Promise<void> {
    const slots = (await this.#redis.hKeys(keys.canaries)).toSorted((a, b) => Number(b) - Number(a));
    const old = slots.slice(MAX_KEPT);
    if (old.length > 0) await this.#redis.hDel(keys.canaries, old);
  }
}
