import type { Person } from '#contract/custody-details.ts';
import type { CaseEvent } from '#contract/custody-events.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { Area, AreaKind } from '#contract/nation.ts';
import { between, type Random, seededRandom, wholeBetween } from '../../config/nation/seeded.ts';
import { describePerson } from '../population.ts';
import { eventIdOf } from './event-id.ts';
import { nextKyivTime } from './kyiv-time.ts';
import type { Stay } from './stay.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An event and when it is sent: as soon as it is written down. */
export interface PlannedEvent {
  facilityId: FacilityId;
  /** Milliseconds since the epoch. */
  recordedMs: number;
  event: CaseEvent;
}

/** Finds a room of a facility by kind, in order of preference. */
export type FindRoom = (facilityId: FacilityId, kinds: readonly AreaKind[]) => AreaId | undefined;

export function createRoomFinder(areas: readonly Pick<Area, 'id' | 'facilityId' | 'kind'>[]): FindRoom {
  const byFacility = Map.groupBy(areas, ({ facilityId }) => facilityId);
  return (facilityId, kinds) => {
    const rooms = byFacility.get(facilityId) ?? [];
    for (const kind of kinds) {
      const room = rooms.find((area) => area.kind === kind);
      if (room) return room.id;
    }
    return undefined;
  };
}

interface Step {
  type: CaseEvent['type'];
  atMs: number;
  areaId?: AreaId | undefined;
  forceKind?: CaseEvent['forceKind'];
  reason?: string;
  observationLevel?: CaseEvent['observationLevel'] | undefined;
}

/** Everything that happens to a person from apprehension to release, in order. Pure: the same stay, the same events. */
export function planEvents(stay: Stay, findRoom: FindRoom): PlannedEvent[] {
  const random = seededRandom(`events of ${stay.caseId}`);
  const person = describePerson(stay.bed.group, random);
  const steps = [
    ...arrival(stay, person, random, findRoom),
    ...proceedings(stay, random, findRoom),
    ...days(stay, random),
    ...departure(stay),
  ]
    .filter(({ atMs }) => atMs <= stay.endMs)
    .sort((a, b) => a.atMs - b.atMs);
  return steps.map((step, index) => toPlanned(stay, step, { index, person }));
}

function toPlanned(
  stay: Stay,
  { type, atMs, areaId, forceKind, reason, observationLevel }: Step,
  { index, person }: { index: number; person: Person },
): PlannedEvent {
  const random = seededRandom(`record ${stay.caseId} ${index}`);
  const occurredMs = Math.round(atMs);
  const recordedMs = occurredMs + wholeBetween(random, 2, 45) * 1000;
  return {
    facilityId: stay.bed.facilityId,
    recordedMs,
    event: {
      id: eventIdOf(`${stay.caseId}/${index}/${type}`),
      type,
      caseId: stay.caseId,
      occurredAt: new Date(occurredMs).toISOString(),
      recordedAt: new Date(recordedMs).toISOString(),
      recordedBy: `inspector-${wholeBetween(random, 1, 4)}`,
      ...(areaId ? { areaId } : {}),
      ...(forceKind ? { forceKind } : {}),
      ...(reason ? { reason } : {}),
      ...(observationLevel ? { observationLevel } : {}),
      ...(index === 0 ? { person } : {}),
    },
  };
}

/** From apprehension to the cell. */
function arrival(stay: Stay, person: Person, random: Random, findRoom: FindRoom): Step[] {
  const { apprehendedMs, deliveredMs, placedMs } = stay;
  const { facilityId, areaId } = stay.bed;
  const interview = findRoom(facilityId, ['interview-room', 'reception']);
  const doctor = findRoom(facilityId, ['medical-room', 'interview-room', 'lawyer-room']);
  const after = (minutes: number) => deliveredMs + minutes * MINUTE_MS;
  const examined = after(between(random, 12, 14));
  const steps: Step[] = [
    { type: 'APPREHENDED', atMs: apprehendedMs },
    { type: 'CUSTODY_OFFICER_NOTIFIED', atMs: apprehendedMs + between(random, 1, 3) * MINUTE_MS },
    { type: 'RIGHTS_EXPLAINED', atMs: apprehendedMs + between(random, 1, 4) * MINUTE_MS },
    { type: 'LEGAL_AID_NOTIFIED', atMs: apprehendedMs + between(random, 5, 11) * MINUTE_MS },
    { type: 'RELATIVES_NOTIFIED', atMs: apprehendedMs + between(random, 6, 12) * MINUTE_MS },
    { type: 'DELIVERED', atMs: deliveredMs },
    { type: 'REGISTERED', atMs: after(between(random, 1, 3)) },
    { type: 'OFFICER_INTERVIEWED', atMs: after(between(random, 4, 6)), areaId: interview },
    { type: 'DETAINEE_INTERVIEWED', atMs: after(between(random, 7, 10)), areaId: interview },
    {
      type: 'RISK_ASSESSED',
      atMs: after(between(random, 10, 11)),
      // Who may harm themselves is observed more closely.
      observationLevel: person.atRisk ? 2 : undefined,
    },
    { type: 'MEDICAL_EXAM_STARTED', atMs: examined, areaId: doctor },
    { type: 'MEDICAL_EXAM_ENDED', atMs: examined + between(random, 4, 7) * MINUTE_MS, areaId: doctor },
    { type: 'SEARCHED', atMs: after(between(random, 21.5, 22.5)) },
    { type: 'PROPERTY_TAKEN', atMs: after(between(random, 23, 24)) },
    { type: 'CELL_PLACED', atMs: placedMs, areaId },
  ];
  if (person.regime === 'criminal') {
    steps.push(
      { type: 'PROTOCOL_DRAWN', atMs: after(between(random, 26, 38)) },
      { type: 'PROSECUTOR_NOTIFIED', atMs: after(between(random, 39, 44)) },
      { type: 'LAWYER_ASSIGNED', atMs: apprehendedMs + between(random, 13, 22) * MINUTE_MS },
      ...firstTalk(facilityId, random, findRoom).map(({ type, minutes, areaId: room }) => ({
        type,
        atMs: after(minutes),
        areaId: room,
      })),
    );
  }
  if (person.minor)
    steps.push({ type: 'GUARDIANSHIP_NOTIFIED', atMs: apprehendedMs + between(random, 8, 16) * MINUTE_MS });
  if (random() < 0.02) steps.push({ type: 'INTERPRETER', atMs: after(6.5), areaId: interview });
  if (random() < 0.001)
    steps.push({ type: 'INJURY_RECORDED', atMs: examined + 3 * MINUTE_MS, areaId: doctor });
  if (random() < 0.06) steps.push({ type: 'MEDICATION', atMs: placedMs + 20 * MINUTE_MS, areaId });
  if (random() < 0.002)
    steps.push({
      type: 'FORCE_USED',
      atMs: apprehendedMs + MINUTE_MS,
      forceKind: 'physical',
      reason: 'Демонстрація: опір під час затримання',
    });
  return steps;
}

