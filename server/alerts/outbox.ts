import { type Repeated, repeat } from '../concurrency/repeat.ts';
import { backoffMs, MAX_ATTEMPTS } from './backoff.ts';
import type { Channel, OutboxJob, OutboxStore } from './outbox-store.ts';

/** `sent`; `over`: nobody needs it any more, or the address is gone; `failed`: to be tried again. */
export type SendResult = { kind: 'sent' } | { kind: 'over' } | { kind: 'failed'; why: string };

const POLL_MS = 500;
/** Whoever takes messages has so long to send them; then another replica sends them as well. */
const TAKEN_MS = 20_000;
const MAX_TAKEN = 16;
/** A channel is called failing from this attempt on: one that did not work is no news. */
const FAILING_FROM = 3;

export interface OutboxOptions {
  store: OutboxStore;
  send: Readonly<Record<Channel, (job: OutboxJob, signal: AbortSignal) => Promise<SendResult>>>;
  /** Sooner or later than planned, so that what failed together is not tried together. 0 to 1. */
  random(): number;
  now: () => number;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/**
 * Sends what is to leave the site, at least once: receivers tell repeated messages by their id. Messages wait in Redis
 * and are tried again later and later; after {@link MAX_ATTEMPTS} they are given up, which the path's sign says.
 */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #polling: Repeated;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#polling = repeat((signal) => this.#poll(signal), {
      everyMs: POLL_MS,
      onError: (error) => options.log.warn({ err: error }, 'messages cannot be sent out now'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#polling[Symbol.asyncDispose]();
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { store, now } = this.#options;
    const jobs = await store.take(now(), now() + TAKEN_MS, MAX_TAKEN);
    await Promise.all(jobs.map((job) => this.#send(job, signal)));
  }

  async #send(job: OutboxJob, signal: AbortSignal): Promise<void> {
    const { store, send, now, random, log } = this.#options;
    const { channel } = job;
    const result = await send[channel](job, signal);
    // What was cut off by the stop of this replica is sent by another one.
    if (signal.aborted && result.kind === 'failed') return;
    const at = new Date(now()).toISOString();
    if (result.kind !== 'failed') {
      await store.done(job.id);
      if (result.kind === 'sent') await store.noteWorking(channel, at);
      return;
    }
    const attempts = job.attempts + 1;
    if (attempts >= FAILING_FROM) await store.noteFailing(channel, at);
    if (attempts >= MAX_ATTEMPTS) {
      await store.done(job.id);
      await store.noteDead(channel);
      log.error({ channel, job: job.id, why: result.why }, 'a message out of the site was given up');
      return;
    }
    log.warn({ channel, job: job.id, attempts, why: result.why }, 'a message out of the site did not go');
    await store.again({ ...job, attempts }, now() + backoffMs(attempts, random()));
  }
}
