import type { GateBody } from '#contract/gate.ts';
import type { AreaStatus, Gate, Visit } from '#contract/status.ts';
import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../config/gate/gate.ts';
import { VISIT_MAX_MINUTES } from '../../config/gate/visits.ts';

const MINUTE_MS = 60_000;

export type GateStep =
  /** `untilMs`: when the gate ends by itself from then on; undefined when it ends now. */
  | { ok: true; opens: true; untilMs: number }
  | { ok: true; opens: false; untilMs: undefined }
  | { ok: false; code: 'conflict' | 'limit_reached'; message: string };

type Prolonging = Extract<GateBody, { act: 'prolong' }>;

/** What becomes of an area when somebody asks for this; of its gate, or of the visits of a person. */
export function stepClosure(
  status: Pick<AreaStatus, 'gate' | 'visits'> | undefined,
  body: GateBody,
  nowMs: number,
): GateStep {
  return body.act === 'prolong'
    ? stepVisit(status?.visits ?? [], body, nowMs)
    : stepGate(status?.gate, body, nowMs);
}

/** No law ends a visit: it may go on as often as somebody says so, each time on record. */
function stepVisit(visits: readonly Visit[], { caseId }: Prolonging, nowMs: number): GateStep {
  const minutes = visits
    .filter((visit) => visit.caseId === caseId)
    .map(({ kind }) => VISIT_MAX_MINUTES[kind]);
  if (minutes.length === 0)
    return { ok: false, code: 'conflict', message: 'the area is not closed for a visit to this person' };
  return { ok: true, opens: true, untilMs: nowMs + Math.min(...minutes) * MINUTE_MS };
}

function stepGate(gate: Gate | undefined, body: Exclude<GateBody, Prolonging>, nowMs: number): GateStep {
  // One that is over but for its event stands no more.
  const standing = gate && Date.parse(gate.until) > nowMs ? gate : undefined;
  if (body.act === 'close') {
    // An end that is asked for twice is one: of a gate that is just over, too.
    if (gate) return { ok: true, opens: false, untilMs: undefined };
    return { ok: false, code: 'conflict', message: 'the area is not closed by anybody' };
  }
  if (body.act === 'open' && standing)
    return { ok: false, code: 'conflict', message: 'the area is closed already; give that more time' };
  if (body.act === 'extend' && !standing)
    return { ok: false, code: 'conflict', message: 'the area is not closed by anybody' };
  if (body.minutes > GATE_MAX_MINUTES)
    return { ok: false, code: 'limit_reached', message: `at most ${GATE_MAX_MINUTES} minutes at a time` };
  const untilMs = nowMs + body.minutes * MINUTE_MS;
  const lastMs = (standing ? Date.parse(standing.since) : nowMs) + GATE_TOTAL_MINUTES * MINUTE_MS;
  if (untilMs > lastMs)
    return { ok: false, code: 'limit_reached', message: `at most ${GATE_TOTAL_MINUTES} minutes in all` };
  if (standing && untilMs <= Date.parse(standing.until))
    return { ok: false, code: 'conflict', message: 'it lasts that long already' };
  return { ok: true, opens: true, untilMs };
}
