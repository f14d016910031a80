import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../../config/gate/gate.ts';
import type { GateEvent } from './area-log.ts';
import type { PastSpan } from './spans.ts';

const MINUTE_MS = 60_000;

/** A gate that stands; instants in milliseconds since the epoch. */
export interface StandingGate {
  sinceMs: number;
  /** When it ends by itself: by the event that says so, which whoever is there then records. */
  untilMs: number;
  /** Who closed the area, as recorded. */
  by: string;
}

/**
 * Folds the gates of an area, events in the order in which they happened, void ones left out. Whatever an event asks for,
 * a gate stands no longer than it may. An opening while one stands gives it more time and never less. An end that was
 * recorded by itself names the end that it is for, so that it does not count when the gate was given more time meanwhile.
 */
export function foldGates(events: readonly GateEvent[]): {
  standing: StandingGate | undefined;
  /** From when until when the area was closed by gates, in order; null while it is. */
  spans: PastSpan[];
} {
  const spans: PastSpan[] = [];
  let standing: StandingGate | undefined;
  for (const { at, opens, until, by } of events) {
    // Its own end came first, whether or not that was recorded before.
    if (standing && at > standing.untilMs) {
      spans.push([standing.sinceMs, standing.untilMs]);
      standing = undefined;
    }
    if (opens) {
      const untilMs = endOf(at, until);
      const lastMs = (standing?.sinceMs ?? at) + GATE_TOTAL_MINUTES * MINUTE_MS;
      standing = standing
        ? { ...standing, untilMs: Math.min(lastMs, Math.max(standing.untilMs, untilMs)) }
        : { sinceMs: at, untilMs, by };
    } else if (standing && (until === undefined || until >= standing.untilMs)) {
      spans.push([standing.sinceMs, Math.min(at, standing.untilMs)]);
      standing = undefined;
    }
  }
  if (standing) spans.push([standing.sinceMs, null]);
  return { standing, spans };
}

/** When a gate that is opened at an instant ends, if it is to end then. */
function endOf(atMs: number, untilMs: number | undefined): number {
  const latestMs = atMs + GATE_MAX_MINUTES * MINUTE_MS;
  return untilMs === undefined || untilMs <= atMs ? latestMs : Math.min(latestMs, untilMs);
}
