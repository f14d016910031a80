import type { AreaId, FacilityId } from '#contract/ids.ts';
import { checkMinutes } from '../custody/state/area-status.ts';
import type { Basis } from '../custody/state/basis.ts';
import { type CaseView, countingEvents, foldCase } from '../custody/state/case-view.ts';
import { type Corrected, isStanding } from '../custody/state/corrections.ts';
import type { KeptEvent } from '../custody/state/kept-event.ts';
import type { LimitRun } from '../custody/state/limit-run.ts';
import { runsOf } from '../custody/state/limit-runs.ts';
import type { CaseDoc } from './case-doc.ts';
import { type Darkness, darkPieces, type Piece } from './dark/dark-time.ts';
import type { DayTable } from './day-table.ts';
import { type Elsewhere, elsewhereOf } from './elsewhere.ts';
import { withPeopleBehind } from './people-behind.ts';
import { type DaySums, SPACE_PREFIX, Tally } from './sums.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** Less room than this a person is a weighty factor, and a strong presumption, in Muršić v. Croatia (ECtHR, 2016). */
const SPACE_LINES = [
  { what: 'under4', belowM2: 4 },
  { what: 'under3', belowM2: 3 },
] as const;

/** Under which name time with so much room a person is counted: tenths of a m², never more than there was. */
function spaceName(m2: number): string {
  return `${SPACE_PREFIX}${Math.floor(m2 * 10)}`;
}

/** A time in an area. */
export type Stay = Piece & { areaId: AreaId };

/** What the figures of a case depend on beside its own events. */
export interface Surroundings {
  basis: Basis;
  days: DayTable;
  corrections: Corrected;
  /** Instants of the checks of an area that count, in order. */
  checksOf(areaId: AreaId): readonly number[];
  darkness: Darkness;
  /** Times of the others in an area; `toMs` infinite for who is still there. */
  othersIn(areaId: AreaId): readonly Piece[];
  /** Whether a facility is one of the region that is counted. */
  isWithin(facilityId: FacilityId): boolean;
}

