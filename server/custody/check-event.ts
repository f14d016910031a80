import { detailProblem } from '#contract/custody-details.ts';
import { type CaseEvent, CustodyEvent, type CustodyEventResult } from '#contract/custody-events.ts';
import { type ErrorCode, type Issue, toInvalid, type VartaError } from '#contract/errors.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { Action } from '../../config/roles/roles.ts';
import { decide, type Principal } from '../access/decide.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import { earlierCase } from './state/kept-event.ts';

/** How far a facility's clock may be ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000;
/** Older than this, a clock has lost its battery, not an event its way. */
const MAX_AGE_MS = 366 * 24 * 3_600_000;
/** Longest id that a refusal repeats. */
const MAX_ID_LENGTH = 64;

/** `aheadMs`: it was refused because the sender's clock is so far ahead of ours. */
export type Checked =
  | { ok: true; event: CustodyEvent }
  | { ok: false; result: CustodyEventResult; aheadMs?: number };

/** What an element is checked against. */
export interface Given {
  principal: Principal;
  /** The facility whose events these are: they name areas of it and of no other. */
  facilityId: FacilityId;
  action: Extract<Action, 'custody.ingest' | 'custody.record'>;
  registry: Registry;
  nowMs: number;
}

type Problem = { code: ErrorCode; message: string; path: Issue['path']; aheadMs?: number };

/** Checks one element of a batch: shape, place, rights and clocks. Pure; says the first thing that is wrong. */
export function checkEvent(element: unknown, given: Given): Checked {
  const parsed = CustodyEvent.safeParse(element);
  if (!parsed.success) return toRejected(element, toInvalid(parsed.error));
  const event = parsed.data;
  const problem = problemOf(event, given);
  return problem ? refuse(event.id, problem) : { ok: true, event };
}

/** The answer to an element that is no event. */
export function toRejected(
  element: unknown,
  { message, issues }: VartaError,
): Extract<Checked, { ok: false }> {
  return refuse(readableId(element), { code: 'invalid', message, path: issues?.[0]?.path ?? [] });
}

function problemOf(event: CustodyEvent, given: Given): Problem | undefined {
  if (event.type !== 'RECORD_CORRECTED') return occurrenceProblem(event, given);
  const { replacement } = event;
  const clocks = clockProblem(event, given.nowMs);
  if (clocks) return clocks;
  if (event.corrects === event.id) return invalid(['corrects'], 'an event cannot correct itself');
  if (!replacement) return undefined;
  if (replacement.id === event.id || replacement.id === event.corrects)
    return invalid(['replacement', 'id'], 'a replacement has an id of its own');
  const problem = occurrenceProblem(replacement, given);
  return problem && { ...problem, path: ['replacement', ...problem.path] };
}

function occurrenceProblem(
  event: Exclude<CustodyEvent, { type: 'RECORD_CORRECTED' }>,
  given: Given,
): Problem | undefined {
  // Whoever could record it could see what is covered: it is decided, by somebody who may, and not recorded.
  if (event.type === 'MASK_LIFTED')
    return {
      code: 'forbidden',
      message: 'type: a mask is lifted by a decision, not by an event',
      path: ['type'],
    };
  if (event.type === 'CONFIDENTIALITY_ENDED')
    return {
      code: 'forbidden',
      message: 'type: it ends by itself; that a visit is over is recorded as such',
      path: ['type'],
    };
  const detail = detailProblem(event);
  if (detail) return invalid(detail.path, detail.message);
  const area = event.areaId === undefined ? undefined : areaProblem(event.areaId, given);
  return area ?? facilityProblem(event, given) ?? clockProblem(event, given.nowMs);
}

/** What is wrong with the facility that a person is said to come from, or to be sent to. */
function facilityProblem(
  event: Exclude<CustodyEvent, { type: 'RECORD_CORRECTED' }>,
  given: Given,
): Problem | undefined {
  if (!('caseId' in event)) return undefined;
  const { destination } = event;
  if (destination !== undefined) {
    if (destination === given.facilityId) return invalid(['destination'], 'nobody is sent to where they are');
    if (!given.registry.facility(destination)) return unknownFacility(destination, ['destination']);
  }
  return previousProblem(event, given);
}

function unknownFacility(facilityId: FacilityId, path: string[]): Problem {
  return { code: 'unknown_facility', message: `there is no facility ${facilityId}`, path };
}

function previousProblem(event: CaseEvent, { facilityId, registry }: Given): Problem | undefined {
  if (!event.previousCase) return undefined;
  const earlier = earlierCase(event, event.previousCase);
  if (earlier.facilityId === facilityId && earlier.caseId === event.caseId)
    return invalid(['previousCase'], 'a case does not go on from itself');
  if (registry.facility(earlier.facilityId)) return undefined;
  return unknownFacility(earlier.facilityId, ['previousCase', 'facilityId']);
}

function areaProblem(
  areaId: AreaId,
  { principal, facilityId, action, registry }: Given,
): Problem | undefined {
  const area = registry.area(areaId);
  if (!area) return { code: 'unknown_area', message: `there is no area ${areaId}`, path: ['areaId'] };
  if (area.facilityId !== facilityId)
    return { code: 'wrong_facility', message: 'events are for one facility', path: ['areaId'] };
  const decision = decide(principal, action, areaResource(area));
  return decision.allow ? undefined : { code: decision.code, message: decision.reason, path: ['areaId'] };
}

function clockProblem(
  { occurredAt, recordedAt }: Pick<CustodyEvent, 'occurredAt' | 'recordedAt'>,
  nowMs: number,
): Problem | undefined {
  const occurredMs = Date.parse(occurredAt);
  const recordedMs = Date.parse(recordedAt);
  const aheadMs = Math.max(occurredMs, recordedMs) - nowMs;
  if (occurredMs > nowMs + MAX_AHEAD_MS) return { ...invalid(['occurredAt'], 'lies in the future'), aheadMs };
  if (occurredMs < nowMs - MAX_AGE_MS) return invalid(['occurredAt'], 'lies more than a year back');
  if (recordedMs > nowMs + MAX_AHEAD_MS) return { ...invalid(['recordedAt'], 'lies in the future'), aheadMs };
  if (recordedMs < occurredMs - MAX_AHEAD_MS)
    return invalid(['recordedAt'], 'was recorded before it happened');
  return undefined;
}

function invalid(path: Issue['path'], message: string): Problem {
  return { code: 'invalid', message: `${path.join('.')}: ${message}`, path };
}

function refuse(
  id: string | null,
  { code, message, path, aheadMs }: Problem,
): Extract<Checked, { ok: false }> {
  const result = { id, status: 'rejected' as const, code, message, path };
  return { ok: false, result, ...(aheadMs === undefined ? {} : { aheadMs }) };
}

function readableId(element: unknown): string | null {
  if (typeof element !== 'object' || element === null || !('id' in element)) return null;
  const { id } = element;
  return typeof id === 'string' && id.length <= MAX_ID_LENGTH ? id : null;
}
