import type { Homes } from '../mesh/homes.ts';
import { isDeaf } from './deafness.ts';
import type { Feed } from './feed.ts';
import type { Feeds } from './feeds.ts';

/** How often it is looked. */
const LOOK_MS = 500;

export interface HearingOptions {
  feeds: Pick<Feeds, 'all' | 'letGo'>;
  homes: Pick<Homes, 'isDeaf' | 'noteDeaf' | 'sayDeaf' | 'hasOtherPuller'>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

/**
 * Notices that nothing gets through to this node any more, though it lives. If there are other nodes, they take what
 * entered here, its pages go to them, and those that stay get it from there.
 */
export class Hearing implements Disposable {
  readonly #options: HearingOptions;
  readonly #timer: NodeJS.Timeout;
  #isLeaving = false;

  constructor(options: HearingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Never rejects: without Redis nothing is given away. */
  async #look(): Promise<void> {
    const { feeds, homes, now, log } = this.#options;
    // What its facility holds back on purpose says nothing of our hearing.
    const expected = [...feeds.all()].filter(({ isHeld }) => !isHeld);
    if (this.#isLeaving || homes.isDeaf || !isDeaf(expected.map(toHeard), now())) return;
    this.#isLeaving = true;
    try {
      if (!(await homes.noteDeaf())) return;
      homes.sayDeaf();
      const silent = expected.filter((feed) => toHeard(feed).isOwn && feed.state.state !== 'live');
      log.warn({ feeds: silent.length }, 'nothing gets through to this node: other nodes take its feeds');
      for (const feed of silent) if (await this.#canGo(feed)) feeds.letGo(feed);
    } catch (error) {
      log.warn(
        { error: (error as Error).message },
        'nothing gets through to this node, and nobody can be asked',
      );
    } finally {
      this.#isLeaving = false;
    }
  }

  /** A camera that only this node can pull stays here. */
  async #canGo({ info: { id, source } }: Feed): Promise<boolean> {
    return source === 'edge' || this.#options.homes.hasOtherPuller(id);
  }
}

function toHeard({ info, isRelayed, onDemand, state }: Feed) {
  return { isOwn: onDemand && !isRelayed, facilityId: info.facilityId, state };
}
