import { setTimeout as delay } from 'node:timers/promises';
import { CAMERA_FAULTS, type CameraFault, type FeedFault } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Camera, CameraCredentials } from './camera-list.ts';
import type { CameraMemory } from './camera-memory.ts';
import type { LayerStream, LayerStreamOptions } from './layer-stream.ts';
import { PictureWatch } from './picture-watch.ts';
import { countFailure } from './retry.ts';
import { RtspError } from './rtsp-error.ts';
import { playCamera } from './rtsp-session.ts';

/** Faults for which nothing plays. */
const REFUSING = CAMERA_FAULTS.filter((fault) => fault !== 'b-frames');

export interface LayerPullerOptions {
  feedId: FeedId;
  layer: Layer;
  url: URL;
  camera: Pick<Camera, 'credentials'>;
  memory: CameraMemory;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Record<'debug' | 'info' | 'warn', (fields: object, message: string) => void>;
  /** Makes the stream to the worker; `onPayload` is for what looks at the pictures. */
  createStream(onPayload: LayerStreamOptions['onPayload']): LayerStream;
  /** The layer has a fault, or has it no more. */
  onFault(fault: FeedFault, isThere: boolean): void;
  /** It can't be had, and won't be soon. */
  onRefused(): void;
}

/** Pulls one stream of a camera while it is wanted, again and again if need be. At most one connection at a time. */
export class LayerPuller {
  readonly #options: LayerPullerOptions;
  readonly #stream: LayerStream;
  readonly #watch: PictureWatch;
  #run: AbortController | undefined;
  /** Ends when the last connection has ended: the next one waits for that. */
  #ended: Promise<void> = Promise.resolve();

  constructor(options: LayerPullerOptions) {
    this.#options = options;
    this.#watch = new PictureWatch(options.onFault);
    this.#stream = options.createStream((...seen) => this.#watch.see(...seen));
  }

  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    this.#ended = this.#ended.then(() => this.#pull(run.signal));
  }

  /** Ends the connection; the returned promise says when the camera has been left. */
  stop(): Promise<void> {
    this.#run?.abort();
    this.#run = undefined;
    return this.#ended;
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const { feedId, layer, memory, now } = this.#options;
    while (!signal.aborted) {
      const failures = memory.get(feedId, layer);
      this.#tellFault(failures?.fault);
      if (failures?.isLasting) this.#options.onRefused();
      const pauseMs = (failures?.retryAt ?? 0) - now();
      // Then it is looked at anew: the other stream may have been refused meanwhile, or let in.
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      else {
        memory.knock(feedId, now());
        await this.#play(signal);
      }
    }
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { feedId, layer, memory, now, log, url } = this.#options;
    let playingSince: number | undefined;
    try {
      await playCamera({
        url,
        credentials: this.#credentials(),
        signal,
        onPlaying: (video) => {
          this.#watch.restart();
          this.#stream.begin(video);
        },
        onPacket: (packet) => {
          if (playingSince === undefined) {
            playingSince = now();
            memory.letIn(feedId);
            this.#tellFault(undefined);
            log.info({ feedId, layer }, 'camera plays');
          }
          this.#stream.push(packet);
        },
      });
      memory.forget(feedId, layer);
    } catch (error) {
      if (signal.aborted) return;
      const cause = error instanceof RtspError ? error : new RtspError('protocol', 'unforeseen');
      const playedMs = playingSince === undefined ? 0 : now() - playingSince;
      const failures = countFailure(memory.before(feedId, layer, cause), {
        error: cause,
        playedMs,
        now: now(),
        random: Math.random(),
      });
      memory.note(feedId, layer, { cause, failures });
      const retryInMs = failures.retryAt - now();
      const fields = { feedId, layer, code: cause.code, detail: cause.message, retryInMs };
      // Told once: hundreds of cameras that are away for a night shall not fill the log.
      log[failures.count === 1 ? 'warn' : 'debug'](fields, 'camera cannot be had');
    }
  }

  /** Why it can't be had; a camera that plays has none of these faults. */
  #tellFault(present: CameraFault | undefined): void {
    for (const fault of REFUSING) this.#options.onFault(fault, fault === present);
  }

  #credentials(): CameraCredentials | undefined {
    try {
      return this.#options.camera.credentials();
    } catch {
      throw new RtspError('unauthorized', 'the password cannot be read');
    }
  }
}
