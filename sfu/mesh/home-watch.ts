import type { FeedId, NodeId } from '#contract/ids.ts';
import type { Feed } from '../ingest/feed.ts';
import type { FeedState } from '../ingest/feed-state.ts';
import type { Feeds } from '../ingest/feeds.ts';
import { countPackets } from '../ingest/source.ts';
import type { Homes } from './homes.ts';
import { RelaySource } from './relay-source.ts';
import { judgeHome, NO_SUSPICION, type Suspicion } from './silent-home.ts';

/** How often it is looked whether anything is silent. */
const TICK_MS = 250;
/** Between two looks at the same feed: some frames. */
const LOOK_EVERY_MS = 500;
/** A relay that has brought nothing for this long since it was wanted is looked at. */
const CONNECTING_MS = 2_000;
/** Looks at a time; others have their turn afterwards. */
const MAX_LOOKS = 200;
/** A feed that was taken because its home got it, and that nothing comes of here either, is given back after this time. */
const IN_VAIN_AFTER_MS = 4_000;
/** A relay was opened anew; it is not soon again. */
const REOPEN_EVERY_MS = 15_000;

interface Watched {
  source: RelaySource;
  suspicion: Suspicion;
  isLooking: boolean;
  lookAt: number;
}

export interface HomeWatchOptions {
  feeds: Pick<Feeds, 'all' | 'letGo'>;
  homes: Pick<Homes, 'takeOver' | 'noteDeaf' | 'isAside'>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

/**
 * Finds homes that live and pass nothing on, by the media: what is relayed from there falls silent while the home gets it,
 * or its worker does not answer. Then this node becomes the home. See `silent-home.ts` for whose fault it is.
 */
export class HomeWatch implements Disposable {
  readonly #options: HomeWatchOptions;
  readonly #watched = new Map<Feed, Watched>();
  /** When (milliseconds since 1970) a relay was opened anew last. */
  readonly #reopened = new Map<FeedId, number>();
  /** Feeds that were taken though their home got them, and when. */
  readonly #taken = new Map<FeedId, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: HomeWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#watched.clear();
  }

  #tick(): void {
    const now = this.#options.now();
    for (const [feedId, at] of this.#reopened) if (now - at >= REOPEN_EVERY_MS) this.#reopened.delete(feedId);
    const silent = new Map<Feed, RelaySource>();
    for (const feed of this.#options.feeds.all()) {
      if (!feed.isRelayed) this.#judgeTaken(feed, now);
      else if (feed.source instanceof RelaySource && isSilent(feed.state, now)) silent.set(feed, feed.source);
    }
    for (const [feed, { source }] of this.#watched)
      if (silent.get(feed) !== source) this.#watched.delete(feed);
    let looking = [...this.#watched.values()].filter(({ isLooking }) => isLooking).length;
    for (const [feed, source] of silent) {
      const watched = this.#watched.get(feed) ?? {
        ...{ source, suspicion: NO_SUSPICION, isLooking: false, lookAt: now },
      };
      this.#watched.set(feed, watched);
      if (watched.isLooking || now < watched.lookAt || looking >= MAX_LOOKS) continue;
      looking += 1;
      void this.#look(feed, watched);
    }
  }

  /** Never rejects: a home that does not answer at all is found dead by others, and without Redis nothing is taken. */
  async #look(feed: Feed, watched: Watched): Promise<void> {
    const { now, log } = this.#options;
    watched.isLooking = true;
    watched.lookAt = now() + LOOK_EVERY_MS;
    try {
      const { packets: theirs, isServing } = await watched.source.look();
      const ours = await countPackets(watched.source);
      if (ours === undefined || this.#watched.get(feed) !== watched) return;
      const { suspicion, verdict } = judgeHome(watched.suspicion, { ours, theirs, isServing });
      watched.suspicion = suspicion;
      if (verdict === 'wait') return;
      const { home } = watched.source;
      // Who watches there does not complain to us, but to the servers.
      const isToTake = verdict === 'take' || (await this.#options.homes.isAside(home));
      if (isToTake) await this.#take(feed, { home, theirs });
      else this.#reopen(feed, home);
    } catch (error) {
      watched.suspicion = NO_SUSPICION;
      log.warn(
        { feedId: feed.info.id, home: watched.source.home, error: (error as Error).message },
        'the home of a silent feed cannot be judged',
      );
    } finally {
      watched.isLooking = false;
    }
  }

  async #take(feed: Feed, { home, theirs }: { home: NodeId; theirs: number | null }): Promise<void> {
    const { feeds, homes, now, log } = this.#options;
    const { id: feedId } = feed.info;
    const isTaken = await homes.takeOver(feed.info, home);
    if (!isTaken) {
      this.#reopen(feed, home);
      return;
    }
    log.warn({ feedId, home, packets: theirs }, 'its home passes this feed on no more: it is ours now');
    // Of a worker that says nothing it is not known whether it got anything.
    if (theirs !== null) this.#taken.set(feedId, now());
    feeds.letGo(feed);
  }

  /** Its viewers ask again; it is looked for anew, and if its home is the same, it comes by another pipe. */
  #reopen(feed: Feed, home: NodeId): void {
    const { feeds, now, log } = this.#options;
    const { id: feedId } = feed.info;
    if (this.#reopened.has(feedId)) return;
    this.#reopened.set(feedId, now());
    log.warn({ feedId, home }, 'nothing of this feed comes from its home: it is asked for anew');
    feeds.letGo(feed);
  }

  /** What its former home got does not come here either: then it is this node that hears nothing. */
  #judgeTaken(feed: Feed, now: number): void {
    const { id: feedId } = feed.info;
    const takenAt = this.#taken.get(feedId);
    if (takenAt === undefined) return;
    const { state } = feed.state;
    const isPending = state === 'connecting' || state === 'idle';
    if (isPending && now - takenAt < IN_VAIN_AFTER_MS) return;
    this.#taken.delete(feedId);
    if (state === 'connecting' || state === 'lost') void this.#giveBack(feed);
  }

  async #giveBack(feed: Feed): Promise<void> {
    const { feeds, homes, log } = this.#options;
    const hasOthers = await homes.noteDeaf().catch(() => false);
    if (!hasOthers) return;
    log.warn({ feedId: feed.info.id }, 'a feed that was taken does not come here either: it is given back');
    feeds.letGo(feed);
  }
}

function isSilent(state: FeedState, now: number): boolean {
  switch (state.state) {
    case 'stalled':
    case 'lost':
      return true;
    case 'connecting':
      return now - state.since >= CONNECTING_MS;
    case 'idle':
    case 'live':
      return false;
  }
}
