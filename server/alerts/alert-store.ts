import { z } from 'zod';
import { Alert, type AlertId } from '#contract/alerts.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

/** Alerts of a person that are remembered, waiting or not: what is beyond goes as {@link PUT} says. */
export const MAX_KNOWN = 500;

/**
 * KEYS known, settled, queue, held, claims. ARGV id, JSON, ms, most, '1' to hold. Nothing if the alert is known: it was
 * told already, or waits. Of alerts beyond the bound those are forgotten first that nobody waits for, then canaries, then
 * the least urgent levels; of what is alike, the oldest. A digest is as urgent as the most urgent flag that it tells.
 */
const PUT = defineScript(`
if redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[1]) == 0 then return 0 end
redis.call('HSET', ARGV[5] == '1' and KEYS[4] or KEYS[3], ARGV[1], ARGV[2])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
if over <= 0 then return 1 end
local function forget(id)
  redis.call('ZREM', KEYS[1], id)
  for i = 2, 5 do redis.call('HDEL', KEYS[i], id) end
  over = over - 1
end
local waiting = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local json = redis.call('HGET', KEYS[3], id) or redis.call('HGET', KEYS[4], id)
  if json then
    waiting[#waiting + 1] = { id = id, json = json }
  else
    forget(id)
    if over == 0 then return 1 end
  end
end
local function level(alert)
  if alert.kind == 'canary' then return 5 end
  if alert.kind == 'flag' then return alert.severity end
  if alert.kind == 'watching' then return 3 end
  local least = 4
  for _, item in ipairs(alert.items) do least = math.min(least, item.severity) end
  return least
end
for _, one in ipairs(waiting) do one.level = level(cjson.decode(one.json)) end
for least = 5, 1, -1 do
  for _, one in ipairs(waiting) do
    if one.level == least then
      forget(one.id)
      if over == 0 then return 1 end
    end
  end
end
return 1
`);

/** KEYS queue, claims. ARGV now (ms), until (ms), page, ids. Gives those that no other page has claimed. */
const CLAIM = defineScript(`
local granted = {}
for i = 4, #ARGV do
  local id = ARGV[i]
  if redis.call('HEXISTS', KEYS[1], id) == 1 then
    local claim = redis.call('HGET', KEYS[2], id)
    local by, till
    if claim then by, till = string.match(claim, '^(%S+) (%d+)$') end
    if not claim or by == ARGV[3] or tonumber(till) <= tonumber(ARGV[1]) then
      redis.call('HSET', KEYS[2], id, ARGV[3] .. ' ' .. ARGV[2])
      granted[#granted + 1] = id
    end
  end
end
return granted
`);

/** KEYS known, settled, queue, held, claims. ARGV what became of them, ids. Gives those that were not settled before. */
const SETTLE = defineScript(`
local done = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  if redis.call('ZSCORE', KEYS[1], id) and redis.call('HSETNX', KEYS[2], id, ARGV[1]) == 1 then
    done[#done + 1] = id
  end
  for k = 3, 5 do redis.call('HDEL', KEYS[k], id) end
end
return done
`);

/**
 * KEYS known, settled, queue, held, claims. ARGV digest id, JSON, ms, what became of those held, ids. The digest takes the
 * place of what was held, if all of it still is.
 */
const RELEASE = defineScript(`
for i = 5, #ARGV do if redis.call('HEXISTS', KEYS[4], ARGV[i]) == 0 then return 0 end end
for i = 5, #ARGV do
  redis.call('HDEL', KEYS[4], ARGV[i])
  redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[4])
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
return 1
`);

const Ids = z.array(z.string());

/** What became of an alert: an instant, or the digest that tells it. */
const Settled = z.tuple([z.enum(['shown', 'answered', 'digest']), z.string()]);
export type Settled = z.infer<typeof Settled>;

export type AlertStanding = { state: 'waiting' | 'held' } | { state: 'shown' | 'answered'; at: string };

const personKeys = (username: string) => [
  keys.alertsKnown(username),
  keys.alertsSettled(username),
  keys.alertQueue(username),
  keys.alertsHeld(username),
  keys.alertClaims(username),
];

/** What waits for people. Methods throw what the connection throws while Redis is away. */
export class AlertStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Puts an alert into somebody's queue, or holds it. False if it was there before. */
  async put(username: string, alert: Alert, { hold }: { hold: boolean }): Promise<boolean> {
    const atMs = String(Date.parse(alert.at));
    const args = [alert.id, JSON.stringify(alert), atMs, String(MAX_KNOWN), hold ? '1' : '0'];
    return (await runScript(this.#redis, PUT, personKeys(username), args)) === 1;
  }

  /** What waits to be shown, oldest first. */
  async waiting(username: string): Promise<Alert[]> {
    return inOrder(await this.#redis.hVals(keys.alertQueue(username)));
  }

  /** What quiet hours hold, oldest first. */
  async held(username: string): Promise<Alert[]> {
    return inOrder(await this.#redis.hVals(keys.alertsHeld(username)));
  }

  /** Those of some alerts that this page may show. */
  async claim(
    username: string,
    ids: readonly AlertId[],
    { page, nowMs, untilMs }: { page: string; nowMs: number; untilMs: number },
  ): Promise<AlertId[]> {
    const args = [String(nowMs), String(untilMs), page, ...ids];
    const claimKeys = [keys.alertQueue(username), keys.alertClaims(username)];
    return Ids.parse(await runScript(this.#redis, CLAIM, claimKeys, args));
  }

  /** Takes alerts out, because they were shown or need not be any more. Gives those for which that is new. */
  async settle(username: string, ids: readonly AlertId[], what: Settled): Promise<AlertId[]> {
    if (ids.length === 0) return [];
    return Ids.parse(
      await runScript(this.#redis, SETTLE, personKeys(username), [JSON.stringify(what), ...ids]),
    );
  }

  /** Puts a digest in the place of held alerts. False if some of them are not held any more. */
  async release(username: string, digest: Alert, ids: readonly AlertId[]): Promise<boolean> {
    const became = JSON.stringify(['digest', digest.id] satisfies Settled);
    const args = [digest.id, JSON.stringify(digest), String(Date.parse(digest.at)), became, ...ids];
    return (await runScript(this.#redis, RELEASE, personKeys(username), args)) === 1;
  }

  /** What became of an alert. */
  async standing(username: string, id: AlertId): Promise<AlertStanding> {
    const settled = await this.#redis.hGet(keys.alertsSettled(username), id);
    if (settled !== null) {
      const [state, value] = Settled.parse(JSON.parse(settled));
      // A digest is never part of another one.
      return state === 'digest' ? this.standing(username, value) : { state, at: value };
    }
    return { state: (await this.#redis.hExists(keys.alertsHeld(username), id)) ? 'held' : 'waiting' };
  }
}

function inOrder(stored: readonly string[]): Alert[] {
  return stored
    .map((json) => Alert.parse(JSON.parse(json)))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
}
