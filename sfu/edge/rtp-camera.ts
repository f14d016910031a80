import { setTimeout as delay } from 'node:timers/promises';
import { VartaError } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import { LAYERS, type Layer } from '#contract/nation.ts';
import type { PacketPoller } from '../ingest/packet-poller.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Camera, CameraInput } from './camera.ts';
import { type InputNews, isReopenDue } from './input-state.ts';
import { RtpInput } from './rtp-input.ts';
import type { RtpList } from './rtp-list.ts';

/** A port that cannot be had now is asked for again after this time. Milliseconds. */
const RETRY_MS = 1_000;

const NEWS: Record<InputNews, string> = {
  flowing: 'a layer of a camera comes',
  silent: 'a layer of a camera is silent',
  replaced: 'a layer of a camera comes from somewhere else',
};

export interface RtpCameraOptions {
  feedId: FeedId;
  streams: RtpList extends ReadonlyMap<FeedId, infer S> ? S : never;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  /** Address that cameras send to. */
  ip: string;
  poller: PacketPoller;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

interface Listening {
  worker: MediaWorker;
  layers: RtpInput[];
  /** What has been opened of it and not closed. */
  taken: Set<CameraInput>;
  release(): void;
}

/**
 * A camera that sends RTP by itself. Its ports are open all the time, so that it never finds nobody there; what nobody
 * wants ends here.
 */
export class RtpCamera implements Camera, AsyncDisposable {
  readonly feedId: FeedId;
  readonly layers: readonly Layer[];
  readonly #options: RtpCameraOptions;
  readonly #stopping = new AbortController();
  #listening: Listening | undefined;
  #opening: Promise<void> | undefined;

  constructor(options: RtpCameraOptions) {
    this.feedId = options.feedId;
    this.layers = LAYERS.filter((layer) => options.streams[layer]);
    this.#options = options;
  }

  /** Opens the ports, and sees to it that they are open until it is disposed of. */
  async start(): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async open(): Promise<CameraInput> {
    const listening = this.#listening;
    if (!listening || listening.worker.closed) throw new VartaError('no_sfu', 'Its ports are not open now');
    const { worker, layers, taken } = listening;
    const input: CameraInput = {
      worker,
      layers,
      want: () => undefined,
      close: () => {
        taken.delete(input);
        this.#reopenIfDue();
      },
    };
    taken.add(input);
    return input;
  }

  handleWorkerDied(worker: MediaWorker): void {
    if (this.#listening?.worker === worker) this.#reopen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#opening;
    this.#close();
  }

  #reopenIfDue(): void {
    const { layers = [], taken } = this.#listening ?? {};
    const states = layers.map(({ state }) => state);
    if (!isReopenDue(states, { isTaken: (taken?.size ?? 0) > 0 })) return;
    this.#options.log.info(
      { feedId: this.feedId },
      'ports of a camera are opened anew; whoever sends next is listened to',
    );
    this.#reopen();
  }

  /** Whoever forwards it loses it and opens it again. */
  #reopen(): void {
    this.#close();
    if (!this.#stopping.signal.aborted) void this.start();
  }

  #close(): void {
    const listening = this.#listening;
    this.#listening = undefined;
    for (const input of listening?.layers ?? []) input.close();
    listening?.release();
  }

  /** Never rejects: what cannot be had now is asked for again. */
  async #open(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        this.#listening = await this.#listen();
        break;
      } catch (error) {
        const { message } = error as Error;
        this.#options.log.warn({ feedId: this.feedId, error: message }, 'ports of a camera not open');
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    this.#opening = undefined;
  }

  async #listen(): Promise<Listening> {
    using undo = new DisposableStack();
    const { feedId, streams, pool, ip, poller, now, log } = this.#options;
    const worker = pool.leastLoaded();
    const layers: RtpInput[] = [];
    for (const layer of LAYERS) {
      const stream = streams[layer];
      if (!stream) continue;
      const onState = (state: InputNews) => {
        log.info({ feedId, layer }, NEWS[state]);
        this.#reopenIfDue();
      };
      const input = await RtpInput.open({ feedId, layer, stream, worker, ip, poller, now, onState });
      undo.defer(() => input.close());
      layers.push(input);
    }
    if (this.#stopping.signal.aborted) throw new VartaError('shutting_down');
    undo.move();
    return { worker, layers, taken: new Set(), release: worker.carry('feeds') };
  }
}
