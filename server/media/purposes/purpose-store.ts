import { z } from 'zod';
import { Instant } from '#contract/ids.ts';
import { PrivacyClass } from '#contract/nation.ts';
import { PurposeId } from '#contract/personal.ts';
import type { StatedPurpose } from '#contract/watch-purposes.ts';
import { SESSION_ABSOLUTE_MS } from '../../access/session.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import type { StatedPurposes } from './purpose-of.ts';

const Stored = z.partialRecord(PrivacyClass, z.string());
const One = z.strictObject({ purpose: PurposeId, since: Instant });

/** What sessions have said that they open areas for: once for each privacy class, until they end. */
export class PurposeStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** In the order of the classes. */
  async of(sessionId: string): Promise<StatedPurpose[]> {
    const stored = Stored.parse(await this.#redis.hGetAll(keys.watchPurposes(sessionId)));
    return PrivacyClass.options.flatMap((privacy) => {
      const json = stored[privacy];
      return json === undefined ? [] : [{ privacy, ...One.parse(JSON.parse(json)) }];
    });
  }

  /** The same, by class. */
  async byClass(sessionId: string): Promise<StatedPurposes> {
    return new Map((await this.of(sessionId)).map(({ privacy, purpose }) => [privacy, purpose]));
  }

  async state(sessionId: string, { privacy, ...one }: StatedPurpose): Promise<void> {
    const key = keys.watchPurposes(sessionId);
    await this.#redis
      .multi()
      .hSet(key, privacy, JSON.stringify(one))
      .pExpire(key, SESSION_ABSOLUTE_MS)
      .exec();
  }
}
