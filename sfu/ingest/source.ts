import { setTimeout as delay } from 'node:timers/promises';
import type { Producer, Transport } from 'mediasoup/types';
import type { ErrorCode } from '#contract/errors.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import type { MediaWorker } from '../workers/media-worker.ts';

/** How media comes to this node: sent on demand, published by an encoder, pulled from a camera, or from another node. */
export type SourceKind = 'edge' | 'whip' | 'rtsp' | 'relay';

/** Where a feed's media comes in: one transport with one video producer, on one worker. */
export interface Source {
  readonly kind: SourceKind;
  readonly worker: MediaWorker;
  readonly producer: Producer;
  /** One per encoding, lowest first. */
  readonly layers: readonly Layer[];
  /** Somebody has taken the transport's place as sender, and no other one will be listened to. */
  readonly taken: boolean;
  readonly closed: boolean;
  /**
   * Asks for these layers from now on and for no others; none of them: it is to stop. `importance` is for whoever has to
   * choose, because not everything that is wanted gets through. Only sources that send on demand have it; the others send
   * what they like.
   */
  want?: ((layers: readonly Layer[], importance: Importance) => void) | undefined;
  /** Calls back, once, when the far end has ended what it sent, or could not set it up; with a code if it gave one. */
  onHungUp?(listener: (code?: ErrorCode) => void): void;
  /** Calls back when it is found that what comes has a fault, which only the sender's settings cure, or has it no more. */
  onFault?(listener: (fault: FeedFault, isThere: boolean) => void): void;
  /** Calls back when the node that it comes from says that nothing comes on purpose, or no more. */
  onHeld?(listener: (isHeld: boolean) => void): void;
  /** Calls back when the far end has refused, in a way that it will not change soon: nothing is to be waited for. */
  onRefused?(listener: () => void): void;
  /** Shows where it comes from a newer grant, signed; only what comes from another node has it. */
  show?(proof: string): void;
  /** What comes in, where that is not what may be consumed; for whoever talks with its sender. */
  readonly sender?: Source;
  /** Closes the transport and with it the producer and its consumers; who was asked to send is told to stop. */
  close(): void;
}

/** Whether what may be consumed of it is another picture than what comes in: one that was drawn over. */
export function isCovered(source: Source): boolean {
  return source.sender !== undefined;
}

/**
 * A hundred viewers that come within a moment shall not make an encoder send a hundred keyframes: after one request,
 * the next one waits for this long. Milliseconds.
 */
export const KEYFRAME_REQUEST_DELAY_MS = 300;

/** A worker that does not say what it has got within this time says nothing. Milliseconds. */
const COUNT_WITHIN_MS = 500;

/** RTP packets that a source has got so far; undefined when its worker does not say. */
export async function countPackets({ producer }: Pick<Source, 'producer'>): Promise<number | undefined> {
  const late = new AbortController();
  try {
    const tooLate = delay(COUNT_WITHIN_MS, undefined, { signal: late.signal, ref: false });
    const stats = await Promise.race([producer.getStats(), tooLate.catch(() => undefined)]);
    return stats?.reduce((sum, { packetCount }) => sum + packetCount, 0);
  } catch {
    // Closed meanwhile.
    return undefined;
  } finally {
    late.abort();
  }
}

/** Closes a transport when what is built on it fails. */
export async function onTransport<T extends Transport, R>(transport: T, build: () => Promise<R>): Promise<R> {
  try {
    return await build();
  } catch (error) {
    transport.close();
    throw error;
  }
}
