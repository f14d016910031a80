import type { FacilityId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Finding, LookAtRegion } from '../finding.ts';
import { lookAtArea } from './area.ts';
import { lookAtClocks } from './clocks.ts';
import { lookAtVideo } from './video.ts';

/** Looks at what is live with every rule. */
export function createLook(
  registry: Pick<Registry, 'nation'>,
  view: Pick<LiveView, 'area' | 'feed'>,
): LookAtRegion {
  const areasOf = Map.groupBy(registry.nation.areas, ({ regionId }) => regionId);
  return (regionId, nowMs, { unplaced }) => {
    const findings: Finding[] = [];
    const times: number[] = [];
    for (const area of areasOf.get(regionId) ?? []) {
      const status = view.area(area.id);
      findings.push(...lookAtVideo(area, status, (feedId) => view.feed(feedId)));
      if (!status) continue;
      for (const sight of [lookAtClocks(status, nowMs), lookAtArea(status, nowMs)]) {
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
    findings.push(...lookAtFacilities(areasOf.get(regionId) ?? [], view));
    return { findings, nextAtMs: times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b)) };
  };
}

/** A facility is silent when two or more of its feeds were asked for and every one of them is lost. */
function lookAtFacilities(areas: readonly Area[], view: Pick<LiveView, 'feed'>): Finding[] {
  const byFacility = Map.groupBy(areas, ({ facilityId }) => facilityId);
  return [...byFacility].flatMap(([facilityId, own]) => {
    const known = own
      .flatMap(({ feeds }) => feeds.map(({ id }) => view.feed(id)))
      .filter((feed) => feed !== undefined && feed.state !== 'idle');
    const isSilent = known.length >= 2 && known.every((feed) => feed?.state === 'lost');
    return isSilent ? [toSilence(facilityId)] : [];
  });
}

function toSilence(facilityId: FacilityId): Finding {
  return { key: `facility-silent:${facilityId}`, rule: 'facility-silent', facilityId, params: {} };
}
