import type { ErrorCode } from '#contract/errors.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { Layer } from '#contract/nation.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { FeedDeps, FeedOwner } from './feed-ports.ts';
import { FeedReports, type Witness } from './feed-reports.ts';
import { deadlineOf, decideFeed, type FeedEvent, type FeedState } from './feed-state.ts';
import { FeedUse, type FeedUser } from './feed-use.ts';
import { followFlow } from './flow.ts';
import {
  decideDemand,
  demandDeadline,
  importanceOf,
  isSameDemand,
  type LayerDemand,
  NO_DEMAND,
  neededLayers,
} from './layer-demand.ts';
import type { Source } from './source.ts';

/** A feed from another node is kept for this long after its last viewer here: as long as a page takes to turn. */
const RELAY_LINGER_MS = 1_000;

/** The fault with which nothing comes and nothing is broken. */
const HELD_BACK: FeedFault = 'uplink-cut';

/**
 * One feed on this node: its source, its state, and who uses it. The state machine is in feed-state.ts, what is asked of
 * equipment in layer-demand.ts; this carries out what they decide.
 */
export class Feed {
  readonly info: GrantedFeed;
  /** Another node is its home: that one tells how it is, and here it is held only while somebody here wants it. */
  readonly isRelayed: boolean;
  readonly #deps: FeedDeps;
  readonly #owner: FeedOwner;
  readonly #uses = new Set<FeedUse>();
  #state: FeedState = { state: 'idle' };
  #source: Source | undefined;
  #leaveSource: (() => void) | undefined;
  #flow: { layers: readonly Layer[]; lastAt: number } = { layers: [], lastAt: 0 };
  #demand: LayerDemand = NO_DEMAND;
  readonly #reports: FeedReports;
  #watching: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isHeldAtHome = false;
  #closed = false;

  constructor(
    { info, isRelayed }: { info: GrantedFeed; isRelayed: boolean },
    deps: FeedDeps,
    owner: FeedOwner,
  ) {
    this.info = info;
    this.isRelayed = isRelayed;
    this.#deps = deps;
    this.#owner = owner;
    const { news, now } = deps;
    this.#reports = new FeedReports({ info, isRelayed, report: (report) => news.report(report), now });
  }

  get state(): FeedState {
    return this.#state;
  }

  /** It is sent while somebody wants it, and not otherwise. */
  get onDemand(): boolean {
    return this.isRelayed || this.info.source !== 'whip';
  }

  get source(): Source | undefined {
    return this.#source?.closed ? undefined : this.#source;
  }

