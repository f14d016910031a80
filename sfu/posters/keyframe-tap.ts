import type { Consumer, DirectTransport, RtpCapabilities } from 'mediasoup/types';
import type { Layer } from '#contract/nation.ts';
import type { Source } from '../ingest/source.ts';
import type { Keyframe } from './keyframe.ts';
import { KeyframeCollector } from './keyframe-collector.ts';

/** A keyframe that was taken, and what was learned on the way. */
export interface Tapped {
  keyframe: Keyframe;
  /** The layer that it is of. */
  layer: Layer | undefined;
  /** Frames a second of that layer; undefined when too few pictures came in the time. */
  fps: number | undefined;
}

export interface TapOptions {
  /** How long to wait for the keyframe; a camera that cannot be asked for one has one every 4 s at least. Milliseconds. */
  waitMs: number;
  signal: AbortSignal;
}

/** After the keyframe, pictures are awaited for this long to tell the frame rate by. */
const RATE_WAIT_MS = 500;

/**
 * Takes the next whole keyframe of the lowest layer that flows, through a consumer that exists for as long as that takes.
 * The worker asks the source for a keyframe when the consumer is resumed.
 *
 * @returns undefined when none came in time, the codec is none that stills are taken of, or `signal` was aborted.
 * @throws what mediasoup throws when the source is gone.
 */
export async function tapKeyframe(
  transport: DirectTransport,
  { source, capabilities }: { source: Source; capabilities: RtpCapabilities },
  { waitMs, signal }: TapOptions,
): Promise<Tapped | undefined> {
  const collector = KeyframeCollector.of(source.producer.rtpParameters.codecs[0]?.mimeType ?? '');
  if (!collector || signal.aborted) return undefined;
  const consumer = await transport.consume({
    producerId: source.producer.id,
    rtpCapabilities: toTapCapabilities(capabilities),
    paused: true,
    ...(source.layers.length > 1 ? { preferredLayers: { spatialLayer: 0 } } : {}),
  });
  // Plain listeners and timers: signals made of signals cost the garbage collector more than all the rest of this.
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const timeout = setTimeout(resolve, signal.aborted ? 0 : waitMs);
  let rateTimer: NodeJS.Timeout | undefined;
  const end = () => resolve();
  signal.addEventListener('abort', end);
  consumer.observer.once('close', end);
  consumer.on('rtp', (packet) => {
    collector.push(packet);
    if (collector.fps !== undefined) resolve();
    else if (collector.keyframe) rateTimer ??= setTimeout(resolve, RATE_WAIT_MS);
  });
  try {
    await consumer.resume();
    await done;
    const { keyframe, fps } = collector;
    return keyframe && !signal.aborted ? { keyframe, layer: layerOf(consumer, source), fps } : undefined;
  } finally {
    clearTimeout(timeout);
    clearTimeout(rateTimer);
    signal.removeEventListener('abort', end);
    consumer.close();
  }
}

/** Video alone, without retransmission, extensions or anything else that a browser would want. */
export function toTapCapabilities({ codecs = [] }: RtpCapabilities): RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ kind, mimeType }) => kind === 'video' && !/\/rtx$/i.test(mimeType))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: [
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
        ],
      })),
    headerExtensions: [],
  };
}

function layerOf(consumer: Consumer, { layers }: Source): Layer | undefined {
  return layers[consumer.currentLayers?.spatialLayer ?? 0];
}
