import type { AuditLog } from '../../audit/audit.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { Log } from '../ports.ts';
import { type Look, RecentLooks, toLookDrafts } from './looks.ts';

/** Looks are written together, this often. */
const FLUSH_MS = 3_000;
/** Looks that may wait for the audit. Beyond, no still is given. */
const MAX_PENDING = 20_000;

interface LookLogOptions {
  audit: Pick<AuditLog, 'append'>;
  log: Log;
  now(): number;
}

/**
 * Records who was given which still, in the audit chain of the feed's region. A still is no viewing: nobody knows from
 * when to when it was on a screen. So it has an action of its own, once a minute for the same person and feed.
 */
export class LookLog implements AsyncDisposable {
  readonly #options: LookLogOptions;
  readonly #flushing: Repeated;
  readonly #recent = new RecentLooks();
  #pending: Look[] = [];

  constructor(options: LookLogOptions) {
    this.#options = options;
    this.#flushing = repeat(() => this.#flush(), {
      everyMs: FLUSH_MS,
      onError: (error) => options.log.warn({ err: error }, 'looks at stills not written yet'),
    });
  }

  /** False when so much waits for the audit that nothing more may be shown: what is seen must be on record. */
  get hasRoom(): boolean {
    return this.#pending.length < MAX_PENDING;
  }

  note(look: Look): void {
    if (this.#recent.isNew(look, this.#options.now())) this.#pending.push(look);
  }

  /** Writes what waits, as far as the audit can be reached. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flushing[Symbol.asyncDispose]();
    await this.#flush().catch((error: unknown) =>
      this.#options.log.error(
        { err: error, lost: this.#pending.length },
        'looks at stills not written at the end',
      ),
    );
  }

  async #flush(): Promise<void> {
    const looks = this.#pending;
    if (looks.length === 0) return;
    this.#pending = [];
    const drafts = toLookDrafts(looks);
    const results = await Promise.allSettled(
      drafts.map(({ regionId, draft }) => this.#options.audit.append(regionId, draft)),
    );
    const failed = drafts.filter((_, index) => results[index]?.status === 'rejected');
    if (failed.length === 0) return;
    this.#pending = [...failed.flatMap((one) => one.looks), ...this.#pending];
    const reason = results.find((result) => result.status === 'rejected');
    throw new Error(`${failed.length} audit entries failed`, { cause: reason?.reason });
  }
}
