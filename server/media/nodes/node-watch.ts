import type { NodeId } from '#contract/ids.ts';
import { NODE_LEASE_MS, NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { Log, Now } from '../ports.ts';
import {
  applyNews,
  applyScan,
  applyStoreLost,
  EMPTY_DIRECTORY,
  type NodeDirectory,
} from './node-directory.ts';

/** How often the registry is read in full, for news that got lost and leases that ended. */
const SCAN_MS = 1_000;

interface NodeWatchOptions {
  redis: Redis;
  log: Log;
  now: Now;
  /** The set of living nodes, or something that they say of themselves, is another than before. */
  onChange(nodes: ReadonlyMap<NodeId, NodeRecord>): void;
}

/** Follows the registry of sfu nodes. */
export class NodeWatch implements AsyncDisposable {
  readonly #options: NodeWatchOptions;
  readonly #scan: Repeated;
  #directory: NodeDirectory = EMPTY_DIRECTORY;
  #isStoreLost = false;

  constructor(options: NodeWatchOptions) {
    this.#options = options;
    this.#scan = repeat(() => this.#read(), {
      everyMs: SCAN_MS,
      onError: (error) => this.#handleStoreLost(error),
    });
  }

  get nodes(): ReadonlyMap<NodeId, NodeRecord> {
    return this.#directory.nodes;
  }

  /** Whether the store has been there for long enough that a node missing from the registry is gone. */
  get isSettled(): boolean {
    const { storeSinceMs } = this.#directory;
    return storeSinceMs !== undefined && this.#options.now() - storeSinceMs >= NODE_LEASE_MS;
  }

  /** A message of the channel of nodes. */
  handleNews(message: string): void {
    const record = parseRecord(message);
    if (record) this.#apply(applyNews(this.#directory, record));
    else this.#options.log.warn({}, 'unreadable news of an sfu node');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scan[Symbol.asyncDispose]();
  }

  async #read(): Promise<void> {
    const { redis, now } = this.#options;
    const nodeIds = await redis.sMembers(SFU_KEYS.nodes);
    const texts = await Promise.all(nodeIds.map((nodeId) => redis.get(SFU_KEYS.node(nodeId))));
    const records = texts.map((text) => (text === null ? undefined : parseRecord(text)));
    this.#isStoreLost = false;
    this.#apply(
      applyScan(
        this.#directory,
        records.filter((record) => record !== undefined),
        now(),
      ),
    );
  }

  #apply(directory: NodeDirectory): void {
    this.#directory = directory;
    this.#options.onChange(directory.nodes);
  }

  #handleStoreLost(error: unknown): void {
    this.#directory = applyStoreLost(this.#directory);
    if (this.#isStoreLost) return;
    this.#isStoreLost = true;
    this.#options.log.warn({ err: error }, 'registry of sfu nodes not readable; what is known stays');
  }
}

function parseRecord(text: string): NodeRecord | undefined {
  try {
    return NodeRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
