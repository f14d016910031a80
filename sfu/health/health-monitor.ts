import type { Producer, ProducerStat, ProducerTraceEventData } from 'mediasoup/types';
import type { FeedHealth } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Feed } from '../ingest/feed.ts';
import { JumpMender } from '../ingest/jump-mender.ts';
import type { Source } from '../ingest/source.ts';
import { KeyframeIntervals } from './keyframe-intervals.ts';
import { type StreamCounts, toFeedHealth } from './layer-figures.ts';

/** Figures that are new, and feeds that have none any more. */
export interface HealthBatch {
  healths: readonly FeedHealth[];
  gone: readonly FeedId[];
}

export interface HealthOptions {
  feeds: { all(): Iterable<Feed> };
  /** Frames a second, where somebody has looked. */
  fps(feed: Feed, layer: Layer): number | undefined;
  /** May reject; the next round writes everything anew. */
  write(batch: HealthBatch): Promise<void>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Each feed is asked once in this time. @default 3000, which is less than a lease lasts */
  roundMs?: number;
}

/** A round is spread over this many ticks, so that the workers never get all questions at once. */
const TICKS_PER_ROUND = 6;
/** Feeds whose keyframes are followed at the same time: each keyframe is a message of the worker. */
const MAX_FOLLOWED = 1_000;
const TRACED = ['keyframe', 'pli', 'fir'] as const;

interface Followed {
  source: Source;
  keyframes: Map<number, KeyframeIntervals>;
  before: { at: number; streams: StreamCounts[] } | undefined;
  /** When more of it had come than before; milliseconds since 1970. */
  lastFrameAt: number | undefined;
  isAsked: boolean;
  health: FeedHealth | undefined;
  stop: () => void;
}

/** Follows the figures of the feeds that enter this node and flow, or did a moment ago, for people who look after equipment. */
export class HealthMonitor implements Disposable {
  readonly #options: HealthOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #followed = new Map<Feed, Followed>();
  readonly #gone = new Set<FeedId>();
  readonly #jumps = new JumpMender();
  #waiting: Feed[] = [];
  #roundSize = 0;

  constructor(options: HealthOptions) {
    this.#options = options;
    const { roundMs = 3_000 } = options;
    this.#timer = setInterval(() => this.#tick(), roundMs / TICKS_PER_ROUND);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const { stop } of this.#followed.values()) stop();
    this.#followed.clear();
  }

  #tick(): void {
    if (this.#waiting.length === 0) this.#startRound();
    for (const feed of this.#waiting.splice(0, Math.ceil(this.#roundSize / TICKS_PER_ROUND)))
      void this.#ask(feed);
  }

  /** Writes what the last round has found, and sees who is there for the next one. */
  #startRound(): void {
    const known = [...this.#options.feeds.all()].filter((feed) => this.#isKnown(feed));
    const here = new Set(known);
    for (const [feed, followed] of this.#followed) {
      if (here.has(feed)) continue;
      followed.stop();
      this.#followed.delete(feed);
      this.#gone.add(feed.info.id);
    }
    const healths = [...this.#followed.values()].flatMap(({ health }) => health ?? []);
    for (const { feedId } of healths) this.#gone.delete(feedId);
    if (healths.length > 0 || this.#gone.size > 0) {
      const gone = [...this.#gone];
      this.#gone.clear();
      this.#options.write({ healths, gone }).catch(() => {
        // Redis is away; its connection says so. What is gone expires with the whole.
      });
    }
    this.#waiting = known;
    this.#roundSize = known.length;
  }

  /** What flows; and what did, as long as it is wanted, for the time of its last picture. */
  #isKnown(feed: Feed): boolean {
    const { isRelayed, source, state } = feed;
    if (isRelayed || source === undefined || state.state === 'idle') return false;
    return state.state === 'live' || this.#followed.has(feed);
  }

  async #ask(feed: Feed): Promise<void> {
    const { source } = feed;
    if (!source || source.closed) return;
    const followed = this.#follow(feed, source);
    if (followed.isAsked) return;
    followed.isAsked = true;
    try {
      const stats = await source.producer.getStats();
      if (this.#followed.get(feed) === followed) this.#handleStats(feed, followed, stats);
    } catch {
      // Closed meanwhile; whoever closed it has told its owner.
    } finally {
      followed.isAsked = false;
    }
  }

  #follow(feed: Feed, source: Source): Followed {
    const present = this.#followed.get(feed);
    if (present?.source === source) return present;
    present?.stop();
    const keyframes = new Map<number, KeyframeIntervals>();
    const stop =
      this.#followed.size < MAX_FOLLOWED
        ? followKeyframes(source.producer, keyframes, this.#options.now)
        : () => undefined;
    const followed = {
      ...{ source, keyframes, stop, isAsked: false },
      ...{ before: undefined, lastFrameAt: present?.lastFrameAt, health: undefined },
    };
    this.#followed.set(feed, followed);
    return followed;
  }

