import { type Clock, compareInstants, remainingMsAt } from '#contract/clocks.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import { type Flag, isOpenFlag, shelvingAt } from '#contract/flags.ts';
import type { HandoverEntry, HandoverKind } from '#contract/handover.ts';
import type { CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { unseenIn } from '../rules/look/why-unseen.ts';

/** Something to hand over, before it is in an item. */
export interface Collected {
  kind: HandoverKind;
  regionId: RegionId;
  severity?: Flag['severity'];
  entry: HandoverEntry;
}

/** Somebody in custody who is in no area, and the clocks that run for them. */
export interface Unplaced {
  facilityId: FacilityId;
  caseId: CaseId;
  clocks: readonly Clock[];
}

/** What is live in a region, as far as it is handed over. */
export interface RegionNow {
  regionId: RegionId;
  areas: readonly Area[];
  statusOf(areaId: string): AreaStatus | undefined;
  feedOf(feedId: string): FeedStatus | undefined;
  /** Open flags, and those that were closed since the last handover. */
  flags: readonly Flag[];
  unplaced: readonly Unplaced[];
}

/** People who need somebody to know of them; being a woman or held for an offence is no risk. */
const AT_RISK = ['at-risk', 'minor', 'vulnerable', 'intoxicated'] as const;
/** Closed flags of these levels are told by name; the others are counted. */
const TOLD_CLOSED = 2;

/** Everything of a region that the person who comes has to know at an instant. Pure. */
export function collectRegion(now: RegionNow, at: { nowMs: number; shiftEndsMs: number }): Collected[] {
  const { regionId } = now;
  const open = now.flags.filter(isOpenFlag);
  const whyUnseen = unseenIn(now.areas, { area: now.statusOf, feed: now.feedOf }, at.nowMs);
  const hasFlag = new Set(open.map(({ areaId, category }) => `${category} ${areaId}`));
  return [
    ...now.flags.flatMap((flag) => toFlag(flag, at.nowMs)),
    ...now.areas.flatMap((area): Collected[] => {
      const status = now.statusOf(area.id);
      if (!status) return [];
      const place = { facilityId: area.facilityId, areaId: area.id };
      const one = (kind: HandoverKind, entry: Omit<HandoverEntry, 'facilityId' | 'areaId'>): Collected => ({
        kind,
        regionId,
        entry: { ...entry, ...place },
      });
      const found: Collected[] = [];
      const cause = status.headcount > 0 ? whyUnseen(area) : undefined;
      if (cause !== undefined && cause !== 'confidential' && !hasFlag.has(`no-video ${area.id}`))
        found.push(one('dark', { key: `dark/${area.id}`, at: status.updatedAt, cause }));
      const vulnerabilities = AT_RISK.filter((name) => status.vulnerabilities.includes(name));
      if (status.headcount > 0 && vulnerabilities.length > 0)
        found.push(
          one('risk', {
            key: `risk/${area.id}/${vulnerabilities.join('+')}`,
            at: status.updatedAt,
            vulnerabilities,
          }),
        );
      for (const clock of status.clocks.filter((clock) => runsOut(clock, at)))
        found.push(one('clock', toClock(clock)));
      const { nextCheckDueAt } = status;
      const isOverdue = nextCheckDueAt !== null && Date.parse(nextCheckDueAt) < at.nowMs;
      if (status.headcount > 0 && isOverdue && !hasFlag.has(`missed-check ${area.id}`))
        found.push(one('check', { key: `check/${area.id}/${nextCheckDueAt}`, at: nextCheckDueAt }));
      if (status.confidentialSince !== null)
        found.push(
          one('gate', { key: `gate/${area.id}/${status.confidentialSince}`, at: status.confidentialSince }),
        );
      return found;
    }),
    ...now.unplaced.flatMap((person) => toUnplaced(person, regionId, at)),
  ];
}

/** Nobody sees them on the wall: that they are there is handed over, and what runs out for them. */
function toUnplaced(
  { facilityId, caseId, clocks }: Unplaced,
  regionId: RegionId,
  at: { nowMs: number; shiftEndsMs: number },
): Collected[] {
  const [sinceAt = new Date(at.nowMs).toISOString()] = clocks
    .map(({ anchorAt }) => anchorAt)
    .toSorted(compareInstants);
  return [
    {
      kind: 'unplaced',
      regionId,
      entry: { key: `unplaced/${facilityId}/${caseId}`, facilityId, at: sinceAt, caseId },
    },
    ...clocks
      .filter((clock) => runsOut(clock, at))
      .map((clock): Collected => ({ kind: 'clock', regionId, entry: { ...toClock(clock), facilityId } })),
  ];
}

function toClock({ caseId, normSet, limit, dueAt }: Clock): Omit<HandoverEntry, 'facilityId' | 'areaId'> {
  return {
    key: `clock/${caseId}/${normSet}/${limit}/${dueAt}`,
    at: dueAt,
    caseId,
    limit: `${normSet}/${limit}`,
  };
}

/** A limit that counts and is due within the shift that comes, or was due before it. Duties have flags when they are late. */
function runsOut(clock: Clock, { nowMs, shiftEndsMs }: { nowMs: number; shiftEndsMs: number }): boolean {
  if (clock.shadowed || clock.kind === 'duty' || clock.kind === 'accumulation') return false;
  return nowMs + remainingMsAt(clock, nowMs) <= shiftEndsMs;
}

function toFlag(flag: Flag, nowMs: number): Collected[] {
  const isOpen = isOpenFlag(flag);
  const last = flag.history.at(-1);
  const first = flag.history[0];
  if (!first || !last || (!isOpen && flag.severity > TOLD_CLOSED)) return [];
  const aside = shelvingAt(flag, nowMs);
  const takenBy = flag.history.findLast(({ by }) => by.kind === 'person');
  const { id, category, severity, state, note, rule } = flag;
  return [
    {
      kind: isOpen ? 'flag' : 'change',
      regionId: flag.regionId,
      severity,
      entry: {
        // What is put aside is to be known of by name, also by who has acknowledged it before.
        key: `flag/${id}/${state}${aside ? `/aside/${aside.id}` : ''}`,
        facilityId: flag.facilityId,
        ...(flag.areaId === undefined ? {} : { areaId: flag.areaId }),
        at: isOpen ? first.at : last.at,
        flag: {
          id,
          category,
          severity,
          state,
          note,
          rule,
          ...(state !== 'raised' && takenBy ? { takenBy: takenBy.assignee ?? takenBy.by.name } : {}),
          ...(aside ? { shelved: { until: aside.until, by: aside.by.name, reason: aside.reason } } : {}),
          ...(last.reason === undefined ? {} : { reason: last.reason }),
        },
      },
    },
  ];
}
