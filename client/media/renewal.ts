import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { Watched } from '#contract/media.ts';
import type { FeedLinks } from './feed-links.ts';
import type { FeedLayer, MediaSignal } from './media-signal.ts';
import { MOVING_AT_ONCE } from './move.ts';
import type { Receiver } from './receiver.ts';

/** What another consumer of its feed takes the place of goes on for so long at most; its node lets it go as soon. */
const REPLACED_MS = 3_000;

interface Ports {
  signal: Pick<MediaSignal, 'watch' | 'unwatch'>;
  links: FeedLinks;
  monotonicMs(): number;
  /** Look again then. */
  scheduleIn(delayMs: number): void;
  /** Every tile that shows the feed shows this track. */
  isPainted(feedId: FeedId, track: MediaStreamTrack): boolean;
}

/** Feeds that their node has anew while they flow: the next consumer is taken beside the one before, which goes when it is not shown any more. */
export interface Renewal {
  /** There are consumers that may be let go when a tile shows something else. */
  readonly isOpen: boolean;
  /** There is something to ask for. */
  readonly isDue: boolean;
  /** The node has the feed, perhaps anew. */
  note(feedId: FeedId): void;
  /** Asks for what was noted. Gives what has another consumer than the one that is held: as it was asked for, and the answer. */
  ask(on: Receiver): Promise<{ asked: FeedLayer[]; answers: Watched[] }>;
  /** Another consumer of the feed has just taken the place of this one. */
  replace(consumerId: MediaObjectId, feedId: FeedId): void;
  /** A consumer ended. Whether it was one whose place another one has taken. */
  end(consumerId: MediaObjectId): boolean;
  /** Lets go of what is not shown any more. */
  letGo(on: Receiver): void;
  /** What was noted was meant for a connection that is over. */
  forgetNoted(): void;
  /** The transport is gone. */
  clear(): void;
}

export function createRenewal({ signal, links, monotonicMs, scheduleIn, isPainted }: Ports): Renewal {
  const noted = new Set<FeedId>();
  let isAsking = false;
  const replaced = new Map<MediaObjectId, { feedId: FeedId; untilMs: number }>();

  function isShown(feedId: FeedId): boolean {
    const now = links.mediaOf(feedId);
    return now.state !== 'held' || isPainted(feedId, now.track);
  }

  return {
    get isOpen() {
      return replaced.size > 0;
    },
    get isDue() {
      return noted.size > 0 && !isAsking && replaced.size < MOVING_AT_ONCE;
    },
    note(feedId) {
      if (links.held(feedId)) noted.add(feedId);
    },
    async ask(on) {
      // Each of them comes twice for a moment, and is decoded twice.
      const next = [...noted].slice(0, MOVING_AT_ONCE - replaced.size);
      for (const feedId of next) noted.delete(feedId);
      const asked = next.flatMap((feedId): FeedLayer[] => {
        const held = links.held(feedId);
        return held ? [{ feedId, layer: held.layer, importance: held.importance }] : [];
      });
      if (asked.length === 0) return { asked: [], answers: [] };
      isAsking = true;
      const answer = await signal.watch(on.rtpCapabilities, asked);
      isAsking = false;
      // What is refused flows on for as long as it does, and its end is told.
      const answers = (answer.ok ? answer.value.feeds : []).filter(
        (one) => one.ok && one.consumer.id !== links.held(one.feedId)?.consumerId,
      );
      const others = new Set(answers.map(({ feedId }) => feedId));
      return { asked: asked.filter(({ feedId }) => others.has(feedId)), answers };
    },
    replace: (consumerId, feedId) =>
      void replaced.set(consumerId, { feedId, untilMs: monotonicMs() + REPLACED_MS }),
    end: (consumerId) => replaced.delete(consumerId),
    letGo(on) {
      const nowMs = monotonicMs();
      const over = [...replaced].flatMap(([consumerId, { feedId, untilMs }]) => {
        if (nowMs >= untilMs || isShown(feedId)) return [consumerId];
        scheduleIn(untilMs - nowMs);
        return [];
      });
      if (over.length === 0) return;
      for (const consumerId of over) replaced.delete(consumerId);
      void signal.unwatch(over, []);
      on.forget(over);
    },
    forgetNoted() {
      noted.clear();
      isAsking = false;
    },
    clear() {
      noted.clear();
      isAsking = false;
      replaced.clear();
    },
  };
}
