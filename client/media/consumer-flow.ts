import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { FailureCode, Outcome } from '../session/failure.ts';
import type { FeedLinks } from './feed-links.ts';
import type { FeedLayer, MediaSignal } from './media-signal.ts';

interface Ports {
  signal: Pick<MediaSignal, 'pause' | 'resume' | 'layers'>;
  links: FeedLinks;
  /** Grows when a transport comes or goes: what was said to the one before does not matter any more. */
  era(): number;
  /** The server did not do it. */
  onRefused(code: FailureCode): void;
}

/** Says which consumers flow, in which layer, and how much they matter. */
export interface ConsumerFlow {
  pause(feedIds: readonly FeedId[]): void;
  resume(feedIds: readonly FeedId[]): void;
  setLayers(changes: readonly FeedLayer[]): void;
}

export function createConsumerFlow({ signal, links, era, onRefused }: Ports): ConsumerFlow {
  /** Believed at once, and taken back if it did not happen. Saying the same twice does no harm. */
  function setFlow(
    feedIds: readonly FeedId[],
    flow: 'paused' | 'flowing',
    tell: (consumerIds: readonly MediaObjectId[]) => Promise<Outcome<unknown>>,
  ): void {
    const ids = links.consumerIds(feedIds);
    if (ids.length === 0) return;
    const mine = era();
    for (const feedId of feedIds) links.changeHeld(feedId, { flow });
    void tell(ids).then((outcome) => {
      if (outcome.ok || mine !== era()) return;
      const before = flow === 'paused' ? 'flowing' : 'paused';
      for (const feedId of feedIds) {
        const held = links.held(feedId);
        if (held && ids.includes(held.consumerId)) links.changeHeld(feedId, { flow: before });
      }
      onRefused(outcome.code);
    });
  }

  return {
    pause: (feedIds) => setFlow(feedIds, 'paused', signal.pause),
    resume: (feedIds) => setFlow(feedIds, 'flowing', signal.resume),
    setLayers(changes) {
      const items = changes.flatMap(({ feedId, ...asked }) =>
        links.consumerIds([feedId]).map((consumerId) => ({ consumerId, ...asked })),
      );
      if (items.length === 0) return;
      for (const { feedId, ...asked } of changes) links.changeHeld(feedId, asked);
      // A change that is lost leaves a picture too soft or too sharp until the next one: nothing to repair.
      void signal.layers(items);
    },
  };
}
