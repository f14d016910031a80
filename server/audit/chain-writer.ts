import { z } from 'zod';
import type { AuditChain, AuditEntry } from '#contract/audit.ts';
import { VartaError } from '#contract/errors.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { runScript } from '../adapters/redis/script.ts';
import { APPEND, chainKeys, streamIdOf, toPrepared } from './append.ts';
import type { AuditDraft, CommitResult, PreparedEntry } from './audit.ts';
import { formatHead, type Head, nextEntry, parseHead } from './chain.ts';

/** Attempts before a chain that others keep moving is given up for now. */
const MAX_ATTEMPTS = 50;
/** Entries that one script appends; keeps it well under a millisecond of Redis's time. */
const MAX_BATCH = 128;
/** Entries and commits that may wait for their turn; beyond it callers are refused with `limit_reached`. */
const MAX_WAITING = 10_000;

const AppendReply = z.tuple([z.union([z.literal(0), z.literal(1)]), z.string()]);

/** One try to write on a head: somebody else had moved it, or this is the head now. */
type Attempt<T> = { headMoved: string } | { result: T; head: Head };

interface Waiting {
  draft: AuditDraft;
  resolve(entry: AuditEntry): void;
  reject(reason: unknown): void;
}

/**
 * Writes one chain. Within the process writers take turns, so that they do not spoil each other's heads; between
 * replicas the script's comparison decides, and the loser tries again on the head that it is told.
 */
export class ChainWriter {
  readonly #redis: Redis;
  readonly #chain: AuditChain;
  readonly #now: () => number;
  #head: Head | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting: Waiting[] = [];
  #turns = 0;

  constructor(redis: Redis, chain: AuditChain, now: () => number) {
    this.#redis = redis;
    this.#chain = chain;
    this.#now = now;
  }

  append(draft: AuditDraft): Promise<AuditEntry> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ draft, resolve, reject });
      if (this.#waiting.length === 1) void this.#takeTurn(() => this.#flush());
    });
  }

  withEntry<T>(draft: AuditDraft, commit: (prepared: PreparedEntry) => Promise<CommitResult<T>>): Promise<T> {
    if (this.#turns >= MAX_WAITING) return Promise.reject(tooMany());
    return this.#takeTurn(() =>
      this.#onHead(async (head) => {
        const entry = nextEntry(this.#chain, head, draft, this.#now());
        const outcome = await commit(toPrepared(head, entry));
        if ('headMoved' in outcome) return outcome;
        return { result: outcome.result, head: outcome.appended ? entry : head };
      }),
    );
  }

  /** Waits until everything that was accepted is written or refused. */
  async drained(): Promise<void> {
    while (this.#turns > 0) await this.#tail;
  }

  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#turns += 1;
    const turn = this.#tail.then(work).finally(() => {
      this.#turns -= 1;
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MAX_BATCH);
      try {
        const entries = await this.#onHead((head) => this.#appendAll(head, batch));
        batch.forEach(({ resolve }, index) => {
          const entry = entries[index];
          if (entry) resolve(entry);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.#waiting = this.#waiting.slice(batch.length);
    }
  }

  async #appendAll(head: Head, batch: readonly Waiting[]): Promise<Attempt<AuditEntry[]>> {
    const entries: AuditEntry[] = [];
    let last = head;
    for (const { draft } of batch) {
      const entry = nextEntry(this.#chain, last, draft, this.#now());
      entries.push(entry);
      last = entry;
    }
    const reply = await runScript(this.#redis, APPEND, chainKeys(this.#chain), [
      formatHead(head),
      formatHead(last),
      ...entries.flatMap((entry) => [streamIdOf(entry.seq), JSON.stringify(entry)]),
    ]);
    const [written, newHead] = AppendReply.parse(reply);
    if (written === 0) return { headMoved: newHead };
    return { result: entries, head: last };
  }

  /** Runs a commit on the head as last known, again for as long as somebody else has moved it. */
  async #onHead<T>(attempt: (head: Head) => Promise<Attempt<T>>): Promise<T> {
    // Until the outcome is known, the head is not: a lost connection may hide a success.
    let head = this.#head ?? parseHead((await this.#redis.get(keys.auditHead(this.#chain))) ?? '');
    this.#head = undefined;
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const outcome = await attempt(head);
      if ('headMoved' in outcome) {
        head = parseHead(outcome.headMoved);
        continue;
      }
      this.#head = outcome.head;
      return outcome.result;
    }
    throw new VartaError('limit_reached', 'the audit chain is too busy');
  }
}

function tooMany(): VartaError {
  return new VartaError('limit_reached', 'too many audit entries are waiting to be written');
}