/** Where the person was, for figures: what goes on goes on until now. */
export function staysOf(view: Pick<CaseView, 'stays'>, nowMs: number): Stay[] {
  return view.stays
    .map(({ areaId, span: [fromMs, toMs] }) => ({ areaId, fromMs, toMs: toMs ?? nowMs }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
}

export function viewOf(doc: CaseDoc, { basis, corrections }: Pick<Surroundings, 'basis' | 'corrections'>) {
  return foldCase(doc.caseId, doc.log, basis.lawOf(doc.facilityId), corrections);
}

/**
 * What a case adds to the figures of its facility, by day. A pure function of its events and of what was around it, so
 * that whatever comes late or is corrected changes it as if it had been known from the beginning. `nowMs` counts for a
 * case that is open.
 */
export function contributionOf(doc: CaseDoc, around: Surroundings, nowMs: number): DaySums {
  const { basis, days, corrections } = around;
  const law = basis.lawOf(doc.facilityId);
  const view = viewOf(doc, around);
  const events = countingEvents(doc.log, corrections);
  const elsewhere = elsewhereOf(events);
  const tally = new Tally();
  const lateThere = new Tally();
  const endMs = view.closedAtMs ?? nowMs;

  if (view.facts.anchorMs !== undefined && !elsewhere.hasBegunThere)
    tally.add(days.at(view.facts.anchorMs).day, 'begun');
  if (view.closedAtMs !== null) tally.add(days.at(view.closedAtMs).day, 'closed');
  countStays(view, { tally, around, nowMs, minutes: checkMinutes(view.facts, law) });
  for (const run of runsOf(events, view.facts, law))
    countRun(run, { tally, lateThere, elsewhere, days, endMs });
  countLawyer(events, {
    tally,
    elsewhere,
    days,
    endMs,
    isClosed: view.closedAtMs !== null,
    anchorMs: view.facts.anchorMs,
  });
  for (const note of doc.notes.filter((one) => isStanding(one, corrections))) {
    const { day } = days.at(note.at);
    if (note.type === 'RESTRAINT_ON') tally.add(day, 'restraints');
    if (note.type === 'FORCE_USED') tally.add(day, `force/${note.detail}`);
    if (note.type === 'COMPLAINT') tally.add(day, `complaint/${note.detail}`);
    if (note.type === 'COMPLAINT_RESOLVED') tally.add(day, `outcome/${note.detail}`);
  }
  const months = monthsCountedThere(elsewhere, around);
  return withPeopleBehind(tally.toDays(), { months, late: lateThere.toDays() });
}

/**
 * The months in which somebody is counted among the people of the region by the case of another place: that of an arrival
 * whose earlier case went on in it, unless the person was here in it before. What else the earlier case was behind in that
 * month is not known here; somebody who is left out makes a digest tell less, somebody who is counted twice would make it
 * tell too much.
 */
function monthsCountedThere({ aways }: Elsewhere, { days, isWithin }: Surroundings): Set<string> {
  const monthOf = (atMs: number) => days.at(atMs).day.slice(0, 7);
  return new Set(
    aways.flatMap(({ facilityId, fromMs, toMs, arrivedMs }) => {
      const month = monthOf(arrivedMs);
      const wasHere = Number.isFinite(fromMs) && monthOf(fromMs) === month;
      return isWithin(facilityId) && monthOf(toMs) === month && !wasHere ? [month] : [];
    }),
  );
}

interface Counting {
  tally: Tally;
  elsewhere: Elsewhere;
  days: DayTable;
  /** When the case was closed, or now. */
  endMs: number;
}

function countStays(
  view: CaseView,
  { tally, around, nowMs, minutes }: { tally: Tally; around: Surroundings; nowMs: number; minutes: number },
): void {
  const { days, darkness, basis } = around;
  const stays = staysOf(view, nowMs);
  const span = (what: string, { fromMs, toMs }: Piece) => {
    for (const { day, ms } of days.split(fromMs, toMs)) tally.add(day, what, ms);
  };
  const present = new Set<string>();
  for (const stay of stays) {
    span('held', stay);
    for (const { day } of days.split(stay.fromMs, stay.toMs)) present.add(day);
    for (const piece of darkPieces(stay, darkness)) span(`dark/${piece.cause}`, piece);
    const facts = basis.areaFacts(stay.areaId);
    if (facts && facts.capacity > 0) {
      span('room', stay);
      for (const piece of crowding(stay, around.othersIn(stay.areaId))) {
        const m2 = facts.netAreaM2 / piece.people;
        span(spaceName(m2), piece);
        for (const { what, belowM2 } of SPACE_LINES) if (m2 < belowM2) span(what, piece);
      }
    }
    countChecks(stay, around.checksOf(stay.areaId), { tally, days, everyMs: minutes * MINUTE_MS });
  }
  for (const day of present) tally.add(day, 'present');
}

/** How many people were in an area during a stay, piece by piece. */
export function crowding(stay: Piece, others: readonly Piece[]): (Piece & { people: number })[] {
  const near = others.filter(({ fromMs, toMs }) => fromMs < stay.toMs && toMs > stay.fromMs);
  const borders = near.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const cuts = [...new Set([stay.fromMs, ...borders, stay.toMs])]
    .filter((ms) => ms >= stay.fromMs && ms <= stay.toMs)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((toMs, index) => {
    const fromMs = cuts[index] ?? stay.fromMs;
    const people = 1 + near.filter((other) => other.fromMs < toMs && other.toMs > fromMs).length;
    return { fromMs, toMs, people };
  });
}

/**
 * Checks of one person in one stay. A check is on time within the time that the norm gives since the last one, or since
 * the person came; late within as long again; each further such time that went by without one is a check missed.
 */
function countChecks(
  { fromMs, toMs }: Piece,
  checks: readonly number[],
  { tally, days, everyMs }: { tally: Tally; days: DayTable; everyMs: number },
): void {
  const countMissed = (sinceMs: number, times: number) => {
    for (let index = 1; index <= times; index += 1)
      tally.add(days.at(sinceMs + index * everyMs).day, 'check/missed');
  };
  let sinceMs = fromMs;
  for (const atMs of checks) {
    if (atMs <= fromMs || atMs >= toMs) continue;
    const overdue = Math.ceil((atMs - sinceMs) / everyMs) - 1;
    tally.add(days.at(atMs).day, overdue > 0 ? 'check/late' : 'check/on-time');
    countMissed(sinceMs, overdue - 1);
    sinceMs = atMs;
  }
  countMissed(sinceMs, Math.ceil((toMs - sinceMs) / everyMs) - 1);
}

/** `lateThere` takes what was late before the person came, which the case of that place counts. */
function countRun(
  run: LimitRun,
  { tally, lateThere, elsewhere, days, endMs }: Counting & { lateThere: Tally },
): void {
  const { set, limit, metMs, dueMs, anchorMs, isShadowed, pausedMs } = run;
  // Another norm holds in its place for this case.
  if (isShadowed) return;
  const name = `${set.id}/${limit.id}`;
  const isMetThere = metMs !== undefined && elsewhere.isRecordedThere(metMs);
  const isLate = metMs === undefined ? pausedMs === undefined && endMs > dueMs : metMs > dueMs;
  if (isLate) {
    const { day } = days.at(dueMs);
    const late = isMetThere || elsewhere.wasThere(dueMs) ? lateThere : tally;
    late.add(day, `late/${name}`);
    if (limit.kind !== 'duty') late.add(day, `late-by/${limit.standing}`);
  }
  // What may go on for some time is no duty that somebody meets.
  if (metMs === undefined || isMetThere || limit.kind === 'accumulation') return;
  const { day } = days.at(metMs);
  if (!isLate) tally.add(day, `kept/${name}`);
  tally.add(day, `took/${name}/${minutesBetween(anchorMs, metMs)}`);
}

function countLawyer(
  events: readonly KeptEvent[],
  {
    tally,
    elsewhere,
    days,
    endMs,
    isClosed,
    anchorMs,
  }: Counting & { isClosed: boolean; anchorMs: number | undefined },
): void {
  const assigned = events.find(({ type }) => type === 'LAWYER_ASSIGNED');
  if (!assigned) {
    // Whom nobody had assigned a lawyer when they left is counted where they left.
    if (elsewhere.hasBegunThere) return;
    // What is not recorded counts as not done, or whoever records nothing would have the best figures.
    const isLong = anchorMs !== undefined && endMs - anchorMs > 6 * HOUR_MINUTES * MINUTE_MS;
    if (isClosed || isLong) tally.add(days.at(anchorMs ?? endMs).day, 'lawyer/unassigned');
    return;
  }
  const { day } = days.at(assigned.at);
  const arrived = events.find(({ type, at }) => type === 'LAWYER_ARRIVED' && at >= assigned.at);
  // A lawyer who was assigned there has come there, or is counted there as one who had not come when the person left.
  if (assigned.arrival && (!arrived || arrived.arrival)) return;
  const minutes = minutesBetween(assigned.at, arrived?.at ?? endMs);
  if (!arrived) {
    if (isClosed || minutes > 6 * HOUR_MINUTES) tally.add(day, 'lawyer/none');
    return;
  }
  const exactMs = arrived.at - assigned.at;
  const within = [
    { what: 'lawyer/1h', hours: 1 },
    { what: 'lawyer/6h', hours: 6 },
  ].find(({ hours }) => exactMs <= hours * HOUR_MINUTES * MINUTE_MS);
  tally.add(day, within?.what ?? 'lawyer/later');
  tally.add(day, `took/lawyer/${minutes}`);
}

function minutesBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.floor((toMs - fromMs) / MINUTE_MS));
}
