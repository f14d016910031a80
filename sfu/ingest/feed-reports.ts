import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedReport } from '#contract/registry.ts';
import { type FeedState, flowingLayers } from './feed-state.ts';

/** Who knows of a fault: who sends the feed says it, or it is seen in what comes in. */
export type Witness = 'said' | 'seen';

interface FeedReportsOptions {
  info: GrantedFeed;
  /** Another node is its home, and tells how it is. */
  isRelayed: boolean;
  report(report: Omit<FeedReport, 'nodeId'>): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What is wrong with a feed, and what the servers are told of it. */
export class FeedReports {
  readonly #options: FeedReportsOptions;
  /** Since when (milliseconds since 1970) and by whom, by fault. */
  readonly #faults = new Map<FeedFault, { since: number; by: Set<Witness> }>();
  #toldOfRelay = false;
  #isOver = false;

  constructor(options: FeedReportsOptions) {
    this.#options = options;
  }

  /** Since when it has a fault, in milliseconds since 1970; undefined while it has none. */
  faultSince(fault: FeedFault): number | undefined {
    return this.#faults.get(fault)?.since;
  }

  /** What is wrong with it now. */
  get faults(): readonly FeedFault[] {
    return [...this.#faults.keys()];
  }

  /** Notes what one knows of a fault. It is there for as long as one of them says so. @returns whether that is news. */
  setFault(fault: FeedFault, isThere: boolean, by: Witness): boolean {
    const known = this.#faults.get(fault);
    if (isThere) {
      if (known) known.by.add(by);
      else this.#faults.set(fault, { since: this.#options.now(), by: new Set([by]) });
      return known === undefined;
    }
    known?.by.delete(by);
    return known?.by.size === 0 && this.#faults.delete(fault);
  }

  /** Forgets a fault, whoever knows of it. @returns whether it was there. */
  forgetFault(fault: FeedFault): boolean {
    return this.#faults.delete(fault);
  }

  /** Tells how it is. Of a relayed feed its home tells that; from here comes only what was found in its pictures. */
  tell(state: FeedState): void {
    if (this.#isOver) return;
    if (!this.#options.isRelayed) {
      this.#send(state.state, state);
      return;
    }
    const isFaulty = this.#faults.size > 0;
    if (isFaulty || this.#toldOfRelay) this.#send(isFaulty ? state.state : 'idle', state);
    this.#toldOfRelay = isFaulty;
  }

  /** Nothing is told any more. */
  end(): void {
    this.#isOver = true;
  }

  #send(told: FeedReport['state'], state: FeedState): void {
    const { info, report, now } = this.#options;
    const { id: feedId, facilityId, regionId } = info;
    report({
      feedId,
      facilityId,
      regionId,
      state: told,
      layers: told === 'live' ? [...flowingLayers(state)] : [],
      ...(this.#faults.size > 0 ? { faults: [...this.#faults.keys()] } : {}),
      at: new Date(now()).toISOString(),
    });
  }
}