  /** Who uses it: somebody of this node, other nodes only, or nobody. */
  get usedBy(): 'here' | 'peers' | 'nobody' {
    if (this.#uses.size === 0) return 'nobody';
    return [...this.#uses].every((use) => use.forPeer) ? 'peers' : 'here';
  }

  /** Whether anybody gets it from here who has not complained just now. */
  get isServing(): boolean {
    const now = this.#deps.now();
    return [...this.#uses].some((use) => use.isServed(now));
  }

  /** The worker of its source, also of one that has died just now. */
  get sourceWorker(): MediaWorker | undefined {
    return this.#source?.worker;
  }

  /**
   * While somebody of this node has it on a screen, by a grant that is in force; aborted when the last of them has it no
   * more. Other nodes do not count: what they have lingers after their viewers are gone.
   */
  get watching(): AbortSignal | undefined {
    return this.#watching?.signal;
  }

  /** The highest layer that somebody of this node has on a screen, or waits for. */
  get seenLayer(): Layer | undefined {
    const seen = [...this.#uses].flatMap(({ isSeen, layers }) =>
      isSeen ? [layers.current ?? layers.preferred] : [],
    );
    return this.info.layers.findLast((layer) => seen.includes(layer));
  }

  /** Since when it has a fault, in milliseconds since 1970; undefined while it has none. */
  faultSince(fault: FeedFault): number | undefined {
    return this.#reports.faultSince(fault);
  }

  /** What is wrong with it now. */
  get faults(): readonly FeedFault[] {
    return this.#reports.faults;
  }

  /**
   * Notes that it has a fault, or has it no more, and tells the servers when that is news. Who says so and who sees it
   * do not take back what the other one knows.
   */
  setFault(fault: FeedFault, isThere: boolean, by: Witness = 'seen'): void {
    if (!this.#closed && this.#reports.setFault(fault, isThere, by)) this.#handleFaultNews(fault);
  }

  /** Whoever knew of these faults knew it of another source. */
  forgetFaults(faults: readonly FeedFault[]): void {
    if (this.#closed) return;
    for (const fault of faults) if (this.#reports.forgetFault(fault)) this.#handleFaultNews(fault);
  }

  /** Notes what its home says of that. The home also tells the servers, with the fault. */
  setHeldAtHome(isHeld: boolean): void {
    if (this.#closed || this.#isHeldAtHome === isHeld) return;
    this.#isHeldAtHome = isHeld;
    this.#handleHeld();
  }

  /** Its facility's edge leaves it out for the sake of others. */
  get isHeld(): boolean {
    return this.#isHeldAtHome || this.#reports.faults.includes(HELD_BACK);
  }

  /** Takes a source, in place of the present one if there is one, whose users are told. */
  attach(source: Source): void {
    this.#leave('feed_not_live');
    this.#source = source;
    const release = source.worker.carry('feeds');
    const unfollow = followFlow({
      producer: source.producer,
      layers: source.layers,
      poller: this.#deps.poller,
      now: this.#deps.now,
      onFlow: (layers, lastAt) => this.#handleFlow(layers, lastAt),
    });
    this.#leaveSource = () => {
      unfollow();
      release();
      source.close();
    };
    if (!source.want) this.#dispatch({ type: 'source' });
    else if (this.#demand.wanted.length > 0) {
      source.want(this.#demand.wanted, this.#demand.importance);
      // A lost feed stays lost until something comes: another port alone is no news of the camera.
      if (this.#state.state !== 'lost') this.#dispatch({ type: 'wanted' });
      this.#refreshDemand();
    }
  }

  /** The source broke: gives it up, its users are told why, and the feed is lost. */
  detach(code: ErrorCode): void {
    this.#leave(code);
    this.#dispatch({ type: 'gone' });
  }

  /** What is offered for it cannot be shown: it is lost, and this is why. Call only while it has no source. */
  refuse(fault: FeedFault): void {
    this.setFault(fault, true, 'said');
    this.#dispatch({ type: 'source' });
    this.#dispatch({ type: 'gone' });
  }

  /** What is waited for will not come soon: the feed is lost, though its source may yet come back. */
  giveUpWaiting(): void {
    if (this.#state.state === 'connecting') this.#dispatch({ type: 'gone' });
  }

  /** Somebody will consume it. Call only while it has a source. */
  use(source: Source, user: FeedUser): FeedUse {
    const use = new FeedUse({
      source,
      user,
      now: this.#deps.now(),
      flowing: this.#flow.layers,
      onChange: () => {
        this.#refreshWatching();
        this.#refreshDemand();
      },
      onRelease: (it) => {
        this.#uses.delete(it);
        this.#refreshWatching();
        this.#refreshDemand();
        this.#owner.released(this);
      },
    });
    this.#uses.add(use);
    if (this.isHeld) use.hold(true);
    this.#refreshDemand();
    return use;
  }

  /** Goes on for those who use it, until they have asked for what took its place; how the feed is that one tells from here on. */
  retire(): void {
    this.forgetFaults(this.faults);
    this.#reports.end();
    for (const use of this.#uses) use.outdate();
  }

  /** Ends everything about the feed; its last report says idle. */
  close(code: ErrorCode): void {
    if (this.#closed) return;
    this.#leave(code);
    this.#dispatch({ type: 'unwanted' });
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #leave(code: ErrorCode): void {
    const leave = this.#leaveSource;
    this.#leaveSource = undefined;
    this.#source = undefined;
    this.#flow = { layers: [], lastAt: 0 };
    // Users first: they close their consumers and pipes themselves, and know why.
    const uses = [...this.#uses];
    this.#uses.clear();
    this.#refreshWatching();
    for (const use of uses) use.end(code);
    leave?.();
  }

  #handleFaultNews(fault: FeedFault): void {
    const { state } = this.#state;
    if (fault === HELD_BACK) this.#handleHeld();
    if (this.#state.state === state) this.#reports.tell(this.#state);
  }

  #handleHeld(): void {
    this.#dispatch({ type: 'held', isHeld: this.isHeld });
    for (const use of this.#uses) use.hold(this.isHeld);
  }

  #handleFlow(layers: readonly Layer[], lastAt: number): void {
    this.#flow = { layers, lastAt };
    this.#dispatch({ type: 'flow', layers, lastAt });
    for (const use of this.#uses) use.flow(layers);
  }

  #dispatch(event: FeedEvent): void {
    if (this.#closed) return;
    const { state, effects } = decideFeed(this.#state, event, {
      now: this.#deps.now(),
      isHeld: this.isHeld,
    });
    this.#state = state;
    for (const effect of effects) {
      if (effect.type === 'report') this.#reports.tell(state);
      else if (state.state === 'lost') this.#owner.revive(this, state.since);
    }
    this.#schedule();
  }

  #refreshWatching(): void {
    const isWatched = [...this.#uses].some(({ isSeen }) => isSeen);
    if (isWatched) this.#watching ??= new AbortController();
    else {
      this.#watching?.abort();
      this.#watching = undefined;
    }
  }

  #refreshDemand(): void {
    if (this.#closed || !this.onDemand) return;
    const now = this.#deps.now();
    const before = this.#demand;
    const uses = [...this.#uses].map((use) => use.layers);
    const needed = neededLayers(uses, this.info.layers, now);
    this.#demand = decideDemand(before, needed, {
      now,
      importance: importanceOf(uses, now),
      layers: this.info.layers,
      // What comes from another node is the sooner let go: its home lingers on.
      lingerMs: this.isRelayed ? Math.min(RELAY_LINGER_MS, this.#deps.lingerMs) : this.#deps.lingerMs,
    });
    if (this.#demand.wanted.length === 0 && this.#uses.size === 0) {
      this.#owner.unused(this);
      return;
    }
    if (!isSameDemand(before, this.#demand)) this.#applyDemand(before);
    this.#schedule();
  }

  #applyDemand(before: LayerDemand): void {
    this.#source?.want?.(this.#demand.wanted, this.#demand.importance);
    if (this.#demand.wanted.length === 0) this.#dispatch({ type: 'unwanted' });
    else if (before.wanted.length === 0) {
      this.#dispatch({ type: 'wanted' });
      // It may not have stopped in the meantime, and then nothing new would tell that it flows.
      if (this.#flow.layers.length > 0) this.#dispatch({ type: 'flow', ...this.#flow });
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const now = this.#deps.now();
    const uses = [...this.#uses].map((use) => use.layers);
    const times = [deadlineOf(this.#state, this.isHeld), demandDeadline(this.#demand, uses, now)];
    const next = Math.min(...times.filter((time) => time !== undefined));
    if (Number.isFinite(next)) this.#timer = setTimeout(() => this.#handleTime(), Math.max(1, next - now));
  }

  #handleTime(): void {
    this.#dispatch({ type: 'time' });
    this.#refreshDemand();
  }
}
