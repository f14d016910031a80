import type { AreaId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { repeat } from '../../concurrency/repeat.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Now } from '../ports.ts';
import { Certainty } from './certainty.ts';

/** How often it is looked how far regions have got; also how soon it is noticed that Redis is away. */
const LOOK_MS = 250;
const START = '0-0';

interface CertaintyWatchOptions {
  redis: Redis;
  registry: Pick<Registry, 'nation'>;
  view: Pick<LiveView, 'current'>;
  now: Now;
}

/** Watches whether status can be relied on, for the regions in which something hangs on it. */
export class CertaintyWatch implements AsyncDisposable {
  readonly #options: CertaintyWatchOptions;
  readonly #certainty = new Certainty();
  readonly #areas: ReadonlyMap<RegionId, ReadonlySet<AreaId>>;
  readonly #last = new Map<RegionId, boolean>();
  readonly #looking: AsyncDisposable;
  #isLooking = false;
  #listener: (areaIds: ReadonlySet<AreaId>) => void = () => {};

  constructor(options: CertaintyWatchOptions) {
    this.#options = options;
    const concerned = options.registry.nation.areas.filter(
      ({ privacy }) => privacy === 'forbidden-when-occupied',
    );
    this.#areas = new Map(
      [...Map.groupBy(concerned, ({ regionId }) => regionId)].map(([regionId, areas]) => [
        regionId,
        new Set(areas.map(({ id }) => id)),
      ]),
    );
    // Reads that fail say nothing: what is not looked at becomes uncertain by itself.
    this.#looking = repeat(() => this.#tick(), { everyMs: LOOK_MS, onError: () => {} });
  }

  /** Whether status says how a region is, as of now. */
  isCertain(regionId: RegionId): boolean {
    return this.#options.view.current && this.#certainty.isCertain(regionId, this.#options.now());
  }

  /** Told of areas of which it has become known, or is not known any more, whether anybody is inside. */
  onChange(listener: (areaIds: ReadonlySet<AreaId>) => void): void {
    this.#listener = listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#looking[Symbol.asyncDispose]();
  }

  #tick(): void {
    // A read that waits for Redis must not hold up the news that Redis is away.
    if (!this.#isLooking) {
      this.#isLooking = true;
      void this.#look()
        .catch(() => {})
        .finally(() => {
          this.#isLooking = false;
        });
    }
    this.#tell();
  }

  async #look(): Promise<void> {
    const { redis, now } = this.#options;
    await Promise.all(
      Array.from(this.#areas.keys(), async (regionId) => {
        // The position first: what comes in between makes it look behind, never ahead.
        const [position, newest] = await Promise.all([
          redis.get(keys.custodyPosition(regionId)),
          redis.xRevRange(keys.custody(regionId), '+', '-', { COUNT: 1 }),
        ]);
        const [, projected = START] = (position ?? '').split(' ');
        const last = newest?.[0]?.id ?? START;
        this.#certainty.note(regionId, { last, projected }, now());
      }),
    );
    this.#tell();
  }

  #tell(): void {
    const changed = new Set<AreaId>();
    for (const [regionId, areaIds] of this.#areas) {
      const isCertain = this.isCertain(regionId);
      // Until the first look nothing is certain.
      const was = this.#last.get(regionId) ?? false;
      this.#last.set(regionId, isCertain);
      if (was !== isCertain) for (const areaId of areaIds) changed.add(areaId);
    }
    if (changed.size > 0) this.#listener(changed);
  }
}
