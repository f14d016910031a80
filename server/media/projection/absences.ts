import type { FeedId } from '#contract/ids.ts';

/**
 * Equipment that has lost its server looks for one again within seconds, also when that server was restarted or refused it
 * (ten seconds and a quarter at most). Who has not come back by then is away.
 */
export const AWAY_AFTER_MS = 20_000;

/** Feeds whose equipment is not connected to any replica: since when that is known, in milliseconds. Never changed in place. */
export type Absences = ReadonlyMap<FeedId, number>;

/** What is known now, given what was known and whose equipment is not connected now. */
export function noteAbsences(before: Absences, absent: Iterable<FeedId>, nowMs: number): Absences {
  return new Map(Array.from(absent, (feedId) => [feedId, before.get(feedId) ?? nowMs]));
}

/** Since when a feed's equipment is away, in milliseconds; undefined while it is not, or may only be on its way back. */
export function awaySince(absences: Absences, feedId: FeedId, nowMs: number): number | undefined {
  const sinceMs = absences.get(feedId);
  return sinceMs !== undefined && nowMs - sinceMs >= AWAY_AFTER_MS ? sinceMs : undefined;
}
