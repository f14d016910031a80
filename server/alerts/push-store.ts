import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PushSubscriptionBody } from '#contract/alerts.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

/** A browser that takes pushes for somebody, for as long as the session may last that asked for it. */
const KeptSubscription = z.strictObject({
  id: z.string(),
  subscription: PushSubscriptionBody,
  /** The session's handle. */
  sessionId: z.string(),
  untilMs: z.int(),
});
export type KeptSubscription = z.infer<typeof KeptSubscription>;

/** Browsers of one person; the oldest one goes. */
const MAX_SUBSCRIPTIONS = 8;

const Owner = z.strictObject({ username: z.string(), id: z.string() });

/** Web Push subscriptions. Methods throw what the connection throws while Redis is away. */
export class PushStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Keeps a subscription; the same browser again takes its own place. Returns its id. */
  async add(
    username: string,
    { subscription, sessionId, untilMs }: Omit<KeptSubscription, 'id'>,
    nowMs: number,
  ): Promise<string> {
    const id = createHash('sha256').update(subscription.endpoint).digest('base64url').slice(0, 22);
    const kept: KeptSubscription = { id, subscription, sessionId, untilMs };
    await this.#redis.set(keys.pushSession(sessionId), JSON.stringify({ username, id }), {
      expiration: { type: 'PX', value: Math.max(1, untilMs - nowMs) },
    });
    await this.#redis.hSet(keys.alertPushes(username), id, JSON.stringify(kept));
    const all = (await this.of(username)).toSorted((a, b) => b.untilMs - a.untilMs);
    for (const { id: old } of all.slice(MAX_SUBSCRIPTIONS)) await this.remove(username, old);
    return id;
  }

  async of(username: string): Promise<KeptSubscription[]> {
    const found = await this.#redis.hVals(keys.alertPushes(username));
    return found.map((json) => KeptSubscription.parse(JSON.parse(json)));
  }

  async find(username: string, id: string): Promise<KeptSubscription | undefined> {
    const json = await this.#redis.hGet(keys.alertPushes(username), id);
    return json === null ? undefined : KeptSubscription.parse(JSON.parse(json));
  }

  async remove(username: string, id: string): Promise<void> {
    await this.#redis.hDel(keys.alertPushes(username), id);
  }

  /** Ends what a session subscribed to. */
  async endSession(sessionId: string): Promise<void> {
    const json = await this.#redis.get(keys.pushSession(sessionId));
    if (json === null) return;
    const { username, id } = Owner.parse(JSON.parse(json));
    const kept = await this.find(username, id);
    // The browser may have signed in anew since.
    if (kept?.sessionId === sessionId) await this.remove(username, id);
    await this.#redis.del(keys.pushSession(sessionId));
  }
}
