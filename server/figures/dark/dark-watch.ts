import type { RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { Leases } from '../../adapters/redis/leases.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { DarkStore, StoredRecord } from './dark-store.ts';
import { look } from './look.ts';
import { type Looked, planLook } from './plan-look.ts';

export interface DarkWatchOptions {
  store: DarkStore;
  view: Pick<LiveView, 'area' | 'feed' | 'current' | 'onDelta'>;
  registry: Pick<Registry, 'nation'>;
  leases: Pick<Leases, 'hold' | 'release'>;
  now: () => number;
  log: { warn(fields: object, message: string): void };
  /** @default 2000 */
  lookMs?: number;
}

/** How often a region is looked at; a change that news tell of is put where it says that it was. */
const LOOK_MS = 2_000;
/** Every area is looked at so often in any case, for what no news told of. */
const ROUND_MS = 60_000;

/**
 * Keeps the account of areas that no camera shows. One replica does it for a region at a time (a lease says which); what
 * it writes depends on the last look in Redis, so that it may be killed, or doubled, at any point.
 */
export class DarkWatch implements AsyncDisposable {
  readonly #options: DarkWatchOptions;
  readonly #areasOf: ReadonlyMap<RegionId, readonly Area[]>;
  readonly #known = new Map<RegionId, StoredRecord>();
  /** What a region showed when every area of it was last looked at. */
  readonly #looked = new Map<RegionId, { looked: Looked; atMs: number }>();
  readonly #stopListening: () => void;
  readonly #polling: Repeated;

  constructor(options: DarkWatchOptions) {
    this.#options = options;
    this.#areasOf = Map.groupBy(options.registry.nation.areas, ({ regionId }) => regionId);
    this.#stopListening = options.view.onDelta((delta) => {
      if (delta.areas || delta.feeds) this.#looked.delete(delta.regionId);
    });
    this.#polling = repeat(() => this.#poll(), {
      everyMs: options.lookMs ?? LOOK_MS,
      onError: (error) => options.log.warn({ err: error }, 'the account of time without video stands still'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    await this.#polling[Symbol.asyncDispose]();
    const held = [...this.#known.keys()];
    this.#known.clear();
    await Promise.allSettled(held.map((regionId) => this.#options.leases.release(leaseOf(regionId))));
  }

  async #poll(): Promise<void> {
    const { view, leases } = this.#options;
    // A mirror that may be out of date has not looked.
    if (!view.current) return;
    const outcomes = await Promise.allSettled(
      Array.from(this.#areasOf.keys(), async (regionId) => {
        if (await leases.hold(leaseOf(regionId))) await this.#lookAt(regionId);
        else this.#known.delete(regionId);
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #lookAt(regionId: RegionId): Promise<void> {
    const { store, now } = this.#options;
    const before = this.#known.get(regionId) ?? (await store.load(regionId));
    this.#known.delete(regionId);
    const nowMs = now();
    const after = await store.commit(
      regionId,
      before,
      planLook(before.record, this.#lookedAt(regionId, nowMs), nowMs),
    );
    // Otherwise somebody else has looked: what is on record is read again the next time.
    if (after) this.#known.set(regionId, after);
  }

  #lookedAt(regionId: RegionId, nowMs: number): Looked {
    const known = this.#looked.get(regionId);
    if (known && nowMs - known.atMs < ROUND_MS) return known.looked;
    const looked = look(this.#areasOf.get(regionId) ?? [], this.#options.view, nowMs);
    this.#looked.set(regionId, { looked, atMs: nowMs });
    return looked;
  }
}

function leaseOf(regionId: RegionId): string {
  return `dark:${regionId}`;
}
