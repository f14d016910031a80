import { GRANT_TTL_SECONDS } from '#contract/grants.ts';

/** How often it is looked. */
const LOOK_MS = 1_000;

export interface IsolationOptions {
  /** Whether a server has a control connection to this node. */
  isLinked(): boolean;
  /** Whether others take this node for gone. */
  hasLapsed(): boolean;
  /** Called again and again while it lasts. */
  onAlone(): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Notices that this node is of no use to anybody: it is cut off from Redis, and no server has been connected for as long
 * as a grant lives, so nobody who watches here can have a grant that is in force. What was published here has to go
 * where it is seen. As long as a server is connected, media go on though Redis is away.
 */
export class Isolation implements Disposable {
  readonly #options: IsolationOptions;
  readonly #timer: NodeJS.Timeout;
  #linkedAt: number;

  constructor(options: IsolationOptions) {
    this.#options = options;
    this.#linkedAt = options.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    const { isLinked, hasLapsed, onAlone, now } = this.#options;
    if (isLinked()) this.#linkedAt = now();
    else if (hasLapsed() && now() - this.#linkedAt >= GRANT_TTL_SECONDS * 1_000) onAlone();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
