import type { FeedStatus } from '#contract/feeds.ts';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { AreaId, FeedId, FlagId, RegionId } from '#contract/ids.ts';
import type { RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { DeltaRecords } from './live.ts';

/** What is live in one region, as last heard. */
export class RegionMirror {
  readonly regionId: RegionId;
  readonly areas = new Map<AreaId, AreaStatus>();
  readonly feeds = new Map<FeedId, FeedStatus>();
  /** Open flags. */
  readonly flags = new Map<FlagId, Flag>();
  readonly #flagsByArea = new Map<AreaId, readonly Flag[]>();
  #seq = 0;

  constructor(regionId: RegionId) {
    this.regionId = regionId;
  }

  get seq(): number {
    return this.#seq;
  }

  flagsOf(areaId: AreaId): readonly Flag[] {
    return this.#flagsByArea.get(areaId) ?? [];
  }

  /** Takes over what changed, and its number. */
  apply({ seq, areas = [], feeds = [], flags = [] }: { seq: number } & DeltaRecords): void {
    for (const status of areas) this.areas.set(status.areaId, status);
    for (const status of feeds) this.feeds.set(status.feedId, status);
    for (const flag of flags) this.#applyFlag(flag);
    this.#seq = seq;
  }

  toSnapshot(): RegionSnapshot {
    return {
      regionId: this.regionId,
      seq: this.#seq,
      areas: [...this.areas.values()],
      feeds: [...this.feeds.values()],
      flags: [...this.flags.values()],
    };
  }

  /** Records of a snapshot that differ from what is known here. Open flags that it lacks are for the caller to look up. */
  differences(snapshot: RegionSnapshot): Pick<RegionSnapshot, 'areas' | 'feeds' | 'flags'> {
    return {
      areas: snapshot.areas.filter((status) => differs(this.areas.get(status.areaId), status)),
      feeds: snapshot.feeds.filter((status) => differs(this.feeds.get(status.feedId), status)),
      flags: snapshot.flags.filter((flag) => differs(this.flags.get(flag.id), flag)),
    };
  }

  /** Flags that are open here and not in a snapshot: they were closed in the meanwhile. */
  closedIn(snapshot: RegionSnapshot): FlagId[] {
    const open = new Set(snapshot.flags.map(({ id }) => id));
    return [...this.flags.keys()].filter((id) => !open.has(id));
  }

  #applyFlag(flag: Flag): void {
    if (isOpenFlag(flag)) this.flags.set(flag.id, flag);
    else this.flags.delete(flag.id);
    // A flag on a whole facility belongs to none of its areas.
    if (flag.areaId === undefined) return;
    const others = this.flagsOf(flag.areaId).filter(({ id }) => id !== flag.id);
    const open = isOpenFlag(flag) ? [...others, flag].sort(bySeverity) : others;
    if (open.length > 0) this.#flagsByArea.set(flag.areaId, open);
    else this.#flagsByArea.delete(flag.areaId);
  }
}

/** The number of the change that leads on from a snapshot or a delta. */
export function follows(mirror: RegionMirror, delta: RegionDelta): 'next' | 'known' | 'gap' {
  if (delta.seq <= mirror.seq) return 'known';
  return delta.seq === mirror.seq + 1 ? 'next' : 'gap';
}

function bySeverity(a: Flag, b: Flag): number {
  return a.severity - b.severity || raisedAtMs(a) - raisedAtMs(b) || (a.id < b.id ? -1 : 1);
}

function raisedAtMs(flag: Flag): number {
  return Date.parse(flag.history[0]?.at ?? '');
}

function differs(known: object | undefined, found: object): boolean {
  return known === undefined || JSON.stringify(known) !== JSON.stringify(found);
}
