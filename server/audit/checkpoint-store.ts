import { z } from 'zod';
import { type AuditChain, AuditCheckpoint, AuditEntry } from '#contract/audit.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA, streamIdOf } from './append.ts';
import { formatHead, parseHead } from './chain.ts';
import type { Heads } from './checkpoint.ts';

const Stored = z.object({ json: z.string() });

/** KEYS stream, head. ARGV expected head, new head, stream id, checkpoint. Returns whether it was written. */
const ADD = defineScript(`${AUDIT_LUA}
if not audit_fits(KEYS[2], ARGV[1]) then return 0 end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return 1
`);

/** Signed checkpoints in Redis, and what they are made of. Methods throw what the connection throws. */
export class CheckpointStore {
  readonly #redis: Redis;
  readonly #chains: readonly AuditChain[];

  constructor(redis: Redis, chains: readonly AuditChain[]) {
    this.#redis = redis;
    this.#chains = chains;
  }

  async last(): Promise<AuditCheckpoint | undefined> {
    const [newest] = await this.read({ order: 'desc', limit: 1 });
    return newest;
  }

  /** Checkpoints in an order, after a number (asc) or before it (desc). */
  async read(query: { order: 'asc' | 'desc'; after?: number; limit: number }): Promise<AuditCheckpoint[]> {
    const from = query.after === undefined ? undefined : `(${streamIdOf(query.after)}`;
    const options = { COUNT: query.limit };
    const found =
      query.order === 'asc'
        ? await this.#redis.xRange(keys.auditCheckpoints, from ?? '-', '+', options)
        : await this.#redis.xRevRange(keys.auditCheckpoints, from ?? '+', '-', options);
    return (found ?? []).map(({ message }) => AuditCheckpoint.parse(JSON.parse(Stored.parse(message).json)));
  }

  /** Adds a checkpoint after the one that it follows. False if another replica has added one. */
  async add(checkpoint: AuditCheckpoint): Promise<boolean> {
    const before = formatHead({ seq: checkpoint.seq - 1, hash: checkpoint.prevHash });
    const reply = await runScript(
      this.#redis,
      ADD,
      [keys.auditCheckpoints, keys.auditCheckpointHead],
      [before, formatHead(checkpoint), streamIdOf(checkpoint.seq), JSON.stringify(checkpoint)],
    );
    return reply === 1;
  }

  /** The heads of all chains. Each was its chain's head at some instant of the reading. */
  async heads(): Promise<Heads> {
    const texts = await Promise.all(this.#chains.map((chain) => this.#redis.get(keys.auditHead(chain))));
    return Object.fromEntries(
      this.#chains.flatMap((chain, index) => {
        const head = parseHead(texts[index] ?? '');
        return head.seq === 0 ? [] : [[chain, { seq: head.seq, hash: head.hash }]];
      }),
    );
  }

  /** The hash that a chain's entry has now. */
  async entryHash(chain: AuditChain, seq: number): Promise<string | undefined> {
    const id = streamIdOf(seq);
    const [found] = (await this.#redis.xRange(keys.audit(chain), id, id)) ?? [];
    return found && AuditEntry.safeParse(JSON.parse(Stored.parse(found.message).json)).data?.hash;
  }

  /** The number of the last checkpoint that a witness outside has taken. */
  async witnessed(): Promise<number> {
    return Number((await this.#redis.get(keys.auditWitnessed)) ?? 0);
  }

  async setWitnessed(seq: number): Promise<void> {
    await this.#redis.set(keys.auditWitnessed, String(seq));
  }
}
