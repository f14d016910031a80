import { z } from 'zod';
import type { CaseSummary } from '#contract/cases.ts';
import { Air } from '#contract/conditions.ts';
import { Person } from '#contract/custody-details.ts';
import { AreaId, CaseId, FacilityId, Instant, LocalText } from '#contract/ids.ts';
import { AreaKind } from '#contract/nation.ts';
import { AreaStatus, Vulnerability } from '#contract/status.ts';
import { visitsUntilMs } from '../gate/gate-words.ts';
import { type LiveState, statusOf } from '../store/live-store.ts';

/** What an inspector needs to know of a room, kept on the device for when there is no network. No identities. */
export const RoomFacts = z.strictObject({
  id: AreaId,
  name: LocalText,
  kind: AreaKind,
  /** Places; 0 where nobody stays. */
  capacity: z.int(),
  /** Null while the custody state is not known. */
  headcount: z.int().nullable(),
  nextCheckDueAt: Instant.nullable(),
  /** Minutes from one check to the next; absent where it is the usual. */
  checkMinutes: AreaStatus.shape.checkMinutes,
  vulnerabilities: z.array(Vulnerability),
  confidentialSince: Instant.nullable(),
  /** When the visit that it is closed for ends by itself; what an earlier version kept has none. */
  confidentialUntil: Instant.optional(),
  air: Air.optional(),
});
export type RoomFacts = z.infer<typeof RoomFacts>;

export const PersonFacts = z.strictObject({
  caseId: CaseId,
  areaId: AreaId.nullable(),
  person: Person.nullable(),
  detainedAt: Instant.nullable(),
});
export type PersonFacts = z.infer<typeof PersonFacts>;

/** A facility as it was known at an instant (server clock, milliseconds since the epoch). */
export const FacilityFacts = z.strictObject({
  facilityId: FacilityId,
  name: LocalText,
  shortName: LocalText,
  rooms: z.array(RoomFacts),
  people: z.array(PersonFacts),
  atMs: z.number(),
});
export type FacilityFacts = z.infer<typeof FacilityFacts>;

/** Rooms of a facility as they are live; undefined while the page does not know the facility. */
export function roomsOf(
  state: LiveState,
  facilityId: FacilityId,
): Pick<FacilityFacts, 'facilityId' | 'name' | 'shortName' | 'rooms'> | undefined {
  const facility = state.registry?.facilityById[facilityId];
  if (!facility) return undefined;
  const rooms = (state.registry?.areasByFacility[facilityId] ?? []).map((area): RoomFacts => {
    const status = statusOf(state, area);
    const untilMs = visitsUntilMs(status);
    return {
      id: area.id,
      name: area.name,
      kind: area.kind,
      capacity: area.capacity,
      headcount: status?.headcount ?? null,
      nextCheckDueAt: status?.nextCheckDueAt ?? null,
      ...(status?.checkMinutes === undefined ? {} : { checkMinutes: status.checkMinutes }),
      vulnerabilities: status?.vulnerabilities ?? [],
      confidentialSince: status?.confidentialSince ?? null,
      ...(untilMs === undefined ? {} : { confidentialUntil: new Date(untilMs).toISOString() }),
      ...(status?.air ? { air: status.air } : {}),
    };
  });
  return { facilityId, name: facility.name, shortName: facility.shortName, rooms };
}

export function toPersonFacts({ caseId, areaId, person, detainedAt }: CaseSummary): PersonFacts {
  return { caseId, areaId, person, detainedAt };
}
