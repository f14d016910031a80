import type { RegionId } from '#contract/ids.ts';
import { changedCases } from './cases/case-summary.ts';
import type { EventStore, StreamEntry } from './event-store.ts';
import type { Basis } from './state/basis.ts';
import { applyToRegion } from './state/region-custody.ts';
import { toFields } from './state/state-fields.ts';
import type { Projection, StateStore } from './state-store.ts';

/** Events that are read at once when a region is rebuilt. */
const REBUILD_CHUNK = 1_000;

export interface PartitionLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface PartitionOptions {
  regionId: RegionId;
  events: Pick<EventStore, 'readAfter' | 'index'>;
  states: StateStore;
  basis: Basis;
  log: PartitionLog;
}

/**
 * The projection of one region's events. What it has in memory is only ever a copy of what Redis holds at its position;
 * after any doubt the owner drops it and opens another.
 */
export class Partition {
  readonly regionId: RegionId;
  readonly #options: PartitionOptions;
  #projection: Projection;

  /** Reads the state from Redis; builds it anew from the stream if it is of another version. */
  static async open(options: PartitionOptions): Promise<Partition | undefined> {
    const projection = await options.states.load(options.regionId);
    const partition = new Partition(options, projection);
    if (!projection.outdated) return partition;
    return (await partition.#rebuild()) ? partition : undefined;
  }

  private constructor(options: PartitionOptions, projection: Projection) {
    this.regionId = options.regionId;
    this.#options = options;
    this.#projection = projection;
  }

  /** The last event that was projected; the next ones come after it. */
  get streamId(): string {
    return this.#projection.streamId;
  }

  /** Projects the next events and commits the outcome. False if another replica was faster: this copy is then worthless. */
  async project(entries: readonly StreamEntry[]): Promise<boolean> {
    const last = entries.at(-1);
    if (!last) return true;
    const { basis, states } = this.#options;
    const applied = applyToRegion(this.#projection.state, this.#readable(entries), basis);
    const position = await states.commit(this.regionId, this.#projection.position, {
      streamId: last.streamId,
      fields: toFields(applied),
      statuses: applied.statuses,
      histories: applied.histories,
      unplaced: applied.unplaced,
      cases: changedCases(this.regionId, this.#projection.state, applied),
    });
    if (position === undefined) return false;
    this.#projection = { position, streamId: last.streamId, state: applied.region, outdated: false };
    return true;
  }

  /**
   * Folds the whole stream beside the present state, piece by piece, and swaps it in at the end, so that nobody sees the
   * past go by and nothing has to hold all of it at once.
   */
  async #rebuild(): Promise<boolean> {
    const { events, basis, states, log } = this.#options;
    const { regionId } = this;
    log.info({ region: regionId }, 'custody state is of another version; building it anew');
    const build = states.beginBuild();
    let { state, streamId } = this.#projection;
    let count = 0;
    for (;;) {
      const entries = await events.readAfter(regionId, streamId, REBUILD_CHUNK);
      await events.index(regionId, entries);
      const applied = applyToRegion(state, this.#readable(entries), basis);
      await states.stage(regionId, build, {
        fields: toFields(applied),
        histories: applied.histories,
        unplaced: applied.unplaced,
        cases: changedCases(regionId, state, applied),
      });
      state = applied.region;
      streamId = entries.at(-1)?.streamId ?? streamId;
      count += entries.length;
      if (entries.length < REBUILD_CHUNK) break;
    }
    const statuses = [...state.values()].flatMap((facility) => [...facility.statuses.values()]);
    const position = await states.swap(regionId, this.#projection.position, { build, streamId, statuses });
    if (position === undefined) return false;
    log.info({ region: regionId, events: count }, 'custody state is built anew');
    this.#projection = { position, streamId, state, outdated: false };
    return true;
  }

  #readable(entries: readonly StreamEntry[]) {
    return entries.flatMap(({ stored, streamId }) => {
      if (stored) return [stored];
      // Passing over it keeps one bad entry from stopping a region for ever; the stream still has it.
      this.#options.log.error({ region: this.regionId, streamId }, 'a custody event cannot be read');
      return [];
    });
  }
}
