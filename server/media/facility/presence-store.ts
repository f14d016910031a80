import { z } from 'zod';
import type { FeedId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';

/** A replica that has not said for this long what is connected to it is gone, and all that was. */
const REPLICA_LIFE_MS = 10_000;

/** Is in every replica's set: Redis keeps no empty one. No feed is called so. */
const MARK = '#';

/**
 * KEYS set of the replica, replicas, known, version. ARGV replica, time to live (ms), `all` or `change`, number of feeds that
 * came; then these, and those that went. Returns 0 when a change is told of a set that is not there any more.
 */
const TELL = defineScript(`
if ARGV[3] == 'all' then
  redis.call('DEL', KEYS[1])
  redis.call('SADD', KEYS[1], '${MARK}')
elseif redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local gone_from = 5 + tonumber(ARGV[4])
for i = 5, gone_from - 1 do
  redis.call('SADD', KEYS[1], ARGV[i])
  redis.call('SADD', KEYS[3], ARGV[i])
end
for i = gone_from, #ARGV do redis.call('SREM', KEYS[1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
if ARGV[3] == 'all' or #ARGV > 4 then redis.call('INCR', KEYS[4]) end
return 1
`);

/** Says in Redis which feeds have their equipment connected to this replica, for as long as it goes on saying so. */
export class PresenceWriter {
  readonly #redis: Redis;
  readonly #replicaId: string;
  #told: ReadonlySet<FeedId> | undefined;

  constructor({ redis, replicaId }: { redis: Redis; replicaId: string }) {
    this.#redis = redis;
    this.#replicaId = replicaId;
  }

  /** To be called every few seconds, and whenever it has changed. Throws while Redis is away. */
  async tell(feedIds: Iterable<FeedId>): Promise<void> {
    const present = new Set(feedIds);
    const told = this.#told;
    // Until it is through, nobody knows what is there.
    this.#told = undefined;
    const isTold =
      told !== undefined && (await this.#tell('change', present.difference(told), told.difference(present)));
    if (!isTold) await this.#tell('all', present, new Set());
    this.#told = present;
  }

  async #tell(how: 'all' | 'change', came: ReadonlySet<FeedId>, went: ReadonlySet<FeedId>): Promise<boolean> {
    const reply = await runScript(
      this.#redis,
      TELL,
      [keys.equipmentOf(this.#replicaId), keys.equipmentReplicas, keys.equipmentKnown, keys.equipmentVersion],
      [this.#replicaId, String(REPLICA_LIFE_MS), how, String(came.size), ...came, ...went],
    );
    return z.int().parse(reply) === 1;
  }
}

/** Reads which feeds have lost their equipment: it was connected to some replica once, and is to none now. */
export class PresenceReader {
  readonly #redis: Redis;
  #known: { as: string; absent: ReadonlySet<FeedId> } | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Cheap while nothing has changed. Throws while Redis is away. */
  async absent(): Promise<ReadonlySet<FeedId>> {
    const redis = this.#redis;
    // The version before what it stands for: what changes meanwhile is read the next time.
    const version = await redis.get(keys.equipmentVersion);
    const replicaIds = await redis.sMembers(keys.equipmentReplicas);
    const isThere = await Promise.all(replicaIds.map((id) => redis.exists(keys.equipmentOf(id))));
    const [living, gone] = [1, 0].map((is) => replicaIds.filter((_, index) => isThere[index] === is));
    if (gone && gone.length > 0) await redis.sRem(keys.equipmentReplicas, gone);
    const as = JSON.stringify([version, living?.toSorted()]);
    if (this.#known?.as === as) return this.#known.absent;
    const [known, ...present] = await Promise.all(
      [keys.equipmentKnown, ...(living ?? []).map(keys.equipmentOf)].map((key) => redis.sMembers(key)),
    );
    const absent = new Set(known).difference(new Set(present.flat()));
    this.#known = { as, absent };
    return absent;
  }
}
