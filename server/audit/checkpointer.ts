import type { AuditChain, AuditCheckpoint } from '#contract/audit.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import { chainsThatChanged, type Heads, isCheckpointDue, isSigned, nextCheckpoint } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { AuditSigner } from './signing-key.ts';

interface CheckpointerOptions {
  store: CheckpointStore;
  signer: AuditSigner;
  /** A checkpoint is signed so often, if anything was written; ms. */
  everyMs: number;
  /** Gives a checkpoint to somebody outside; throws when it was not taken. */
  witness: ((checkpoint: AuditCheckpoint) => Promise<void>) | undefined;
  now: () => number;
  log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** How often it is asked whether a checkpoint is due: it is later by so much at the most. */
const ASK_MS = 10_000;
/** Checkpoints that a witness is given in one go after it was away. */
const MAX_CATCH_UP = 100;
/** Attempts to sign what is there now, while other replicas sign as well. */
const MAX_ATTEMPTS = 5;

/**
 * Signs checkpoints of the audit. Every replica runs one; a comparison in Redis lets one of them win. It signs nothing
 * that contradicts what was signed before: a record that was tampered with gets no new signature, and is told of.
 */
export class Checkpointer implements AsyncDisposable {
  readonly #options: CheckpointerOptions;
  readonly #asking: Repeated;
  #changed: readonly AuditChain[] = [];

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#asking = repeat(() => this.#ask(), {
      everyMs: Math.min(ASK_MS, options.everyMs),
      onError: (error) => options.log.warn({ err: error }, 'the audit cannot be signed now'),
    });
  }

  /** Chains that are not what was signed of them, as last seen. */
  get changedChains(): readonly AuditChain[] {
    return this.#changed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#asking[Symbol.asyncDispose]();
  }

  /**
   * Signs everything that is written by now, for whoever takes the audit away: what is left out of their copy afterwards is
   * missed. Signs nothing when the record is not what was signed.
   */
  async signNow(): Promise<void> {
    const { store, now } = this.#options;
    const wanted = await store.heads();
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const last = await store.last();
      if (isSigned(last, wanted)) return;
      if (await this.#sign(last, await store.heads(), now())) return;
      if (this.#changed.length > 0) return;
    }
  }

  async #ask(): Promise<void> {
    const { store, everyMs, now } = this.#options;
    const last = await store.last();
    const heads = await store.heads();
    const nowMs = now();
    if (isCheckpointDue(last, heads, { nowMs, everyMs })) await this.#sign(last, heads, nowMs);
    await this.#tellWitness();
  }

  /** False when the record is not what was signed, or when another replica has signed in between. */
  async #sign(last: AuditCheckpoint | undefined, heads: Heads, atMs: number): Promise<boolean> {
    const { store, signer, log } = this.#options;
    this.#changed = await chainsThatChanged(last, (chain, seq) => store.entryHash(chain, seq));
    if (this.#changed.length === 0) return store.add(nextCheckpoint(last, heads, { signer, atMs }));
    log.error({ chains: this.#changed }, 'the audit is not what was signed: nothing more is signed');
    return false;
  }

  /** Gives the witness what it has not taken yet, in order. It may be given one twice, which changes nothing. */
  async #tellWitness(): Promise<void> {
    const { store, witness } = this.#options;
    if (!witness) return;
    const after = await store.witnessed();
    for (const checkpoint of await store.read({ order: 'asc', after, limit: MAX_CATCH_UP })) {
      await witness(checkpoint);
      await store.setWitnessed(checkpoint.seq);
    }
  }
}
