import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Finding, LookAtRegion } from '../finding.ts';
import { lookAtArea } from './area.ts';
import { lookAtCare } from './care.ts';
import { lookAtClocks } from './clocks.ts';
import { lookAtDeparture } from './departure.ts';
import { lookAtFacility } from './facility.ts';
import { lookAtVideo } from './video.ts';
import { unseenIn } from './why-unseen.ts';

/** Looks at what is live with every rule. */
export function createLook(
  registry: Pick<Registry, 'nation'>,
  view: Pick<LiveView, 'area' | 'feed'>,
): LookAtRegion {
  const areasOf = Map.groupBy(registry.nation.areas, ({ regionId }) => regionId);
  return (regionId, nowMs, { unplaced, drifts, departures, contacts }) => {
    const findings: Finding[] = [];
    const times: number[] = [];
    const areas = areasOf.get(regionId) ?? [];
    const whyUnseen = unseenIn(areas, view, nowMs);
    for (const area of areas) {
      const status = view.area(area.id);
      const dark = whyUnseen(area);
      const headcount = status?.headcount ?? 0;
      findings.push(...lookAtVideo(area, { headcount, feedOf: (feedId) => view.feed(feedId), cause: dark }));
      if (!status) continue;
      for (const sight of [
        lookAtClocks({ facilityId: area.facilityId, areaId: area.id, clocks: status.clocks }, nowMs),
        lookAtArea(status, { capacity: area.capacity, nowMs }),
        lookAtCare(status, nowMs, dark === 'confidential' ? undefined : dark),
      ]) {
        findings.push(...sight.findings);
        times.push(...sight.times);
      }
    }
    // A limit runs out for those too who are on the way, or whom nobody has placed: the facility has to answer for them.
    for (const place of unplaced) {
      const sight = lookAtClocks(place, nowMs);
      findings.push(...sight.findings);
      times.push(...sight.times);
    }
    for (const departure of departures) {
      const sight = lookAtDeparture(departure, nowMs);
      findings.push(...sight.findings);
      times.push(...sight.times);
    }
    for (const [facilityId, own] of Map.groupBy(areas, (area) => area.facilityId)) {
      const heardMs = contacts.get(facilityId)?.lastMs;
      const sight = lookAtFacility({ facilityId, areas: own, heardMs, view }, nowMs);
      findings.push(...sight.findings);
      times.push(...sight.times);
    }
    for (const { facilityId, aheadMs, atMs } of drifts) {
      const overMs = atMs + lengthMsAt('drift-over', nowMs);
      if (nowMs >= overMs) continue;
      times.push(overMs);
      const params = { seconds: Math.round(aheadMs / 1000) };
      findings.push({ key: `clock-drift:${facilityId}`, rule: 'clock-drift', facilityId, params });
    }
    return { findings, nextAtMs: times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b)) };
  };
}
