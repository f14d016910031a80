import type { Producer } from 'mediasoup/types';
import type { EdgeCameraFault } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { MediaWorker } from '../workers/media-worker.ts';

/** One layer of a camera on its way in: a producer with one encoding. */
export interface LayerInput {
  readonly layer: Layer;
  readonly producer: Producer;
}

/** What is taken in of a camera, on one worker. */
export interface CameraInput {
  readonly worker: MediaWorker;
  /** Lowest first; at least one. */
  readonly layers: readonly LayerInput[];
  /** From now on these layers are needed, and no others. What sends by itself goes on sending. */
  want(layers: readonly Layer[]): void;
  /** Nothing of it is needed any more. */
  close(): void;
}

/** A camera of the facility. */
export interface Camera {
  readonly feedId: FeedId;
  /** The layers that it has, lowest first; at least one. */
  readonly layers: readonly Layer[];
  /** What is wrong with it, as far as is known; empty while nobody needs it. @default nothing ever */
  readonly faults?: readonly EdgeCameraFault[];
  /** Calls back whenever that has changed. */
  onFaults?(listener: () => void): void;
  /** @throws VartaError when it cannot be had now; later it may. */
  open(): Promise<CameraInput>;
}
