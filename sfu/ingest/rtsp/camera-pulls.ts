import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import type { CameraList } from './camera-list.ts';
import { CameraMemory } from './camera-memory.ts';
import type { LayerPullerOptions } from './layer-puller.ts';
import { RtpOutlet } from './rtp-outlet.ts';
import { RtspSource } from './rtsp-source.ts';

/** The cameras that this node can pull. Nothing is opened towards a camera before somebody wants it. */
export class CameraPulls implements AsyncDisposable {
  /** Feeds that it can pull. */
  readonly feedIds: readonly FeedId[];
  readonly #cameras: CameraList;
  readonly #options: Pick<LayerPullerOptions, 'now' | 'log'>;
  readonly #memory = new CameraMemory();
  readonly #endings = new Set<Promise<unknown>>();
  /** Opened with the first feed; most nodes pull none. */
  #outlet: Promise<RtpOutlet> | undefined;

  constructor(cameras: CameraList, options: Pick<LayerPullerOptions, 'now' | 'log'>) {
    this.#cameras = cameras;
    this.#options = options;
    this.feedIds = [...cameras.keys()];
  }

  /** Opens a feed that is pulled from a camera. @throws VartaError `feed_not_live` when it is not in the list. */
  readonly open = async (
    feed: Pick<GrantedFeed, 'id' | 'layers'>,
    worker: MediaWorker,
  ): Promise<RtspSource> => {
    const camera = this.#cameras.get(feed.id);
    if (!camera) throw new VartaError('feed_not_live', 'This node does not have that camera');
    this.#outlet ??= RtpOutlet.open().catch((error: unknown) => {
      // For want of a file handle, as a rule; the next pull may find one.
      this.#outlet = undefined;
      throw error;
    });
    return RtspSource.open(feed, camera, {
      ...this.#options,
      worker,
      outlet: await this.#outlet,
      memory: this.#memory,
      onEnding: (ending) => {
        this.#endings.add(ending);
        void ending.finally(() => this.#endings.delete(ending));
      },
    });
  };

  /** Waits until every camera has been told goodbye, or has not listened to it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#endings);
    // Whoever waits for one that cannot be opened is told there.
    const outlet = await this.#outlet?.catch(() => undefined);
    await outlet?.[Symbol.asyncDispose]();
  }
}
