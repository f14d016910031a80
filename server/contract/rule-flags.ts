import type { Clock } from './clocks.ts';
import type { AreaId, FacilityId, FlagId, Instant } from './ids.ts';
import { nameBasedId } from './name-based-id.ts';

/** The flag of what a rule saw. The same on every replica and after every restart, so that an occurrence never has two. */
export function flagIdOf(key: string, since: Instant): FlagId {
  return nameBasedId(`varta:rule:${key}:${since}`);
}

/** Whose clock it is that a rule speaks of. */
export interface ClockOfCase extends Pick<Clock, 'caseId' | 'normSet' | 'limit' | 'anchorAt'> {
  kind?: Clock['kind'] | undefined;
  /** Case numbers are a facility's own: another facility may have the same. */
  facilityId: FacilityId;
}

/**
 * What is seen of a clock, by its rule: the same for as long as it is the same thing. A review that comes again is another
 * occurrence each time; an extension moves the same one.
 */
export function clockKey(
  rule: string,
  { facilityId, caseId, normSet, limit, kind, anchorAt }: ClockOfCase,
): string {
  const which = kind === 'review' || kind === 'accumulation' ? `:${anchorAt}` : '';
  return `${rule}:${facilityId}/${caseId}:${normSet}/${limit}${which}`;
}

/** That a check was missed. The next one that is missed is another occurrence. */
export function missedCheckKey(areaId: AreaId, dueAt: Instant): string {
  return `check-missed:${areaId}:${dueAt}`;
}
