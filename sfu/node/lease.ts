import { NODE_HEARTBEAT_MS, NODE_LEASE_MS, type NodeRecord } from '#contract/registry.ts';

/** Where the node's record goes. Every call may reject. */
export interface LeaseStore {
  /** Called after every connect: this node's traces from before are cleared, and all that holds is written anew. */
  register(record: NodeRecord): Promise<void>;
  renew(record: NodeRecord): Promise<void>;
  withdraw(record: NodeRecord): Promise<void>;
}

export interface LeaseOptions {
  store: LeaseStore;
  /** Describes the node as it is now. It waits for nothing: a lease that waited for a worker would be lost with it. */
  describe(): NodeRecord;
  /** Milliseconds since 1970. */
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Keeps this node in the registry. While it cannot, others take it for gone, and it knows that they do. */
export class Lease implements AsyncDisposable {
  readonly #options: LeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #renewedAt: number | undefined;
  #isStarted = false;
  #isRegistered = false;
  #renewing: Promise<void> | undefined;
  #closed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Starts to renew. */
  start(): void {
    this.#isStarted = true;
    this.#timer = setInterval(() => void this.#renew(), NODE_HEARTBEAT_MS);
    void this.#renew();
  }

  /** Whether others take this node for gone. */
  get lapsed(): boolean {
    return this.#renewedAt === undefined || this.#options.now() - this.#renewedAt > NODE_LEASE_MS;
  }

  /** Something of the node is to be known at once, and told to everybody. */
  async announce(): Promise<void> {
    await this.#renewing;
    this.#isRegistered = false;
    await this.#renew();
  }

  /** Redis is (back) there: say at once that we are. */
  handleConnected(): void {
    this.#isRegistered = false;
    // Before it is started, nobody could reach this node: whoever finds it in the registry would take it for dead.
    if (this.#isStarted) void this.#renew();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    try {
      if (this.#isRegistered) await this.#options.store.withdraw({ ...this.#options.describe(), gone: true });
    } catch (error) {
      this.#options.log.warn(
        { error: (error as Error).message },
        'could not take leave of the registry; the lease will',
      );
    }
  }

  /** One at a time; never rejects. */
  #renew(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#renewing ??= this.#renewNow().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewNow(): Promise<void> {
    const { store, log } = this.#options;
    try {
      const record = this.#options.describe();
      if (this.#isRegistered) await store.renew(record);
      else {
        await store.register(record);
        this.#isRegistered = true;
        log.info({ nodeId: record.nodeId, controlUrl: record.controlUrl }, 'registered');
      }
      this.#renewedAt = this.#options.now();
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'lease not renewed');
    }
  }
}
