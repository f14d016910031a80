import { z } from 'zod';
import { type ChannelState, OutsideAlert } from '#contract/alerts.ts';
import { Instant } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

export type Channel = 'webhook' | 'push';

/** A message that is to leave the site. */
export const OutboxJob = z.strictObject({
  id: z.string().min(1).max(200),
  channel: z.enum(['webhook', 'push']),
  body: OutsideAlert,
  /** For push: whose, and which of their browsers. */
  to: z.strictObject({ username: z.string(), subscriptionId: z.string() }).optional(),
  attempts: z.int().min(0),
});
export type OutboxJob = z.infer<typeof OutboxJob>;

/** Messages that wait at most; beyond it the one that would have been tried next is given up. */
const MAX_WAITING = 10_000;
/** A message is not put in again within this time. */
const KNOWN_S = 7 * 86_400;

/** KEYS known, jobs, due, channels. ARGV id, JSON, ms, most, life (s), channel. */
const PUT = defineScript(`
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[5]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
while redis.call('ZCARD', KEYS[3]) > tonumber(ARGV[4]) do
  local first = redis.call('ZPOPMIN', KEYS[3])
  redis.call('HDEL', KEYS[2], first[1])
  redis.call('HINCRBY', KEYS[4], ARGV[6] .. ':dead', 1)
end
return 1
`);

/** KEYS jobs, due. ARGV now, until when whoever takes them has time, most. */
const TAKE = defineScript(`
local jobs = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
  local json = redis.call('HGET', KEYS[1], id)
  if json then
    redis.call('ZADD', KEYS[2], ARGV[2], id)
    jobs[#jobs + 1] = json
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return jobs
`);

/** KEYS jobs, due. ARGV id, JSON, ms. Not if it is done in the meantime. */
const AGAIN = defineScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
`);

/** Messages on their way out, and how the channels do. Methods throw what the connection throws while Redis is away. */
export class OutboxStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** False if it was put in before. */
  async put(job: OutboxJob, dueMs: number): Promise<boolean> {
    const reply = await runScript(
      this.#redis,
      PUT,
      [keys.outboxKnown(job.id), keys.outbox, keys.outboxDue, keys.outboxChannels],
      [job.id, JSON.stringify(job), String(dueMs), String(MAX_WAITING), String(KNOWN_S), job.channel],
    );
    return reply === 1;
  }

  async take(nowMs: number, untilMs: number, most: number): Promise<OutboxJob[]> {
    const args = [String(nowMs), String(untilMs), String(most)];
    const found = z
      .array(z.string())
      .parse(await runScript(this.#redis, TAKE, [keys.outbox, keys.outboxDue], args));
    return found.map((json) => OutboxJob.parse(JSON.parse(json)));
  }

  async again(job: OutboxJob, dueMs: number): Promise<void> {
    const args = [job.id, JSON.stringify(job), String(dueMs)];
    await runScript(this.#redis, AGAIN, [keys.outbox, keys.outboxDue], args);
  }

  async done(id: string): Promise<void> {
    await this.#redis.multi().hDel(keys.outbox, id).zRem(keys.outboxDue, id).exec();
  }

  async waiting(): Promise<number> {
    return this.#redis.zCard(keys.outboxDue);
  }

  async noteWorking(channel: Channel, at: string): Promise<void> {
    await this.#redis
      .multi()
      .hSet(keys.outboxChannels, `${channel}:working`, at)
      .hDel(keys.outboxChannels, `${channel}:failing`)
      .exec();
  }

  /** Notes a failure; the first of a row counts. */
  async noteFailing(channel: Channel, at: string): Promise<void> {
    await this.#redis.hSetNX(keys.outboxChannels, `${channel}:failing`, at);
  }

  async noteDead(channel: Channel): Promise<void> {
    await this.#redis.hIncrBy(keys.outboxChannels, `${channel}:dead`, 1);
  }

  async stateOf(channel: Channel): Promise<ChannelState> {
    const [working, failing, dead] = await this.#redis.hmGet(keys.outboxChannels, [
      `${channel}:working`,
      `${channel}:failing`,
      `${channel}:dead`,
    ]);
    const since = Instant.nullable().parse(failing ?? working ?? null);
    return {
      state: failing ? 'failing' : working ? 'working' : 'untried',
      since,
      dead: Number(dead ?? 0),
    };
  }
}
