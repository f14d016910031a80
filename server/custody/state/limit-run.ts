import type { Limit, NormSet } from '../../../config/norms/norm-set.ts';

/**
 * One run of a limit in a case: from its anchor until it was met, or until now. A limit that comes again has several.
 * Instants in milliseconds since the epoch.
 */
export interface LimitRun {
  set: NormSet;
  limit: Limit;
  anchorMs: number;
  amberMs: number;
  redMs: number;
  dueMs: number;
  /** When it was met; undefined while it runs. */
  metMs: number | undefined;
  /** Since when it stands, while it runs. */
  pausedMs: number | undefined;
  /** The ground of the extension that moved its end. */
  ground: string | undefined;
  /** Another norm holds in its place. */
  isShadowed: boolean;
}

/** Whether a limit was met after its end. One that still runs is not. */
export function wasMetLate({ metMs, dueMs }: LimitRun): boolean {
  return metMs !== undefined && metMs > dueMs;
}

/** A run as it is put together; `runsOf` adds what it is a run of. */
export type BareRun = Omit<LimitRun, 'set' | 'limit' | 'isShadowed'>;
