import type { Source } from '../ingest/source.ts';
import { type TapOptions, type Tapped, tapKeyframe } from './keyframe-tap.ts';
import { TapTransports } from './tap-transports.ts';

/** Takes keyframes out of the workers of their sources. */
export class KeyframeTaps implements Disposable {
  readonly #transports = new TapTransports();

  /** See {@link tapKeyframe}. */
  async take(source: Source, options: TapOptions): Promise<Tapped | undefined> {
    const capabilities = source.worker.router.rtpCapabilities;
    return this.#transports.use(source.worker, (transport) =>
      tapKeyframe(transport, { source, capabilities }, options),
    );
  }

  /** Ends every tap that is under way. */
  [Symbol.dispose](): void {
    this.#transports[Symbol.dispose]();
  }
}
