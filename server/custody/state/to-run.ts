import type { NormSet } from '../../../config/norms/norm-set.ts';
import type { BareRun } from './limit-run.ts';
import { instantAfter, type Span, standsSince } from './pauses.ts';

/** A run of so much time that counts, from its anchor on; `met`: what met it, if anything has. Milliseconds. */
export function toRun(given: {
  anchorMs: number;
  lengthMs: number;
  pauses: readonly Span[];
  set: NormSet;
  met: { at: number } | undefined;
  ground?: string | undefined;
}): BareRun {
  const { anchorMs, lengthMs, set, met, ground } = given;
  // A pause that nobody has ended was over when the limit was met.
  const pauses = met
    ? given.pauses.map(({ fromMs, untilMs }) => ({ fromMs, untilMs: untilMs ?? Math.max(fromMs, met.at) }))
    : given.pauses;
  const after = (fraction: number) => instantAfter(anchorMs, Math.round(lengthMs * fraction), pauses);
  const dueMs = after(1);
  return {
    anchorMs,
    amberMs: after(set.warnings.amber),
    redMs: after(set.warnings.red),
    dueMs,
    metMs: met?.at,
    pausedMs: met ? undefined : standsSince(pauses, dueMs),
    ground,
  };
}
