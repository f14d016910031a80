import type { FeedHealth } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';

/** What the worker has counted of one stream since it began. */
export interface StreamCounts {
  ssrc: number;
  bytes: number;
  packets: number;
  /** Packets that never came; falls again when they come after all. */
  lost: number;
  /** In ticks of the RTP clock. */
  jitterTicks: number;
}

/** Ticks of the RTP clock of video in a millisecond. */
const TICKS_PER_MS = 90;

interface Reading {
  /** Milliseconds since 1970. */
  at: number;
  streams: readonly StreamCounts[];
}

interface HealthFacts {
  feedId: FeedId;
  /** SSRC of each layer that flows. */
  layers: ReadonlyMap<number, Layer>;
  before: Reading | undefined;
  now: Reading;
  fps(layer: Layer): number | undefined;
  keyframeIntervalMs(ssrc: number): number | undefined;
  /** Milliseconds since 1970. */
  lastKeyframeAt: number | undefined;
  /** Milliseconds since 1970. */
  lastFrameAt: number | undefined;
}

/** Figures of a feed from two readings of its streams. A stream of which there is only one has no rate yet. */
export function toFeedHealth(facts: HealthFacts): FeedHealth {
  const { before, now } = facts;
  const layers = now.streams.flatMap((stream) => {
    const layer = facts.layers.get(stream.ssrc);
    const earlier = before?.streams.find(({ ssrc }) => ssrc === stream.ssrc);
    if (layer === undefined || !earlier || !before) return [];
    const packets = Math.max(0, stream.packets - earlier.packets);
    const lost = Math.max(0, stream.lost - earlier.lost);
    return [
      {
        layer,
        bitrateBps: toRate(8 * (stream.bytes - earlier.bytes), now.at - before.at),
        fps: facts.fps(layer) ?? null,
        keyframeIntervalMs: facts.keyframeIntervalMs(stream.ssrc) ?? null,
        loss: lost === 0 ? 0 : lost / (lost + packets),
        jitterMs: Math.round((10 * stream.jitterTicks) / TICKS_PER_MS) / 10,
      },
    ];
  });
  return {
    feedId: facts.feedId,
    layers,
    lastKeyframeAt: toInstant(facts.lastKeyframeAt),
    lastFrameAt: toInstant(facts.lastFrameAt),
    at: new Date(now.at).toISOString(),
  };
}

function toInstant(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function toRate(bits: number, ms: number): number {
  return ms > 0 ? Math.max(0, Math.round((bits * 1000) / ms)) : 0;
}
