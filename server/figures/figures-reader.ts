import { setImmediate } from 'node:timers/promises';
import type { Day } from '#contract/figures.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { Basis } from '../custody/state/basis.ts';
import type { Registry } from '../nation/registry.ts';
import type { DayTable } from './day-table.ts';
import type { FiguresStore } from './figures-store.ts';
import { RegionBook } from './region-book.ts';
import { addUp, type DaySums, type Sums, Tally } from './sums.ts';

/** What goes on is counted anew so often at most. */
const OPEN_KEPT_MS = 60_000;
/** Figures that are so far behind the events are not complete. */
const BEHIND_MS = 120_000;
/** Cases that are counted between two pauses for other work. */
const AT_ONCE = 20;

/** The sums of one facility on one day. */
export interface PlacedSums {
  regionId: RegionId;
  facilityId: FacilityId;
  day: Day;
  sums: Sums;
}

interface ReaderOptions {
  redis: Redis;
  store: FiguresStore;
  registry: Pick<Registry, 'nation' | 'areasOf' | 'facility'>;
  basis: Basis;
  days: DayTable;
  now: () => number;
}

interface OpenPart {
  atMs: number;
  byFacility: Promise<ReadonlyMap<FacilityId, DaySums>>;
}

/** Reads figures: the sums of what is closed, and what is open counted up to now. */
export class FiguresReader {
  readonly #options: ReaderOptions;
  /** What is open, by region: bounded by the registry. */
  readonly #open = new Map<RegionId, OpenPart>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** The sums of a region's facilities by day. */
  async read(regionId: RegionId, from: Day, to: Day): Promise<PlacedSums[]> {
    const stored = await this.#options.store.sums(regionId, monthsBetween(from, to));
    const open = await this.#openPart(regionId);
    const all = [
      ...stored,
      ...[...open].flatMap(([facilityId, days]) =>
        Object.entries(days).map(([day, sums]) => ({ facilityId, day, sums })),
      ),
    ];
    return all.filter(({ day }) => day >= from && day <= to).map((one) => ({ regionId, ...one }));
  }

  /** Whether every event that came some time ago is counted. */
  async isComplete(regionId: RegionId): Promise<boolean> {
    const { redis, store, now } = this.#options;
    const position = await store.position(regionId);
    if (!position) return false;
    const [next] =
      (await redis.xRange(keys.custody(regionId), `(${position.streamId}`, '+', { COUNT: 1 })) ?? [];
    return next === undefined || Number(next.id.split('-')[0]) > now() - BEHIND_MS;
  }

  #openPart(regionId: RegionId): OpenPart['byFacility'] {
    const nowMs = this.#options.now();
    const known = this.#open.get(regionId);
    if (known && nowMs - known.atMs < OPEN_KEPT_MS) return known.byFacility;
    const byFacility = this.#countOpen(regionId, nowMs);
    this.#open.set(regionId, { atMs: nowMs, byFacility });
    byFacility.catch(() => this.#open.delete(regionId));
    return byFacility;
  }

  async #countOpen(regionId: RegionId, nowMs: number): Promise<ReadonlyMap<FacilityId, DaySums>> {
    const { store, registry, basis, days } = this.#options;
    const found = new Map<FacilityId, DaySums>();
    for (const { id, regionId: region } of registry.nation.facilities) {
      if (region !== regionId) continue;
      const areasOf = (facilityId: FacilityId) => registry.areasOf(facilityId).map((area) => area.id);
      const isWithin = (facilityId: FacilityId) => registry.facility(facilityId)?.regionId === regionId;
      const book = new RegionBook({ source: store.source(regionId), basis, days, areasOf, isWithin });
      const tally = new Tally();
      for (const [index, doc] of (await store.openDocs(regionId, id)).entries()) {
        tally.addAll(await book.count(doc, nowMs));
        if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
      }
      found.set(id, tally.toDays());
    }
    return found;
  }
}

/** Adds figures up by whatever a key says. */
export function groupSums<K>(all: readonly PlacedSums[], keyOf: (one: PlacedSums) => K): Map<K, Sums> {
  return new Map(
    [...Map.groupBy(all, keyOf)].map(([key, group]) => [key, addUp(group.map(({ sums }) => sums))]),
  );
}

function monthsBetween(from: Day, to: Day): string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = from.split('-').map(Number);
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > to.slice(0, 7)) return months;
    months.push(name);
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
}
