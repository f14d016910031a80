import { z } from 'zod';
import { FeedId, MediaObjectId, NodeId, ViewerId } from '#contract/ids.ts';
import { PurposeId } from '#contract/personal.ts';
import { RoleId, Scope } from '#contract/session.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';

/** Players that one session may have at the same time. */
export const MAX_PLAYERS_OF_SESSION = 16;
/** Players over all sessions: as many as fit on a handful of nodes. */
export const MAX_PLAYERS = 5_000;
/**
 * Whoever takes up a player has this long for it before somebody else may: three tries within the life of a grant are
 * left even then. Milliseconds.
 */
export const CLAIM_MS = 2_000;
/** Players taken up at once. */
export const CLAIM_BATCH = 200;

/** A standard player, as every replica knows it. */
export const Player = z.strictObject({
  viewerId: ViewerId,
  nodeId: NodeId,
  /** Null until the node has answered. */
  resourceId: MediaObjectId.nullable(),
  feedId: FeedId,
  sessionId: z.string().min(1).max(100),
  /** Who it plays for, as of its start; for the record. */
  person: z.strictObject({
    kind: z.literal('person'),
    username: z.string().min(1).max(64),
    role: RoleId,
    scope: Scope,
  }),
  startedAtMs: z.int(),
  /** What its area was opened for, as of its start. */
  purpose: PurposeId.optional(),
  /** Its end was decided, but its node could not be told yet: it is told again, and nothing is renewed. */
  isEnding: z.boolean().default(false),
});
export type Player = z.infer<typeof Player>;

const Ended = z.strictObject({ player: Player, toMs: z.int() });
type Ended = z.infer<typeof Ended>;

/** A player that has ended, and the member of the set that it is. */
export type EndedPlayer = Ended & { member: string };

/** Time to write an ended player into the audit before somebody else does. Milliseconds. */
const RECORD_MS = 10_000;

/** KEYS players, due, of-session, of-feed; ARGV viewerId, json, dueAt, most of a session, most of all. */
const BEGIN = defineScript(`
if redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[4]) or redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return 1
`);

/** KEYS players, due; ARGV viewerId, json or '' to leave it, dueAt. */
const KEEP = defineScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
`);

/** KEYS players, due, of-session, of-feed, ended; ARGV viewerId, ended player as JSON or '' when it never played, now. */
const END = defineScript(`
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('SREM', KEYS[4], ARGV[1])
if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 and ARGV[2] ~= '' then
  redis.call('ZADD', KEYS[5], ARGV[3], ARGV[2])
end
return 1
`);

/** KEYS ended; ARGV now, next due of what is taken up, most. Returns the members. */
const CLAIM_ENDED = defineScript(`
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(found) do redis.call('ZADD', KEYS[1], ARGV[2], member) end
return found
`);

/** KEYS players, due; ARGV now, next due of what is taken up, most. Returns JSON of players. */
const CLAIM = defineScript(`
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local json = redis.call('HGET', KEYS[1], id)
  if json then
    redis.call('ZADD', KEYS[2], ARGV[2], id)
    found[#found + 1] = json
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return found
`);

/** Players in Redis: none belongs to a replica, so that a replica can die at any moment. */
export class PlayerStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Notes a player before its node is asked. False when there are as many as there may be. */
  async begin(player: Player, dueAtMs: number): Promise<boolean> {
    const args = [player.viewerId, JSON.stringify(player), String(dueAtMs)];
    const limits = [String(MAX_PLAYERS_OF_SESSION), String(MAX_PLAYERS)];
    return (await runScript(this.#redis, BEGIN, keysOf(player), [...args, ...limits])) === 1;
  }

  /** Sets the player's next renewal, and what is known of it if that is given. False when it has ended in the meanwhile. */
  async keep(viewerId: ViewerId, dueAtMs: number, player?: Player): Promise<boolean> {
    const json = player ? JSON.stringify(player) : '';
    const args = [viewerId, json, String(dueAtMs)];
    return (await runScript(this.#redis, KEEP, [keys.players, keys.playersDue], args)) === 1;
  }

  /** Forgets a player; one that has played waits for the record. Again is no error. */
  async end(player: Player, nowMs: number): Promise<void> {
    const ended = player.resourceId === null ? '' : JSON.stringify({ player, toMs: nowMs } satisfies Ended);
    const all = [...keysOf(player), keys.playersEnded];
    await runScript(this.#redis, END, all, [player.viewerId, ended, String(nowMs)]);
  }

  /** Players that have ended and are not on record; nobody else gets them for {@link RECORD_MS}. */
  async claimEnded(nowMs: number): Promise<EndedPlayer[]> {
    const args = [nowMs, nowMs + RECORD_MS, CLAIM_BATCH].map(String);
    const members = await runScript(this.#redis, CLAIM_ENDED, [keys.playersEnded], args);
    return z
      .array(z.string())
      .parse(members)
      .flatMap((member) => {
        const ended = Ended.safeParse(parseJson(member));
        return ended.success ? [{ ...ended.data, member }] : [];
      });
  }

  /** They are on record. */
  async dropEnded(ended: readonly EndedPlayer[]): Promise<void> {
    if (ended.length > 0)
      await this.#redis.zRem(
        keys.playersEnded,
        ended.map(({ member }) => member),
      );
  }

  /** Players that are due; nobody else gets them for {@link CLAIM_MS}. */
  async claim(nowMs: number): Promise<Player[]> {
    const args = [nowMs, nowMs + CLAIM_MS, CLAIM_BATCH].map(String);
    return parse(await runScript(this.#redis, CLAIM, [keys.players, keys.playersDue], args));
  }

  async find(viewerId: ViewerId): Promise<Player | undefined> {
    return parse([await this.#redis.hGet(keys.players, viewerId)])[0];
  }

  async ofSession(sessionId: string): Promise<Player[]> {
    return this.#of([keys.playersOfSession(sessionId)]);
  }

  async ofFeeds(feedIds: readonly FeedId[]): Promise<Player[]> {
    return feedIds.length === 0 ? [] : this.#of(feedIds.map((feedId) => keys.playersOfFeed(feedId)));
  }

  async #of(sets: string[]): Promise<Player[]> {
    const viewerIds = await this.#redis.sUnion(sets);
    return viewerIds.length === 0 ? [] : parse(await this.#redis.hmGet(keys.players, viewerIds));
  }
}

function keysOf({ sessionId, feedId }: Pick<Player, 'sessionId' | 'feedId'>): string[] {
  return [keys.players, keys.playersDue, keys.playersOfSession(sessionId), keys.playersOfFeed(feedId)];
}

/** What cannot be read is of another version; its node ends it when its grant runs out. */
function parse(rows: unknown): Player[] {
  const found = z.array(z.string().nullish()).parse(rows);
  return found.flatMap((json) => {
    if (json === null || json === undefined) return [];
    const player = Player.safeParse(parseJson(json));
    return player.success ? [player.data] : [];
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
