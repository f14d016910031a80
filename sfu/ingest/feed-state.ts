import type { Layer } from '#contract/nation.ts';

/** A source that was asked for and has sent nothing for this long is lost. The sample cameras need well under 1 s. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** A stalled feed is lost after this: shorter gaps are networks, longer ones are faults that somebody must look at. */
export const LOST_AFTER_MS = 5_000;
/** While a feed is lost, how often what can be tried is tried. */
export const REVIVE_EVERY_MS = 15_000;
/** Media that came no longer ago than this means that the publisher is alive. */
export const ALIVE_WITHIN_MS = 3_000;

/**
 * How a feed is. Times are milliseconds since 1970.
 *
 * | state      | means                                              | leaves it                                      |
 * |------------|----------------------------------------------------|------------------------------------------------|
 * | idle       | nobody wants it and nothing comes                  | wanted → connecting                            |
 * | connecting | asked for, or a publisher was accepted; no media   | flow → live; 10 s → lost                       |
 * | live       | packets come, in these layers                      | no flow → stalled                              |
 * | stalled    | none since `since`                                 | flow → live; 5 s → lost                        |
 * | lost       | gone while wanted                                  | flow → live; wanted anew → connecting          |
 *
 * From every state: unwanted → idle, gone → lost, another source → connecting. While it is held back on purpose, nothing
 * comes and nothing is wrong: connecting and lost become stalled, and stalled lasts for as long as its edge says so.
 */
export type FeedState =
  | { state: 'idle' }
  | { state: 'connecting'; since: number }
  | { state: 'live'; layers: readonly Layer[] }
  | { state: 'stalled'; since: number }
  | { state: 'lost'; since: number; reviveAt: number };

export type FeedEvent =
  /** Media is expected of the source that it has. */
  | { type: 'wanted' }
  /** It has another source now, of which nothing has come yet. */
  | { type: 'source' }
  /** Nothing is expected any more. */
  | { type: 'unwanted' }
  /** These layers flow; none means that media was last seen at `lastAt`. */
  | { type: 'flow'; layers: readonly Layer[]; lastAt: number }
  /** Who is to send it says that it holds it back for now, or no longer does. */
  | { type: 'held'; isHeld: boolean }
  /** The source broke while it was wanted. */
  | { type: 'gone' }
  | { type: 'time' };

export type FeedEffect =
  /** State or layers are not what they were: tell the servers. */
  | { type: 'report' }
  /** Lost, at first and then every {@link REVIVE_EVERY_MS}: do what can be done to get the source back. */
  | { type: 'revive' };

export interface FeedDecision {
  state: FeedState;
  effects: FeedEffect[];
}

const IDLE: FeedState = { state: 'idle' };

/** What an event makes of a feed. Pure; `now` is in milliseconds since 1970. */
export function decideFeed(
  state: FeedState,
  event: FeedEvent,
  { now, isHeld = false }: { now: number; isHeld?: boolean },
): FeedDecision {
  const next = nextState(state, event, { now, isHeld });
  const effects: FeedEffect[] = [];
  if (isReportedAs(state) !== isReportedAs(next)) effects.push({ type: 'report' });
  if (next.state === 'lost' && (state.state !== 'lost' || next.reviveAt !== state.reviveAt)) {
    effects.push({ type: 'revive' });
  }
  return { state: next, effects };
}

/** When time alone changes this state, in milliseconds since 1970. What is held back is not lost while it is held. */
export function deadlineOf(state: FeedState, isHeld = false): number | undefined {
  switch (state.state) {
    case 'connecting':
      return isHeld ? undefined : state.since + CONNECT_TIMEOUT_MS;
    case 'stalled':
      return isHeld ? undefined : state.since + LOST_AFTER_MS;
    case 'lost':
      return state.reviveAt;
    case 'idle':
    case 'live':
      return undefined;
  }
}

/** Whether the present publisher of a feed keeps others out: media came just now, or it has only just been let in. */
export function isAlive(state: FeedState, now: number): boolean {
  if (state.state === 'live') return true;
  return (state.state === 'connecting' || state.state === 'stalled') && now - state.since < ALIVE_WITHIN_MS;
}

/** Layers in which packets come now. */
export function flowingLayers(state: FeedState): readonly Layer[] {
  return state.state === 'live' ? state.layers : [];
}

function nextState(
  state: FeedState,
  event: FeedEvent,
  { now, isHeld }: { now: number; isHeld: boolean },
): FeedState {
  switch (event.type) {
    case 'unwanted':
      return IDLE;
    case 'wanted':
      if (state.state !== 'idle' && state.state !== 'lost') return state;
      return { state: isHeld ? 'stalled' : 'connecting', since: now };
    case 'source':
      return { state: 'connecting', since: now };
    case 'gone':
      return state.state === 'idle' || state.state === 'lost' ? state : lostAt(now);
    case 'flow':
      if (state.state === 'idle') return state;
      if (event.layers.length > 0) return { state: 'live', layers: event.layers };
      return state.state === 'live' ? { state: 'stalled', since: event.lastAt } : state;
    case 'held': {
      const isWaiting = state.state === 'connecting' || state.state === 'stalled';
      // From now on it has as long to come as any other.
      if (!event.isHeld) return isWaiting ? { ...state, since: now } : state;
      return state.state === 'connecting' || state.state === 'lost'
        ? { state: 'stalled', since: now }
        : state;
    }
    case 'time': {
      const deadline = deadlineOf(state, isHeld);
      if (deadline === undefined || now < deadline) return state;
      return state.state === 'lost' ? { ...state, reviveAt: now + REVIVE_EVERY_MS } : lostAt(now);
    }
  }
}

function lostAt(now: number): FeedState {
  return { state: 'lost', since: now, reviveAt: now + REVIVE_EVERY_MS };
}

function isReportedAs(state: FeedState): string {
  return [state.state, ...flowingLayers(state)].join(' ');
}
