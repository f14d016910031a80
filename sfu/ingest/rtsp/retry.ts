import type { CameraFault } from '#contract/feeds.ts';
import type { RtspError, RtspErrorCode } from './rtsp-error.ts';

/** A network or a camera that restarts: soon, then less and less often. */
const PASSING = { firstMs: 1_000, longestMs: 30_000 };
/** A setting of the camera or a path of ours: somebody is perhaps changing it just now. */
const WRONG = { firstMs: 30_000, longestMs: 120_000 };
/** A wrong password: cameras lock accounts after some five attempts, and forget them within minutes. */
const UNWELCOME = { firstMs: 60_000, longestMs: 600_000 };
const UNWELCOMING: ReadonlySet<RtspErrorCode> = new Set(['unauthorized', 'forbidden']);
/** What played this long ended for another reason than the one before. */
const STEADY_AFTER_MS = 10_000;

/** What may pass is told of when it happens so many times in a row: once it may be any network. */
const TOLD_TIMES = 2;

/** Attempts in a row that came to nothing. */
export interface Failures {
  count: number;
  isLasting: boolean;
  /** What is wrong with the camera, if it is known by now: one connection that fails may be any network. */
  fault: CameraFault | undefined;
  /** Not before then is it tried again; milliseconds since 1970. */
  retryAt: number;
}

/**
 * What to do after a stream ended by itself.
 *
 * @param playedMs how long it had played, 0 when it never did
 * @param random 0 to 1: cameras that fail together (a switch restarts) shall not come back together
 */
export function countFailure(
  before: Failures | undefined,
  { error, playedMs, now, random }: { error: RtspError; playedMs: number; now: number; random: number },
): Failures {
  const isLasting = error.isLasting;
  const goesOn = before !== undefined && before.isLasting === isLasting && playedMs < STEADY_AFTER_MS;
  const count = goesOn ? before.count + 1 : 1;
  const { firstMs, longestMs } = !isLasting ? PASSING : UNWELCOMING.has(error.code) ? UNWELCOME : WRONG;
  const pauseMs = Math.min(longestMs, firstMs * 2 ** Math.min(count - 1, 20));
  const fault = isLasting || count >= TOLD_TIMES ? error.fault : undefined;
  return { count, isLasting, fault, retryAt: now + Math.round(pauseMs * (0.75 + 0.25 * random)) };
}
