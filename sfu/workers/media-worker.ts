import { createWorker } from 'mediasoup';
import type {
  Router,
  RouterRtpCodecCapability,
  TransportPortRange,
  WebRtcServer,
  Worker,
} from 'mediasoup/types';
import type { ListenAddress } from './addresses.ts';
import { ROUTER_CODECS } from './codecs.ts';

export interface MediaWorkerOptions {
  /** Path of the worker program; mediasoup's own choice when unset. */
  workerBin: string | undefined;
  /** Where browsers and encoders come to, over UDP and TCP; unset where none do. */
  listen: (ListenAddress & { port: number }) | undefined;
  /** Ports for RTP from facilities and for pipes; a worker never takes one outside of it by itself. */
  portRange: TransportPortRange;
}

/** Most consumers of one worker. A core carries some 1,500 tiles; far beyond that all of them would stutter. */
export const MAX_CONSUMERS = 6_000;

/**
 * One mediasoup process: a port for WebRTC if it is to have one, and a router. It carries what is created on its router, and counts it, so
 * that the pool can choose the worker with the least to do.
 */
export class MediaWorker {
  /** Place in the pool, 0 to workers − 1; a worker that replaces a dead one has the same. */
  readonly index: number;
  readonly router: Router;
  readonly portRange: TransportPortRange;
  readonly #worker: Worker;
  readonly #webRtcServer: WebRtcServer | undefined;
  readonly #load = { viewers: 0, consumers: 0, feeds: 0 };

  static async create(index: number, options: MediaWorkerOptions): Promise<MediaWorker> {
    await using owned = new AsyncDisposableStack();
    const worker = owned.adopt(
      await createWorker({
        ...(options.workerBin === undefined ? {} : { workerBin: options.workerBin }),
        logLevel: 'warn',
        // For what mediasoup opens without being told a range.
        rtcMinPort: options.portRange.min,
        rtcMaxPort: options.portRange.max,
      }),
      (it) => it.close(),
    );
    leaveSignalsToUs(worker);
    const { listen } = options;
    const webRtcServer =
      listen &&
      (await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen },
          { protocol: 'tcp', ...listen },
        ],
      }));
    const router = await worker.createRouter({ mediaCodecs: [...ROUTER_CODECS] });
    owned.move();
    return new MediaWorker({ index, worker, webRtcServer, router, portRange: options.portRange });
  }

  private constructor(parts: {
    index: number;
    worker: Worker;
    webRtcServer: WebRtcServer | undefined;
    router: Router;
    portRange: TransportPortRange;
  }) {
    this.index = parts.index;
    this.#worker = parts.worker;
    this.#webRtcServer = parts.webRtcServer;
    this.router = parts.router;
    this.portRange = parts.portRange;
  }

  /** @throws Error on a worker that was made without a port for WebRTC. */
  get webRtcServer(): WebRtcServer {
    if (!this.#webRtcServer) throw new Error('This worker has no port for WebRTC');
    return this.#webRtcServer;
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** True as soon as it is closed or dead: nothing new can be created on it. */
  get closed(): boolean {
    return this.#worker.closed;
  }

  /** Calls back once, when the process ends without having been asked to. */
  onDied(listener: () => void): void {
    this.#worker.once('died', listener);
  }

  /** Counts something that this worker carries, until the returned function is called. */
  carry(kind: 'viewers' | 'consumers' | 'feeds'): () => void {
    this.#load[kind] += 1;
    let carried = true;
    return () => {
      if (carried) this.#load[kind] -= 1;
      carried = false;
    };
  }

  /**
   * How much there is to do, in consumers. A viewer counts for many from the start, so that walls that open at the same
   * moment do not all come to the same worker; 16 is the smallest wall that is more than a glance.
   */
  get weight(): number {
    return this.#load.consumers + this.#load.feeds + 16 * this.#load.viewers;
  }

  /** Whether there is room for another consumer. */
  get hasRoom(): boolean {
    return this.#load.consumers < MAX_CONSUMERS;
  }

  /** Another router on the same process; whoever opens it closes it. */
  openRouter(mediaCodecs: RouterRtpCodecCapability[]): Promise<Router> {
    return this.#worker.createRouter({ mediaCodecs });
  }

  /** User and system time that the process has used so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    const usage = await this.#worker.getResourceUsage();
    return usage.ru_utime + usage.ru_stime;
  }

  /** Ends the process at once; it is then found dead. For one that does not answer any more. */
  kill(): void {
    try {
      process.kill(this.#worker.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  /** Closes the process and everything on it. */
  close(): void {
    this.#worker.close();
  }
}

/** mediasoup closes a worker by itself on these signals; a node that drains goes on for a while. Its type hides it. */
function leaveSignalsToUs(worker: Worker): void {
  const { onSignal } = worker as Worker & { onSignal?: NodeJS.SignalsListener };
  if (!onSignal) return;
  process.removeListener('SIGINT', onSignal);
  process.removeListener('SIGTERM', onSignal);
}
