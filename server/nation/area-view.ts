import type { AreaView } from '#contract/areas.ts';
import { type Clock, clockStateAt, clockUrgency } from '#contract/clocks.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { LiveView } from '../live/live.ts';

/** The parts of live state that an area is joined with. */
export type AreaLive = Pick<LiveView, 'area' | 'feed' | 'flagsOf'>;

/** An area with all that is known of it at an instant (milliseconds since the epoch). */
export function toAreaView(area: Area, live: AreaLive, nowMs: number): AreaView {
  const status = live.area(area.id);
  const headcount = status?.headcount ?? 0;
  return {
    id: area.id,
    name: area.name,
    kind: area.kind,
    facilityId: area.facilityId,
    regionId: area.regionId,
    privacy: area.privacy,
    capacity: area.capacity,
    netAreaM2: area.netAreaM2,
    feeds: area.feeds.map(({ id, source, layers }) => {
      const feed = live.feed(id);
      // An area under a lawyer's visit is confidential whatever the media plane has heard so far.
      if (isConfidential(status)) return { id, source, layers, state: 'confidential' };
      return {
        id,
        source,
        layers,
        state: feed?.state ?? 'idle',
        ...(feed?.faults === undefined ? {} : { faults: feed.faults }),
      };
    }),
    headcount,
    m2PerPerson: headcount === 0 ? null : area.netAreaM2 / headcount,
    ...(status?.space ? { space: status.space } : {}),
    ...(status?.air ? { air: status.air } : {}),
    findings: status?.findings ?? [],
    clocks: byUrgency(status?.clocks ?? [], nowMs).map((clock) => ({
      ...clock,
      state: clockStateAt(clock, nowMs),
    })),
    vulnerabilities: status?.vulnerabilities ?? [],
    nextCheckDueAt: status?.nextCheckDueAt ?? null,
    confidentialSince: status?.confidentialSince ?? null,
    ...(status?.gate ? { gate: status.gate } : {}),
    ...(status?.visits ? { visits: status.visits } : {}),
    ...(status?.unmasked ? { unmasked: status.unmasked } : {}),
    flags: [...live.flagsOf(area.id)],
    updatedAt: status?.updatedAt ?? null,
  };
}

function isConfidential(status: AreaStatus | undefined): boolean {
  return status !== undefined && status.confidentialSince !== null;
}

/** Most urgent first, and of those as urgent the one that is due first. */
function byUrgency(clocks: readonly Clock[], nowMs: number): readonly Clock[] {
  return clocks.toSorted(
    (a, b) => clockUrgency(a, nowMs) - clockUrgency(b, nowMs) || Date.parse(a.dueAt) - Date.parse(b.dueAt),
  );
}
