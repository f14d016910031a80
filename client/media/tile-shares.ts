import type { FeedId } from '#contract/ids.ts';
import {
  type BandwidthReading,
  type BandwidthState,
  shareBandwidth,
  stepBandwidth,
  UNLIMITED,
} from './bandwidth.ts';
import { lesser, type TileWant } from './bandwidth-share.ts';
import type { FeedWant } from './feed-plan.ts';

type Wants = ReadonlyMap<FeedId, FeedWant>;

/** What the network has room for, tile by tile. */
export interface TileShares {
  /** Nothing of this feed may flow: its tile shows a still, and says so. */
  isStill(feedId: FeedId): boolean;
  /** What tiles want, as far as there is room. Calls back for each feed that becomes a still, or is one no more. */
  afford(wants: Wants, onStillChanged: (feedId: FeedId) => void): Map<FeedId, FeedWant>;
  /** Takes note of a second of the network. @returns whether what may flow has changed. */
  take(reading: BandwidthReading, wants: Wants): boolean;
}

export function createTileShares(): TileShares {
  let bandwidth: BandwidthState = UNLIMITED;
  return {
    isStill: (feedId) => bandwidth.allowed.get(feedId) === 'still',
    afford(wants, onStillChanged) {
      const before = bandwidth.allowed;
      bandwidth = shareBandwidth(bandwidth, toTileWants(wants));
      const { allowed } = bandwidth;
      const affordable = new Map(wants);
      for (const [feedId, want] of wants) {
        const share = allowed.get(feedId);
        if (share === 'still') affordable.set(feedId, { ...want, show: false, layer: 'low' });
        else if (share !== undefined) affordable.set(feedId, { ...want, layer: lesser(want.layer, share) });
      }
      if (allowed !== before)
        for (const feedId of wants.keys())
          if ((before.get(feedId) === 'still') !== (allowed.get(feedId) === 'still')) onStillChanged(feedId);
      return affordable;
    },
    take(reading, wants) {
      const before = bandwidth.allowed;
      bandwidth = stepBandwidth(bandwidth, reading, toTileWants(wants));
      return bandwidth.allowed !== before;
    },
  };
}

function toTileWants(wants: Wants): TileWant[] {
  return [...wants].flatMap(([feedId, { layer, priority, show }]) =>
    show ? [{ feedId, layer, priority }] : [],
  );
}
