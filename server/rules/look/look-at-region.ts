import type { Area } from '#contract/nation.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Finding, LookAtRegion } from '../finding.ts';
import { lookAtArea } from './area.ts';
import { lookAtCare } from './care.ts';
import { lookAtClocks } from './clocks.ts';
import type { Sight } from './sight.ts';
import { lookAtVideo, whyUnseen } from './video.ts';

const MINUTE_MS = 60_000;
/** A facility of which nothing was recorded for so long, and whose cameras are lost, is silent; our judgment. */
const SILENT_MS = 15 * MINUTE_MS;
/** So long after the last event whose clock was ahead, it counts as set right; our judgment. */
const DRIFT_SEEN_MS = 60 * MINUTE_MS;

/** Looks at what is live with every rule. */
export function createLook(
  registry: Pick<Registry, 'nation'>,
  view: Pick<LiveView, 'area' | 'feed'>,
): LookAtRegion {
  const areasOf = Map.groupBy(registry.nation.areas, ({ regionId }) => regionId);
  return (regionId, nowMs, { unplaced, drifts }) => {
    const findings: Finding[] = [];
    const times: number[] = [];
    for (const area of areasOf.get(regionId) ?? []) {
      const status = view.area(area.id);
      findings.push(...lookAtVideo(area, status, (feedId) => view.feed(feedId)));
      if (!status) continue;
      const feeds = area.feeds.flatMap(({ id }) => view.feed(id) ?? []);
      const dark = whyUnseen(area, status, feeds);
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
    const facilities = lookAtFacilities(areasOf.get(regionId) ?? [], view, nowMs);
    findings.push(...facilities.findings);
    times.push(...facilities.times);
    for (const { facilityId, aheadMs, atMs } of drifts) {
      if (nowMs >= atMs + DRIFT_SEEN_MS) continue;
      times.push(atMs + DRIFT_SEEN_MS);
      const params = { seconds: Math.round(aheadMs / 1000) };
      findings.push({ key: `clock-drift:${facilityId}`, rule: 'clock-drift', facilityId, params });
    }
    return { findings, nextAtMs: times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b)) };
  };
}

/**
 * All cameras of a facility are lost when two or more of its feeds were asked for and every one of them is lost; it is
 * silent when nothing was recorded for a while either.
 */
function lookAtFacilities(
  areas: readonly Area[],
  view: Pick<LiveView, 'area' | 'feed'>,
  nowMs: number,
): Sight {
  const findings: Finding[] = [];
  const times: number[] = [];
  for (const [facilityId, own] of Map.groupBy(areas, (area) => area.facilityId)) {
    const known = own.flatMap(({ feeds }) => feeds.flatMap(({ id }) => view.feed(id) ?? []));
    const asked = known.filter(({ state }) => state !== 'idle');
    if (asked.length < 2 || asked.some(({ state }) => state !== 'lost')) continue;
    findings.push({ key: `cameras-lost:${facilityId}`, rule: 'cameras-lost', facilityId, params: {} });
    const heard = own.map(({ id }) => Date.parse(view.area(id)?.updatedAt ?? '')).filter(Number.isFinite);
    const silentMs = heard.reduce((a, b) => Math.max(a, b), 0) + SILENT_MS;
    if (silentMs > nowMs) times.push(silentMs);
    else
      findings.push({
        key: `facility-silent:${facilityId}`,
        rule: 'facility-silent',
        facilityId,
        params: {},
      });
  }
  return { findings, times };
}
