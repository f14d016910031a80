import type { AreaId, RegionId } from '#contract/ids.ts';
import { isUrgent } from '../flags/loud.ts';
import type { LiveState } from '../store/live-store.ts';
import { liveOf, type RegionLive } from '../store/region-sync.ts';
import { worstSeverity } from './order.ts';

type FlagsByArea = RegionLive['flagsByArea'];
type RegionSeverities = { flagsByArea: FlagsByArea | undefined; byArea: ReadonlyMap<AreaId, number> };

/** The worst flag that speaks up, of every area that has one. */
export interface Severities {
  /**
   * Takes over what is known now. `changed`: some area has come, gone, or got another level since the last time. `urgent`:
   * some area has come to need somebody at once.
   */
  read(state: LiveState): { changed: boolean; urgent: boolean };
  of(areaId: AreaId): number | undefined;
}

/** Looks only at regions whose flags are other ones than the last time. */
export function createSeverities(): Severities {
  const regions = new Map<RegionId, RegionSeverities>();
  let all: ReadonlyMap<AreaId, number> = new Map();

  function readRegion(regionId: RegionId, flagsByArea: FlagsByArea | undefined) {
    const before = regions.get(regionId);
    if (before && before.flagsByArea === flagsByArea) return { changed: false, urgent: false };
    const byArea = new Map<AreaId, number>();
    for (const [areaId, flags] of flagsByArea ?? []) {
      const severity = worstSeverity(flags);
      if (severity !== undefined) byArea.set(areaId, severity);
    }
    regions.set(regionId, { flagsByArea, byArea });
    const others = [...byArea].filter(([areaId, severity]) => before?.byArea.get(areaId) !== severity);
    return {
      changed: others.length > 0 || byArea.size !== (before?.byArea.size ?? 0),
      urgent: others.some(
        ([areaId, severity]) => isUrgent(severity) && severity < (before?.byArea.get(areaId) ?? Infinity),
      ),
    };
  }

  return {
    read({ regions: now }) {
      let [changed, urgent] = [false, false];
      for (const [regionId, sync] of Object.entries(now)) {
        const step = readRegion(regionId, liveOf(sync)?.flagsByArea);
        changed ||= step.changed;
        urgent ||= step.urgent;
      }
      if (changed) all = new Map([...regions.values()].flatMap(({ byArea }) => [...byArea]));
      return { changed, urgent };
    },
    of: (areaId) => all.get(areaId),
  };
}
