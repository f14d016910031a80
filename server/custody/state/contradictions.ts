import { CONTRADICTIONS } from '#contract/cases.ts';
import { HELD } from '../../../config/norms/arrival.ts';
import type { NormSet } from '../../../config/norms/norm-set.ts';
import { isOfRegime } from '../../../config/norms/norms.ts';
import type { Law } from './basis.ts';
import { type CaseFacts, isFor } from './case-facts.ts';
import type { KeptEvent } from './kept-event.ts';
import { type LimitRun, wasMetLate } from './limit-run.ts';
import { setsFor } from './limit-runs.ts';
import { undoneEnds } from './undone-ends.ts';

/** The four times of a case, in milliseconds since the epoch; undefined for what was not recorded. */
export interface CaseTimes {
  /** Actual detention: from then on the person could not leave (art. 209 of the Ukrainian code). */
  actualMs: number | undefined;
  deliveredMs: number | undefined;
  registeredMs: number | undefined;
  protocolMs: number | undefined;
}

/** Two instants of a case that cannot both be right, or should not be. */
export interface Contradiction {
  code: (typeof CONTRADICTIONS)[number];
  /** What is in doubt, and what it is held against; undefined for what is missing. */
  atMs: number;
  againstMs: number | undefined;
  /** The limit it is about, if it is about one. */
  limit?: { normSet: string; limit: string };
}

/** The first of each of the four times. */
export function timesOf(events: readonly KeptEvent[]): CaseTimes {
  const first = (type: KeptEvent['type']) => events.find((event) => event.type === type)?.at;
  return {
    actualMs: first('APPREHENDED'),
    deliveredMs: first('DELIVERED'),
    registeredMs: first('REGISTERED'),
    protocolMs: first('PROTOCOL_DRAWN'),
  };
}

interface Given {
  events: readonly KeptEvent[];
  facts: CaseFacts;
  runs: readonly LimitRun[];
  law: Law;
}

/** Everything in a case's record that contradicts itself, in the order of the codes. */
export function contradictionsOf(given: Given): Contradiction[] {
  const found = [
    ...ofTimes(given.events),
    ...ofEnds(given.events),
    ...ofDelivery(given.runs),
    ...ofDecisions(given),
    ...ofBeginning(given),
  ];
  const arrivedMs = given.events.find(({ arrival }) => !arrival)?.at ?? 0;
  // What went wrong before the person came here, the case of that place says.
  return found
    .filter(({ atMs }) => atMs >= arrivedMs)
    .sort((a, b) => CONTRADICTIONS.indexOf(a.code) - CONTRADICTIONS.indexOf(b.code) || a.atMs - b.atMs);
}

const RECORDS: readonly KeptEvent['type'][] = ['APPREHENDED', 'DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN'];
const PLACEMENTS: readonly KeptEvent['type'][] = ['CELL_PLACED', 'CELL_MOVED'];
const ENDS: readonly KeptEvent['type'][] = ['RELEASED', 'TRANSFERRED', 'ESCAPED', 'DIED'];

function ofTimes(events: readonly KeptEvent[]): Contradiction[] {
  const { actualMs, deliveredMs, registeredMs, protocolMs } = timesOf(events);
  const placedMs = events.find(({ type }) => PLACEMENTS.includes(type))?.at;
  const endedMs = events.find(({ type }) => ENDS.includes(type))?.at;
  const recordedMs = events.find(({ type }) => RECORDS.includes(type))?.at;
  const seenMs = events.find(({ type, areaId }) => areaId !== undefined && !RECORDS.includes(type))?.at;
  const before = (code: Contradiction['code'], atMs: number | undefined, againstMs: number | undefined) =>
    atMs !== undefined && againstMs !== undefined && atMs < againstMs ? [{ code, atMs, againstMs }] : [];
  const beforeOrWithout = (
    code: Contradiction['code'],
    atMs: number | undefined,
    againstMs: number | undefined,
  ) =>
    atMs !== undefined && (againstMs === undefined || atMs < againstMs) ? [{ code, atMs, againstMs }] : [];
  return [
    ...before('delivered-before-actual', deliveredMs, actualMs),
    ...before('registered-before-actual', registeredMs, actualMs),
    ...before('protocol-before-actual', protocolMs, actualMs),
    ...before('placed-before-actual', placedMs, actualMs),
    ...before('ended-before-actual', endedMs, actualMs),
    ...before('registered-before-delivered', registeredMs, deliveredMs),
    ...beforeOrWithout('placed-before-registered', placedMs, registeredMs),
    ...beforeOrWithout('seen-before-any-record', seenMs, recordedMs),
  ];
}

