import type { AreaFilter } from '#contract/area-filter.ts';
import type { CaseSummary } from '#contract/cases.ts';
import { type Clock, clockUrgency, mostUrgentClock } from '#contract/clocks.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Registry } from '../store/registry.ts';

export type CaseOrder = 'urgent' | 'place';

/** A line of the list: a person, or the name of the facility above its people. */
export type CaseRow =
  | { kind: 'case'; summary: CaseSummary; clock: Clock | undefined }
  | { kind: 'place'; facilityId: string; count: number };

interface Wish {
  filter: AreaFilter;
  /** Areas that the filter lets through, as on the wall. */
  matched: ReadonlySet<AreaId>;
  /** Part of a case number. */
  text: string;
  order: CaseOrder;
  registry: Registry | undefined;
  nowMs: number;
}

/** The people that are asked for, in the order that is asked for. */
export function caseRows(cases: readonly CaseSummary[], wish: Wish): CaseRow[] {
  const text = wish.text.trim().toLowerCase();
  const rows = cases
    .filter((one) => one.caseId.includes(text) && passes(one, wish))
    .map((summary) => ({
      kind: 'case' as const,
      summary,
      clock: mostUrgentClock(summary.clocks, wish.nowMs),
    }))
    .toSorted(
      (a, b) => byUrgency(a.clock, b.clock, wish.nowMs) || (a.summary.caseId < b.summary.caseId ? -1 : 1),
    );
  if (wish.order === 'urgent') return rows;
  const rank = new Map(wish.registry?.facilities.map(({ id }, index) => [id, index]));
  const groups = [...Map.groupBy(rows, ({ summary }) => summary.facilityId)].toSorted(
    ([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
  );
  return groups.flatMap(([facilityId, own]) => [
    { kind: 'place' as const, facilityId, count: own.length },
    ...own,
  ]);
}

/**
 * The wall's filter, as far as it makes sense: who is in an area is shown when the area is. Who is in none is shown when
 * nothing but regions and facilities are asked for.
 */
function passes({ areaId, facilityId, regionId }: CaseSummary, { filter, matched }: Wish): boolean {
  if (areaId !== null) return matched.has(areaId);
  const { region, place, text, clock, flag, space, ...lists } = filter;
  if (text !== '' || clock !== null || flag !== null || space !== null) return false;
  if (Object.values(lists).some((list) => Array.isArray(list) && list.length > 0)) return false;
  return (
    (region.length === 0 || region.includes(regionId)) &&
    (place.length === 0 || place.includes(regionId) || place.includes(facilityId))
  );
}

function byUrgency(a: Clock | undefined, b: Clock | undefined, nowMs: number): number {
  if (!a || !b) return Number(a === undefined) - Number(b === undefined);
  return clockUrgency(a, nowMs) - clockUrgency(b, nowMs) || Date.parse(a.dueAt) - Date.parse(b.dueAt);
}
