import {
  EDGE_CAMERA_FAULTS,
  type EdgeCameraFault,
  type FeedFault,
  isEdgeCameraFault,
} from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import { USUAL_IMPORTANCE } from '#contract/importance.ts';
import { LAYERS, type Layer } from '#contract/nation.ts';
import type { Source } from '../ingest/source.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Camera, CameraInput } from './camera.ts';

interface RtspCameraOptions {
  feedId: FeedId;
  /** What the camera has. */
  layers: readonly Layer[];
  pool: Pick<WorkerPool, 'leastLoaded'>;
  /** Opens layers of a camera; nothing is pulled before it is wanted. */
  openPull(feed: Pick<GrantedFeed, 'id' | 'layers'>, worker: MediaWorker): Promise<Source>;
}

/** A camera that is pulled by RTSP, each of its streams while that layer is wanted. */
export class RtspCamera implements Camera {
  readonly feedId: FeedId;
  readonly layers: readonly Layer[];
  readonly #options: RtspCameraOptions;
  /** Layers that were found to have a fault and not to be without it since, by fault. */
  readonly #faulty = new Map<EdgeCameraFault, Set<Layer>>();
  /** What is not pulled is not known to be wrong any more. */
  #pulled: readonly Layer[] = [];
  #onFaults: () => void = () => {};

  constructor(options: RtspCameraOptions) {
    this.feedId = options.feedId;
    this.layers = LAYERS.filter((layer) => options.layers.includes(layer));
    this.#options = options;
  }

  get faults(): readonly EdgeCameraFault[] {
    return EDGE_CAMERA_FAULTS.filter((fault) =>
      this.#pulled.some((layer) => this.#faulty.get(fault)?.has(layer)),
    );
  }

  onFaults(listener: () => void): void {
    this.#onFaults = listener;
  }

  async open(): Promise<CameraInput> {
    using undo = new DisposableStack();
    const { feedId, pool, openPull } = this.#options;
    const worker = pool.leastLoaded();
    const pulled: { layer: Layer; source: Source }[] = [];
    undo.defer(() => this.#forget());
    for (const layer of this.layers) {
      const source = await openPull({ id: feedId, layers: [layer] }, worker);
      undo.defer(() => source.close());
      source.onFault?.((fault, isThere) => this.#handleFault(layer, fault, isThere));
      pulled.push({ layer, source });
    }
    const opened = undo.move();
    return {
      worker,
      layers: pulled.map(({ layer, source }) => ({ layer, producer: source.producer })),
      want: (layers) => {
        for (const { layer, source } of pulled)
          source.want?.(layers.includes(layer) ? [layer] : [], USUAL_IMPORTANCE);
        this.#change(() => {
          this.#pulled = layers;
        });
      },
      close: () => opened.dispose(),
    };
  }

  #handleFault(layer: Layer, fault: FeedFault, isThere: boolean): void {
    if (!isEdgeCameraFault(fault)) return;
    const layers = this.#faulty.get(fault) ?? new Set();
    this.#faulty.set(fault, layers);
    this.#change(() => void (isThere ? layers.add(layer) : layers.delete(layer)));
  }

  #forget(): void {
    this.#change(() => {
      this.#pulled = [];
      this.#faulty.clear();
    });
  }

  /** Tells whoever listens when it changes what is wrong. */
  #change(change: () => void): void {
    const before = this.faults.join();
    change();
    if (this.faults.join() !== before) this.#onFaults();
  }
}
