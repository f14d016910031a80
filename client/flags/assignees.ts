import type { Assignee, AssigneeList } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import type { Outcome } from '../session/failure.ts';

/** Where somebody has to be responsible: a whole region, or one of its facilities. */
export interface AssigneePlace {
  regionId: RegionId;
  facilityId: FacilityId | undefined;
}

/** Flags of all regions at once ask of each of them, but not in one burst. */
const AT_ONCE = 4;

/**
 * Places whose people are asked for, so that those of all of them can have all of these flags: a facility if the region's
 * flags are all of that one, else the region. Whoever has only facilities is told of no region, and asks for each facility.
 */
export function placesOf(flags: readonly Flag[], scope: Scope): AssigneePlace[] {
  const facilities = new Map<RegionId, Set<FacilityId>>();
  for (const { regionId, facilityId } of flags)
    facilities.set(regionId, (facilities.get(regionId) ?? new Set<FacilityId>()).add(facilityId));
  return [...facilities].flatMap(([regionId, within]): AssigneePlace[] =>
    within.size > 1 && scope.kind !== 'facilities'
      ? [{ regionId, facilityId: undefined }]
      : [...within].map((facilityId) => ({ regionId, facilityId })),
  );
}

/** Those who are responsible for each of these places. No further place is asked for once there is nobody, or no answer. */
export async function assigneesOfAll(
  places: readonly AssigneePlace[],
  ask: (place: AssigneePlace) => Promise<Outcome<AssigneeList>>,
): Promise<Outcome<readonly Assignee[]>> {
  let people: readonly Assignee[] | undefined;
  for (let at = 0; at < places.length && people?.length !== 0; at += AT_ONCE) {
    for (const answer of await Promise.all(places.slice(at, at + AT_ONCE).map(ask))) {
      if (!answer.ok) return answer;
      people = inBoth(people, answer.value.items);
    }
  }
  return { ok: true, value: people ?? [] };
}

function inBoth(known: readonly Assignee[] | undefined, more: readonly Assignee[]): readonly Assignee[] {
  if (!known) return more;
  const names = new Set(more.map(({ username }) => username));
  return known.filter(({ username }) => names.has(username));
}