  #handleStats(feed: Feed, followed: Followed, stats: readonly ProducerStat[]): void {
    const { source, keyframes, before } = followed;
    // Those of a single layer are asked oftener, by the poller of packets.
    if (source.layers.length > 1) this.#jumps.look(source.producer, stats);
    const at = this.#options.now();
    const layers = toLayers(stats, source);
    const { state } = feed;
    const flowing: readonly Layer[] = state.state === 'live' ? state.layers : [];
    for (const [ssrc, layer] of layers) {
      if (flowing.includes(layer)) keyframes.get(ssrc)?.look(at);
      else keyframes.get(ssrc)?.interrupt();
    }
    const now = { at, streams: stats.map(toCounts) };
    if (state.state === 'stalled' && !feed.isHeld) followed.lastFrameAt = state.since;
    else if (packetsOf(now.streams) > packetsOf(before?.streams ?? [])) followed.lastFrameAt = at;
    const last = [...keyframes.values()].flatMap(({ lastAt }) => lastAt ?? []);
    followed.health = toFeedHealth({
      feedId: feed.info.id,
      layers: new Map([...layers].filter(([, layer]) => flowing.includes(layer))),
      before,
      now,
      fps: (layer) => this.#options.fps(feed, layer),
      keyframeIntervalMs: (ssrc) => keyframes.get(ssrc)?.intervalMs,
      lastFrameAt: followed.lastFrameAt,
      lastKeyframeAt: last.length > 0 ? Math.max(...last) : undefined,
    });
    followed.before = now;
    // What is pulled by RTSP is judged where it is read, packet by packet.
    if (source.kind === 'rtsp') return;
    feed.setFault(
      'keyframe-interval',
      [...keyframes.values()].some(({ isTooLong }) => isTooLong),
    );
  }
}

/** Hears of the keyframes that a producer gets and is asked for; the returned function ends that. */
function followKeyframes(
  producer: Producer,
  keyframes: Map<number, KeyframeIntervals>,
  now: () => number,
): () => void {
  const takesRequests = canBeAsked(producer);
  const of = (ssrc: number) => {
    const intervals = keyframes.get(ssrc) ?? new KeyframeIntervals({ takesRequests });
    keyframes.set(ssrc, intervals);
    return intervals;
  };
  const listener = ({ type, info }: ProducerTraceEventData) => {
    if (type === 'keyframe') {
      const { ssrc, timestamp } = toNumbers(info?.rtpPacket);
      if (ssrc !== undefined && timestamp !== undefined) of(ssrc).handleKeyframe(timestamp, now());
    } else {
      const { ssrc } = toNumbers(info);
      if (ssrc !== undefined) of(ssrc).handleRequest(now());
    }
  };
  producer.on('trace', listener);
  producer.enableTraceEvent([...TRACED]).catch(() => {
    // Closed meanwhile.
  });
  return () => {
    producer.off('trace', listener);
    if (!producer.closed) producer.enableTraceEvent([]).catch(() => undefined);
  };
}

/** Whether its sender takes requests for keyframes. FFmpeg does not, and is sent none then. */
function canBeAsked({ rtpParameters }: Producer): boolean {
  return rtpParameters.codecs.some(({ rtcpFeedback = [] }) =>
    rtcpFeedback.some(({ parameter }) => parameter === 'pli' || parameter === 'fir'),
  );
}

/** mediasoup types what it tells of an event as anything. */
function toNumbers(info: unknown): { ssrc?: number; timestamp?: number } {
  if (typeof info !== 'object' || info === null) return {};
  const { ssrc, timestamp } = info as { ssrc?: unknown; timestamp?: unknown };
  return {
    ...(typeof ssrc === 'number' ? { ssrc } : {}),
    ...(typeof timestamp === 'number' ? { timestamp } : {}),
  };
}

/** The layer of each stream; of several streams that were a layer's, only the last. */
function toLayers(stats: readonly ProducerStat[], { producer, layers }: Source): Map<number, Layer> {
  const { encodings = [] } = producer.rtpParameters;
  const byLayer = new Map<Layer, number>();
  for (const { ssrc, rid } of stats) {
    const index = encodings.findIndex((it) => it.ssrc === ssrc || (rid !== undefined && it.rid === rid));
    const layer = layers[layers.length === 1 ? 0 : index];
    if (layer !== undefined) byLayer.set(layer, ssrc);
  }
  return new Map([...byLayer].map(([layer, ssrc]) => [ssrc, layer]));
}

function packetsOf(streams: readonly StreamCounts[]): number {
  return streams.reduce((sum, { packets }) => sum + packets, 0);
}

function toCounts({ ssrc, byteCount, packetCount, packetsLost, jitter }: ProducerStat): StreamCounts {
  return { ssrc, bytes: byteCount, packets: packetCount, lost: packetsLost, jitterTicks: jitter };
}
