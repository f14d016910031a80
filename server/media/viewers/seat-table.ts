import type { MediaObjectId, ViewerId } from '#contract/ids.ts';
import type { ConsoleSocket } from '../../adapters/socket/on-message.ts';
import { NOTHING_STATED, type StatedPurposes } from '../purposes/purpose-of.ts';
import { FeedCounts } from './feed-counts.ts';
import type { Viewer } from './viewer.ts';
import { toPageId } from './viewer-ids.ts';

/** A page's connection, its session, and the viewers that it joined as. */
export interface Seat {
  readonly socket: ConsoleSocket;
  /** What the page sees, over all of its viewers. */
  readonly watched: FeedCounts;
  /** What its session opens areas for, as last read. */
  stated: StatedPurposes;
  /** The session is over: nothing more is done for this page. */
  isEnded: boolean;
  /** Where new feeds go. Changed by the {@link SeatTable} only. */
  viewer: Viewer | undefined;
  /** The one before, which the page keeps until the other has pictures. Changed by the {@link SeatTable} only. */
  former: Viewer | undefined;
  /** When the page was last told to move, in milliseconds. */
  toldToMoveAtMs: number;
  /** Joins of one page follow one another. */
  joining: Promise<unknown>;
  joinsWaiting: number;
}

/** Viewers whose page went away without a word, for as long as their grants live. */
interface Departed {
  viewers: Viewer[];
  sessionId: string;
  untilMs: number;
}

/** Which page holds which viewers on this replica: a viewer has one seat; a seat has one viewer, or two during a move. */
export class SeatTable {
  readonly #seats = new Set<Seat>();
  readonly #byPage = new Map<ViewerId, Seat>();
  readonly #departed = new Map<ViewerId, Departed>();

  /** Seats of pages that are connected. */
  get all(): Iterable<Seat> {
    return this.#seats;
  }

  /** Seats that hold a viewer. */
  get taken(): Iterable<Seat> {
    return this.#byPage.values();
  }

  get viewerCount(): number {
    return this.#byPage.size;
  }

  add(socket: ConsoleSocket): Seat {
    const seat: Seat = {
      socket,
      watched: new FeedCounts(),
      stated: NOTHING_STATED,
      isEnded: false,
      viewer: undefined,
      former: undefined,
      toldToMoveAtMs: Number.NEGATIVE_INFINITY,
      joining: Promise.resolve(),
      joinsWaiting: 0,
    };
    this.#seats.add(seat);
    return seat;
  }

  /** The seat of a page, by either of its ids. */
  of(viewerId: ViewerId): Seat | undefined {
    return this.#byPage.get(toPageId(viewerId));
  }

  /** Pages of a session that watch, a viewer aside. */
  countOfSession(sessionId: string, exceptViewerId: ViewerId): number {
    return [...this.#byPage.values()].filter(
      ({ socket: { data } }) => data.sessionId === sessionId && data.viewerId !== exceptViewerId,
    ).length;
  }

  /** The page's viewers that are or were here, and have this transport. */
  findTransport(viewerId: ViewerId, transportId: MediaObjectId): Viewer | undefined {
    const pageId = toPageId(viewerId);
    const seat = this.#byPage.get(pageId);
    const viewers = [seat?.viewer, seat?.former, ...(this.#departed.get(pageId)?.viewers ?? [])];
    return viewers.find((viewer) => viewer?.transportId === transportId);
  }

  /** Gives a seat its only viewer. Returns what stood for the same page before, on any seat or none. */
  put(seat: Seat, viewer: Viewer): Viewer[] {
    const pageId = toPageId(viewer.viewerId);
    const holder = this.#byPage.get(pageId);
    const before = [...(holder ? this.take(holder) : []), ...(this.#departed.get(pageId)?.viewers ?? [])];
    this.#departed.delete(pageId);
    seat.viewer = viewer;
    this.#byPage.set(pageId, seat);
    return before;
  }

  /** Gives a seat another viewer beside its present one. Returns the one that it had beside before, if any. */
  putBeside(seat: Seat, viewer: Viewer): Viewer | undefined {
    const { former } = seat;
    seat.former = seat.viewer;
    seat.viewer = viewer;
    return former;
  }

  /** Takes one of its viewers from a seat. */
  release(seat: Seat, viewer: Viewer): void {
    if (seat.former === viewer) seat.former = undefined;
    else if (seat.viewer === viewer && seat.former) {
      // The new one was given up: the page stays where it was.
      seat.viewer = seat.former;
      seat.former = undefined;
    } else if (seat.viewer === viewer) this.take(seat);
  }

  /** Takes all viewers from a seat. */
  take(seat: Seat): Viewer[] {
    const viewers = [seat.former, seat.viewer].filter((viewer) => viewer !== undefined);
    seat.former = undefined;
    seat.viewer = undefined;
    for (const { viewerId } of viewers) {
      const pageId = toPageId(viewerId);
      if (this.#byPage.get(pageId) === seat) this.#byPage.delete(pageId);
    }
    return viewers;
  }

  /** The page is not connected any more. */
  remove(seat: Seat): void {
    this.take(seat);
    this.#seats.delete(seat);
  }

  /** Remembers viewers whose page may come back, until an instant (ms). */
  depart(viewers: Viewer[], sessionId: string, untilMs: number): void {
    const [viewer] = viewers;
    if (viewer) this.#departed.set(toPageId(viewer.viewerId), { viewers, sessionId, untilMs });
  }

  /** Takes out the remembered viewers of a session. */
  takeDeparted(sessionId: string): Viewer[] {
    const ofSession = [...this.#departed].filter(([, departed]) => departed.sessionId === sessionId);
    for (const [pageId] of ofSession) this.#departed.delete(pageId);
    return ofSession.flatMap(([, { viewers }]) => viewers);
  }

  forget(viewerId: ViewerId): void {
    this.#departed.delete(toPageId(viewerId));
  }

  /** Forgets those whose time is over. */
  forgetDeparted(nowMs: number): void {
    for (const [pageId, { untilMs }] of this.#departed) if (nowMs >= untilMs) this.#departed.delete(pageId);
  }
}
