import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { AUDIT_EXPORT_FORMAT, type AuditChain, AuditEntry, type AuditExportLine } from '#contract/audit.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { CheckpointStore } from './checkpoint-store.ts';

const Stored = z.object({ json: z.string() });
/** Entries and checkpoints that are read at once. */
const PAGE = 1_000;

export interface ExportOptions {
  redis: Redis;
  store: CheckpointStore;
  /** Which chains are wanted. */
  chains: readonly AuditChain[];
  nation: string;
  atMs: number;
}

/** The lines of an export. What is written while it goes on may be in it or not; a chain's entries are without a gap. */
export async function* exportLines(options: ExportOptions): AsyncGenerator<AuditExportLine> {
  const { redis, store, chains, nation, atMs } = options;
  yield { format: AUDIT_EXPORT_FORMAT, nation, exportedAt: new Date(atMs).toISOString() };
  let checkpoints = 0;
  for (let after = 0; ; ) {
    const page = await store.read({ order: 'asc', after, limit: PAGE });
    for (const checkpoint of page) yield { checkpoint };
    checkpoints += page.length;
    if (page.length < PAGE) break;
    after = page.at(-1)?.seq ?? after;
  }
  let entries = 0;
  for (const chain of chains)
    for await (const entry of entriesOf(redis, chain)) {
      entries += 1;
      yield { entry };
    }
  yield { entries, checkpoints };
}

async function* entriesOf(redis: Redis, chain: AuditChain): AsyncGenerator<AuditEntry> {
  for (let from = '-'; ; ) {
    const page = (await redis.xRange(keys.audit(chain), from, '+', { COUNT: PAGE })) ?? [];
    for (const { message } of page) yield AuditEntry.parse(JSON.parse(Stored.parse(message).json));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `(${last.id}`;
  }
}

/** Writes lines of JSON as fast as they are taken, until there are no more or nobody takes them. */
export async function writeLines(lines: AsyncIterable<object>, to: Writable): Promise<void> {
  for await (const line of lines) {
    if (to.destroyed) return;
    if (!to.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
  }
  to.end();
}