/** The lawyer comes within the hour, before the person is placed in a cell. */
function firstTalk(facilityId: FacilityId, random: Random, findRoom: FindRoom) {
  const areaId = findRoom(facilityId, ['lawyer-room', 'interview-room']);
  const arrives = between(random, 25, 29);
  return [
    { type: 'LAWYER_ARRIVED', minutes: arrives, areaId },
    { type: 'LAWYER_LEFT', minutes: arrives + between(random, 8, 14), areaId },
  ] as const;
}

/** Lawyer, interrogation, suspicion, court. */
function proceedings(stay: Stay, random: Random, findRoom: FindRoom): Step[] {
  const { placedMs, suspicionMs, courtMs, decisionMs } = stay;
  const { facilityId, group } = stay.bed;
  if (group === 'administrative') return [];
  const talk = findRoom(facilityId, ['lawyer-room', 'interview-room']);
  const questioning = findRoom(facilityId, ['investigation-room', 'interview-room']);
  const visitedMs = placedMs + between(random, 25, 110) * MINUTE_MS;
  const visitedUntilMs = visitedMs + between(random, 18, 35) * MINUTE_MS;
  const questionedMs = visitedUntilMs + between(random, 10, 60) * MINUTE_MS;
  const steps: Step[] = [
    { type: 'LAWYER_ARRIVED', atMs: visitedMs, areaId: talk },
    { type: 'LAWYER_LEFT', atMs: visitedUntilMs, areaId: talk },
    { type: 'INTERROGATION_STARTED', atMs: questionedMs, areaId: questioning },
    {
      type: 'INTERROGATION_ENDED',
      // Minors are questioned for at most an hour without a break.
      atMs: questionedMs + between(random, 25, group === 'minors' ? 50 : 100) * MINUTE_MS,
      areaId: questioning,
    },
  ];
  if (suspicionMs !== null) steps.push({ type: 'SUSPICION_SERVED', atMs: suspicionMs, areaId: questioning });
  if (courtMs !== null) steps.push({ type: 'COURT_BROUGHT', atMs: courtMs });
  if (decisionMs !== null) steps.push({ type: 'COURT_DECISION_SERVED', atMs: decisionMs });
  return steps;
}

/** Hours of the day at which things happen in cells, and how far apart they may fall. */
const ROUTINE: readonly { type: CaseEvent['type']; hour: number; spreadMinutes: number }[] = [
  { type: 'REST_ENDED', hour: 6, spreadMinutes: 5 },
  { type: 'MEAL', hour: 8, spreadMinutes: 40 },
  { type: 'EXERCISE', hour: 10, spreadMinutes: 240 },
  { type: 'MEAL', hour: 13, spreadMinutes: 40 },
  { type: 'MEAL', hour: 18.5, spreadMinutes: 40 },
  { type: 'REST_STARTED', hour: 22, spreadMinutes: 5 },
];

/** Meals, exercise and rest while the person is in the cell. */
function days({ bed, placedMs, courtMs, endMs }: Stay, random: Random): Step[] {
  if (bed.group === 'administrative') return [];
  const untilMs = courtMs ?? endMs;
  return ROUTINE.flatMap(({ type, hour, spreadMinutes }) => {
    const steps: Step[] = [];
    for (
      let atMs = nextKyivTime(placedMs, hour * HOUR_MS);
      atMs < untilMs - spreadMinutes * MINUTE_MS;
      atMs = nextKyivTime(atMs + HOUR_MS, hour * HOUR_MS)
    ) {
      steps.push({ type, atMs: atMs + between(random, 0, spreadMinutes) * MINUTE_MS, areaId: bed.areaId });
    }
    return steps;
  });
}

function departure({ endMs, end }: Stay): Step[] {
  if (end === 'RELEASED') return [{ type: 'RELEASED', atMs: endMs }];
  return [
    { type: 'HANDED_TO_CONVOY', atMs: endMs - 2 * MINUTE_MS },
    { type: 'TRANSFERRED', atMs: endMs },
  ];
}
