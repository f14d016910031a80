import type { ViewerId } from '#contract/ids.ts';
import type { ConsoleSocket } from '../../adapters/socket/on-message.ts';
import type { Viewer } from './viewer.ts';

/** A page's connection, its session, and the viewer that it joined as. */
export interface Seat {
  readonly socket: ConsoleSocket;
  /** The session is over: nothing more is done for this page. */
  isEnded: boolean;
  /** Changed by the {@link SeatTable} only. */
  viewer: Viewer | undefined;
  /** Joins of one page follow one another. */
  joining: Promise<unknown>;
  joinsWaiting: number;
}

/** A viewer whose page went away without a word, for as long as its grant lives. */
interface Departed {
  viewer: Viewer;
  sessionId: string;
  untilMs: number;
}

/** Which page holds which viewer on this replica: a viewer has one seat, a seat at most one viewer. */
export class SeatTable {
  readonly #seats = new Set<Seat>();
  readonly #byViewer = new Map<ViewerId, Seat>();
  readonly #departed = new Map<ViewerId, Departed>();

  /** Seats of pages that are connected. */
  get all(): Iterable<Seat> {
    return this.#seats;
  }

  /** Seats that hold a viewer. */
  get taken(): Iterable<Seat> {
    return this.#byViewer.values();
  }

  get viewerCount(): number {
    return this.#byViewer.size;
  }

  add(socket: ConsoleSocket): Seat {
    const seat: Seat = {
      socket,
      isEnded: false,
      viewer: undefined,
      joining: Promise.resolve(),
      joinsWaiting: 0,
    };
    this.#seats.add(seat);
    return seat;
  }

  of(viewerId: ViewerId): Seat | undefined {
    return this.#byViewer.get(viewerId);
  }

  /** Pages of a session that watch, a viewer aside. */
  countOfSession(sessionId: string, exceptViewerId: ViewerId): number {
    return [...this.#byViewer.values()].filter(
      ({ socket: { data } }) => data.sessionId === sessionId && data.viewerId !== exceptViewerId,
    ).length;
  }

  /** Gives a seat its viewer. Returns what stood for the same page before, on any seat or none. */
  put(seat: Seat, viewer: Viewer): Viewer | undefined {
    const holder = this.#byViewer.get(viewer.viewerId);
    const before = (holder && this.take(holder)) ?? this.#departed.get(viewer.viewerId)?.viewer;
    this.#departed.delete(viewer.viewerId);
    seat.viewer = viewer;
    this.#byViewer.set(viewer.viewerId, seat);
    return before;
  }

  /** Takes the viewer from its seat. */
  take(seat: Seat): Viewer | undefined {
    const { viewer } = seat;
    seat.viewer = undefined;
    if (viewer && this.#byViewer.get(viewer.viewerId) === seat) this.#byViewer.delete(viewer.viewerId);
    return viewer;
  }

  /** The page is not connected any more. */
  remove(seat: Seat): void {
    this.take(seat);
    this.#seats.delete(seat);
  }

  /** Remembers a viewer whose page may come back, until an instant (ms). */
  depart(viewer: Viewer, sessionId: string, untilMs: number): void {
    this.#departed.set(viewer.viewerId, { viewer, sessionId, untilMs });
  }

  /** Takes out the remembered viewers of a session. */
  takeDeparted(sessionId: string): Viewer[] {
    const ofSession = [...this.#departed.values()].filter((departed) => departed.sessionId === sessionId);
    for (const { viewer } of ofSession) this.#departed.delete(viewer.viewerId);
    return ofSession.map(({ viewer }) => viewer);
  }

  forget(viewerId: ViewerId): void {
    this.#departed.delete(viewerId);
  }

  /** Forgets those whose time is over. */
  forgetDeparted(nowMs: number): void {
    for (const [viewerId, { untilMs }] of this.#departed)
      if (nowMs >= untilMs) this.#departed.delete(viewerId);
  }
}
