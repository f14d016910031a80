import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Clip } from '../video/clip.ts';
import { createLayerStream, type LayerStream } from './layer-stream.ts';
import type { Pacer } from './pacer.ts';

/** A layer whose video could not be had is tried again after this long. */
const RETRY_MS = 2_000;
/** RTP clock of video, ticks a millisecond. */
const TICKS_PER_MS = 90;

/** Where a feed is sent to. */
export type Target = FeedDemand['target'];

/** Sends what is wanted of one feed, and nothing else. */
export interface FeedSender extends Disposable {
  /** What is wanted from now on; replaces what was wanted before. */
  demand(demand: FeedDemand): void;
  /** A receiver needs a keyframe of the stream with this SSRC. */
  requestKeyframe(ssrc: number): void;
}

type LayerState =
  | { state: 'loading'; layer: Layer; stream: LayerStream; abort: AbortController }
  | { state: 'failed'; layer: Layer; stream: LayerStream; sinceMs: number }
  | { state: 'sending'; layer: Layer; stream: LayerStream };

export function createFeedSender(options: {
  feedId: FeedId;
  pacer: Pacer;
  loadClip(layer: Layer, signal: AbortSignal): Promise<Clip>;
  send(packet: Buffer, target: Target): void;
  log: Logger;
}): FeedSender {
  const { feedId, pacer, loadClip, send, log } = options;
  // One clock for all layers: a receiver may change from one to the other by their sender reports.
  const firstTimestamp = randomInt(0x1_0000_0000);
  const active = new Map<number, LayerState>();
  /** Streams that pause keep their count of packets: their SSRC may be wanted again. */
  const streams = new Map<number, LayerStream>();
  let current: FeedDemand | undefined;
  let leavePacer: (() => void) | undefined;
  /** When the last turn was due. */
  let turnMs = 0;

  function turn(dueMs: number): void {
    turnMs = dueMs;
    const timestamp = firstTimestamp + Math.round(dueMs * TICKS_PER_MS);
    for (const [ssrc, layer] of active) {
      if (layer.state === 'sending') {
        layer.stream.sendPicture({
          timestamp: timestamp % 0x1_0000_0000,
          atMs: dueMs,
          payloadType: current?.payloadType ?? 0,
        });
      } else if (layer.state === 'failed' && dueMs >= layer.sinceMs + RETRY_MS) {
        begin(ssrc, layer.layer);
      }
    }
  }

  function begin(ssrc: number, layer: Layer): void {
    const stream = streams.get(ssrc) ?? createStream(ssrc);
    streams.set(ssrc, stream);
    const abort = new AbortController();
    const loading: LayerState = { state: 'loading', layer, stream, abort };
    active.set(ssrc, loading);
    const isStillWanted = () => active.get(ssrc) === loading;
    loadClip(layer, abort.signal).then(
      (clip) => {
        if (!isStillWanted()) return;
        // In step with the other layer, so that a change between them is not seen as a jump.
        const other = [...active.values()].find(({ state }) => state === 'sending');
        stream.restart(clip, other?.stream.next ?? 0);
        active.set(ssrc, { state: 'sending', layer, stream });
      },
      (error: unknown) => {
        if (!isStillWanted()) return;
        log.error({ err: error, feedId, layer }, 'sample video is missing; will try again');
        active.set(ssrc, { state: 'failed', layer, stream, sinceMs: turnMs });
      },
    );
  }

  function createStream(ssrc: number): LayerStream {
    return createLayerStream({
      ssrc,
      firstSequence: randomInt(0x1_0000),
      cname: feedId,
      send: (packet) => {
        if (current) send(packet, current.target);
      },
    });
  }

  function end(ssrc: number): void {
    const layer = active.get(ssrc);
    active.delete(ssrc);
    if (layer?.state === 'loading') layer.abort.abort();
  }

  return {
    demand(demand) {
      const moved = current !== undefined && !isSameTarget(current.target, demand.target);
      current = demand;
      const wanted = new Map(demand.layers.flatMap((one) => (one.wanted ? [[one.ssrc, one.layer]] : [])));
      for (const [ssrc, { layer }] of active) {
        // Another receiver knows nothing of what was sent before: it begins with a keyframe.
        if (moved || wanted.get(ssrc) !== layer) end(ssrc);
      }
      const named = new Set(demand.layers.map(({ ssrc }) => ssrc));
      for (const ssrc of streams.keys()) if (!named.has(ssrc)) streams.delete(ssrc);
      for (const [ssrc, layer] of wanted) if (!active.has(ssrc)) begin(ssrc, layer);
      if (active.size > 0) leavePacer ??= pacer.add(turn);
      else {
        leavePacer?.();
        leavePacer = undefined;
      }
    },
    requestKeyframe(ssrc) {
      const layer = active.get(ssrc);
      if (layer?.state === 'sending') layer.stream.skipToKeyframe();
    },
    [Symbol.dispose]() {
      leavePacer?.();
      leavePacer = undefined;
      for (const ssrc of [...active.keys()]) end(ssrc);
      current = undefined;
    },
  };
}

function isSameTarget(a: Target, b: Target): boolean {
  return a.ip === b.ip && a.port === b.port;
}
