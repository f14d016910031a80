import { z } from 'zod';
import { FeedHealth } from '#contract/feeds.ts';
import { type FeedId, Instant, type NodeId } from '#contract/ids.ts';
import { MaskRegion } from '#contract/nation.ts';
import { POSTER_LIFE_S, SFU_KEYS } from '#contract/registry.ts';
import { type Redis, withBytes } from '../../adapters/redis/connect.ts';
import type { Now } from '../ports.ts';

/** The last still of a feed, and when its picture was taken. */
export interface Poster {
  jpeg: Buffer;
  at: string;
  /** What a node covered of it; nothing, if that cannot be read. */
  masks: readonly MaskRegion[];
}

const StoredPoster = z.tuple([z.instanceof(Buffer), z.instanceof(Buffer), z.instanceof(Buffer).nullable()]);
const StoredMasks = z.array(MaskRegion).max(64);

/** What sfu nodes leave in Redis of the pictures that they carry. Throws what the connection throws. */
export class PosterStore {
  readonly #redis: Redis;
  readonly #now: Now;

  constructor(redis: Redis, now: Now) {
    this.#redis = redis;
    this.#now = now;
  }

  /** Undefined when there is no still, or none that can be read. */
  async poster(feedId: FeedId): Promise<Poster | undefined> {
    const reply: unknown = await withBytes(this.#redis).hmGet(SFU_KEYS.poster(feedId), [
      'jpeg',
      'at',
      'masks',
    ]);
    const stored = StoredPoster.safeParse(reply);
    if (!stored.success) return undefined;
    const [jpeg, at, masks] = stored.data;
    const instant = Instant.safeParse(at.toString());
    return instant.success ? { jpeg, at: instant.data, masks: parseMasks(masks) } : undefined;
  }

  /** Takes the stills of these feeds away, and those that were taken before now but are still on their way. */
  async erase(feedIds: readonly FeedId[]): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const erasing = feedIds.map((feedId) => {
      const key = SFU_KEYS.poster(feedId);
      return this.#redis.multi().hDel(key, 'jpeg').hSet(key, { at }).expire(key, POSTER_LIFE_S).exec();
    });
    await Promise.all(erasing);
  }

  /** The newest figures that any of these nodes has of a feed. */
  async health(feedId: FeedId, nodeIds: Iterable<NodeId>): Promise<FeedHealth | undefined> {
    const replies = await Promise.all(
      Array.from(nodeIds, (nodeId) => this.#redis.hGet(SFU_KEYS.health(nodeId), feedId)),
    );
    const known = replies.flatMap((json) => parseHealth(json));
    return known.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  }
}

function parseMasks(json: Buffer | null): readonly MaskRegion[] {
  try {
    return StoredMasks.parse(JSON.parse(json?.toString() ?? '[]'));
  } catch {
    return [];
  }
}

function parseHealth(json: string | null): FeedHealth[] {
  if (json === null) return [];
  try {
    return [FeedHealth.parse(JSON.parse(json))];
  } catch {
    return [];
  }
}
