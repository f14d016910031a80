import type { FeedDemand, FeedRelease } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';
import type { FeedReport } from '#contract/registry.ts';

/** What of this node's feeds is to be written, since it was last written. */
export interface Batch {
  demands: readonly FeedDemand[];
  releases: readonly FeedRelease[];
  reports: readonly FeedReport[];
}

/** Where batches go. May reject; then the same is offered again, with what has changed meanwhile. */
export type WriteBatch = (batch: Batch) => Promise<void>;

type Asked = { kind: 'demand'; demand: FeedDemand } | { kind: 'release'; release: FeedRelease };

/** After a write has failed, the next one is tried after this time, if nothing else tries before. Milliseconds. */
const RETRY_MS = 500;

/**
 * Holds what is to be told about feeds until it is told. For each feed only the newest counts, so it is bounded by the
 * number of feeds however long Redis is away. One write at a time; changes meanwhile wait for the next one.
 */
export class Outbox implements Disposable {
  readonly #write: WriteBatch;
  readonly #standing = { demands: new Map<FeedId, FeedDemand>(), reports: new Map<FeedId, FeedReport>() };
  readonly #asked = new Map<FeedId, Asked>();
  readonly #reports = new Map<FeedId, FeedReport>();
  #writing: Promise<void> | undefined;
  #scheduled = false;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(write: WriteBatch) {
    this.#write = write;
  }

  get size(): number {
    return this.#asked.size + this.#reports.size;
  }

  /** What holds now, whether it has been written or not. */
  standing(): { demands: FeedDemand[]; reports: FeedReport[] } {
    const { demands, reports } = this.#standing;
    return { demands: [...demands.values()], reports: [...reports.values()] };
  }

  demand(demand: FeedDemand): void {
    this.#standing.demands.set(demand.feedId, demand);
    this.#asked.set(demand.feedId, { kind: 'demand', demand });
    this.#schedule();
  }

  release(release: FeedRelease): void {
    this.#standing.demands.delete(release.feedId);
    this.#asked.set(release.feedId, { kind: 'release', release });
    this.#schedule();
  }

  report(report: FeedReport): void {
    if (report.state === 'idle') this.#standing.reports.delete(report.feedId);
    else this.#standing.reports.set(report.feedId, report);
    this.#reports.set(report.feedId, report);
    this.#schedule();
  }

  /** Writes what is there, after a write that is going on. Never rejects. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#writing) return this.#writing;
    if (this.size === 0) return;
    clearTimeout(this.#retry);
    this.#writing = this.#writeNow();
    await this.#writing;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #writeNow(): Promise<void> {
    const asked = new Map(this.#asked);
    const reports = new Map(this.#reports);
    const all = [...asked.values()];
    try {
      await this.#write({
        demands: all.flatMap((item) => (item.kind === 'demand' ? [item.demand] : [])),
        releases: all.flatMap((item) => (item.kind === 'release' ? [item.release] : [])),
        reports: [...reports.values()],
      });
      forget(this.#asked, asked);
      forget(this.#reports, reports);
      if (this.size > 0) this.#schedule();
    } catch {
      // Redis is away; its connection says so in the log.
      if (!this.#closed) this.#retry = setTimeout(() => this.#schedule(), RETRY_MS);
    } finally {
      this.#writing = undefined;
    }
  }

  /** Collects what happens in one turn of the event loop: a page of tiles is one write. */
  #schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.flush();
    });
  }
}

function forget<V>(waiting: Map<FeedId, V>, written: ReadonlyMap<FeedId, V>): void {
  for (const [feedId, value] of written) if (waiting.get(feedId) === value) waiting.delete(feedId);
}
