import type { GateBody } from '#contract/gate.ts';
import type { Gate } from '#contract/status.ts';
import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../config/gate/gate.ts';

const MINUTE_MS = 60_000;

export type GateStep =
  /** `untilMs`: when the gate ends by itself from then on; undefined when it ends now. */
  | { ok: true; opens: true; untilMs: number }
  | { ok: true; opens: false; untilMs: undefined }
  | { ok: false; code: 'conflict' | 'limit_reached'; message: string };

/** What becomes of the gate of an area when somebody asks for this. */
export function stepGate(gate: Gate | undefined, body: GateBody, nowMs: number): GateStep {
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
