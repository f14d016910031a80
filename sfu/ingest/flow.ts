import type { Producer, ProducerScore } from 'mediasoup/types';
import type { Layer } from '#contract/nation.ts';
import type { PacketPoller } from './packet-poller.ts';

/** mediasoup's own time without packets after which the score of a simulcast layer is 0 (RtpStreamRecv.cpp). */
const MEDIASOUP_INACTIVITY_MS = 1_500;
/** A single encoding that brought no packet for this long does not flow. */
const SILENT_AFTER_MS = 1_000;

/** Layers in which packets come; when none, media was last seen at `lastAt` (milliseconds since 1970). */
export type OnFlow = (layers: readonly Layer[], lastAt: number) => void;

export interface FlowOptions {
  producer: Producer;
  /** One per encoding, in their order. */
  layers: readonly Layer[];
  poller: PacketPoller;
  now: () => number;
  onFlow: OnFlow;
}

/** Follows which layers of a producer flow; the returned function ends that. */
export function followFlow(options: FlowOptions): () => void {
  return options.layers.length > 1 ? followSimulcast(options) : followSingle(options);
}

/** Layers whose stream has a score, by mediasoup's list of scores. */
export function scoredLayers(scores: readonly ProducerScore[], layers: readonly Layer[]): Layer[] {
  return layers.filter((_, index) => scores.some((score) => score.encodingIdx === index && score.score > 0));
}

function followSimulcast({ producer, layers, now, onFlow }: FlowOptions): () => void {
  const listener = (scores: ProducerScore[]) => {
    const flowing = scoredLayers(scores, layers);
    onFlow(flowing, flowing.length > 0 ? now() : now() - MEDIASOUP_INACTIVITY_MS);
  };
  producer.on('score', listener);
  return () => producer.off('score', listener);
}

function followSingle({ producer, layers, poller, now, onFlow }: FlowOptions): () => void {
  let packets = 0;
  let lastAt: number | undefined;
  const seen = (count: number) => {
    if (count > packets) {
      packets = count;
      lastAt = now();
      onFlow(layers, lastAt);
    } else if (lastAt !== undefined && now() - lastAt >= SILENT_AFTER_MS) onFlow([], lastAt);
  };
  // The first packet is told at once; that it goes on (or not) has to be asked.
  const listener = (scores: ProducerScore[]) => {
    if (lastAt === undefined && scoredLayers(scores, layers).length > 0) seen(1);
  };
  producer.on('score', listener);
  const stopPolling = poller.add(producer, seen);
  return () => {
    producer.off('score', listener);
    stopPolling();
  };
}