/** That the person was held after the record has let them go: by the first event that says so. */
function ofEnds(events: readonly KeptEvent[]): Contradiction[] {
  const undone = undoneEnds(events);
  const { actualMs } = timesOf(events);
  return events.flatMap(({ id, at }) => {
    const proof = undone.get(id);
    // An end before the beginning is told as such.
    return proof && (actualMs === undefined || at >= actualMs)
      ? [{ code: 'held-after-release', atMs: proof.at, againstMs: at }]
      : [];
  });
}

/**
 * Where norms count from the actual detention, nobody said when it was, so that the clocks can only run from a later step;
 * or the earlier case that an arrival names is not on record, or nobody was sent away from it.
 */
function ofBeginning({ events, facts, law }: Given): Contradiction[] {
  const unknown = events.flatMap(({ at, previous }): Contradiction[] => {
    if (!previous || (previous.isKnown && previous.isLeft !== false)) return [];
    const code = previous.isKnown ? 'previous-case-not-left' : 'previous-case-unknown';
    return [{ code, atMs: at, againstMs: undefined }];
  });
  const isStated = events.some(({ type }) => type === 'APPREHENDED');
  const counts = ({ limits }: NormSet) =>
    limits.some((limit) => 'anchor' in limit && isFor(limit, facts) && limit.anchor.includes('APPREHENDED'));
  const held = events.find(({ type }) => HELD.includes(type));
  if (isStated || !held || !setsFor(facts, law).some(counts)) return unknown;
  return [...unknown, { code: 'apprehension-missing', atMs: held.at, againstMs: undefined }];
}

/** The limit of the way, whichever norm set it is in: it begins with the apprehension and is met by delivery. */
function ofDelivery(runs: readonly LimitRun[]): Contradiction[] {
  return runs.flatMap((run) => {
    const { set, limit, metMs, dueMs } = run;
    if (limit.id !== 'delivery' || metMs === undefined || !wasMetLate(run)) return [];
    return [
      {
        code: 'delivery-too-long' as const,
        atMs: metMs,
        againstMs: dueMs,
        limit: { normSet: set.id, limit: limit.id },
      },
    ];
  });
}

/** Decisions that came too late, or that no norm here knows. */
function ofDecisions({ events, facts, runs, law }: Given): Contradiction[] {
  // Hardly any case has a decision, and every event of every case comes by here.
  if (!events.some(({ overlay, extension }) => overlay !== undefined || extension !== undefined)) return [];
  const overlays = new Map(law.norms.sets.filter((set) => set.overlay).map((set) => [set.id, set]));
  const grants = new Set(
    law.norms.sets.flatMap((set) =>
      set.limits.flatMap((limit) =>
        limit.kind === 'deadline' ? limit.grants.map(({ ground }) => ground) : [],
      ),
    ),
  );
  return events.flatMap((event): Contradiction[] => {
    if (event.type === 'OVERLAY_APPLIED' && event.overlay !== undefined) {
      const set = overlays.get(event.overlay);
      if (!set || !isOfRegime(set, facts.regime))
        return [{ code: 'overlay-unknown', atMs: event.at, againstMs: undefined }];
      return runs
        .filter((run) => run.isShadowed && run.dueMs < event.at && (run.metMs ?? event.at) >= event.at)
        .map(({ set: { id }, limit, dueMs }) => ({
          code: 'overlay-after-limit' as const,
          atMs: event.at,
          againstMs: dueMs,
          limit: { normSet: id, limit: limit.id },
        }));
    }
    const { extension } = event;
    if (!extension) return [];
    if (!grants.has(extension.ground))
      return [{ code: 'extension-unknown', atMs: event.at, againstMs: undefined }];
    return runs
      .filter(
        ({ limit, dueMs }) =>
          limit.kind === 'deadline' &&
          limit.grants.some((grant) => grant.ground === extension.ground) &&
          dueMs < event.at,
      )
      .map(({ set, limit, dueMs }) => ({
        code: 'extension-after-limit' as const,
        atMs: event.at,
        againstMs: dueMs,
        limit: { normSet: set.id, limit: limit.id },
      }));
  });
}
