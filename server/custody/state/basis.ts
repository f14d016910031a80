import type { CaseEvent } from '#contract/custody-events.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { Area, FacilityKind } from '#contract/nation.ts';
import type { Limit, NormSet } from '../../../config/norms/norm-set.ts';
import type { Norms } from '../../../config/norms/norms.ts';
import { type Calendar, createCalendar } from './local-day.ts';

/** What of an area its people's conditions depend on. */
export type AreaFacts = Pick<Area, 'kind' | 'capacity' | 'netAreaM2'>;

/** Norms made ready for use. */
export interface Law {
  readonly norms: Norms;
  readonly calendar: Calendar;
}

/**
 * What status is derived by beside events: the norms that hold in each facility, and the facts of areas. The same events
 * on the same basis give the same status; on another basis everything has to be derived anew.
 */
export interface Basis {
  lawOf(facilityId: FacilityId): Law;
  /** Undefined for an area that nothing is known of. */
  areaFacts(areaId: AreaId): AreaFacts | undefined;
  /** Types of events that status depends on under any of the norms; of others only the time of their recording matters. */
  readonly keptTypes: ReadonlySet<CaseEvent['type']>;
  /** All that it consists of, as text. */
  readonly text: string;
}

interface BasisOptions {
  normsOf: (kind: FacilityKind) => Norms;
  facilities: readonly { id: FacilityId; kind: FacilityKind }[];
  areas: readonly ({ id: AreaId } & AreaFacts)[];
}

/** Throws a RangeError for a time zone that does not exist. */
export function createBasis({ normsOf, facilities, areas }: BasisOptions): Basis {
  const laws = new Map<Norms, Law>();
  const lawFor = (norms: Norms): Law => {
    const known = laws.get(norms);
    if (known) return known;
    const law = { norms, calendar: createCalendar(norms.timeZone) };
    laws.set(norms, law);
    return law;
  };
  const byFacility = new Map(facilities.map(({ id, kind }) => [id, lawFor(normsOf(kind))]));
  const ordinary = lawFor(normsOf('temporary-detention'));
  const facts = new Map(
    areas.map(({ id, kind, capacity, netAreaM2 }) => [id, { kind, capacity, netAreaM2 }] as const),
  );
  return {
    lawOf: (facilityId) => byFacility.get(facilityId) ?? ordinary,
    areaFacts: (areaId) => facts.get(areaId),
    keptTypes: keptTypes([...laws.keys()]),
    text: JSON.stringify([
      [...laws.keys()],
      facilities.map(({ id, kind }) => [id, kind]),
      [...facts].map(([id, { kind, capacity, netAreaM2 }]) => [id, kind, capacity, netAreaM2]),
    ]),
  };
}

/** Types by which people come, go, and are alone with a lawyer or a doctor, and those that say how a case is held. */
const STRUCTURAL: readonly CaseEvent['type'][] = [
  'APPREHENDED',
  'DELIVERED',
  'REGISTERED',
  'DETENTION_AUTHORISED',
  'RISK_ASSESSED',
  'APPROPRIATE_ADULT_ARRIVED',
  'APPROPRIATE_ADULT_LEFT',
  'INTERROGATION_STARTED',
  'INTERROGATION_ENDED',
  'PROTOCOL_DRAWN',
  'CELL_PLACED',
  'CELL_MOVED',
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
  'HOSPITAL_LEFT',
  'HOSPITAL_RETURNED',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'ESCAPED',
  'DIED',
  'LAWYER_ARRIVED',
  'LAWYER_LEFT',
  'MEDICAL_EXAM_STARTED',
  'MEDICAL_EXAM_ENDED',
  'CONFIDENTIALITY_EXTENDED',
  'CONFIDENTIALITY_ENDED',
  'SOBERED',
  'EXTENSION_GRANTED',
  'OVERLAY_APPLIED',
  'OVERLAY_LIFTED',
];

function keptTypes(all: readonly Norms[]): ReadonlySet<CaseEvent['type']> {
  const limits = all.flatMap(({ sets }) => sets.flatMap((set: NormSet) => set.limits));
  return new Set([...STRUCTURAL, ...limits.flatMap(typesOf)]);
}

function typesOf(limit: Limit): CaseEvent['type'][] {
  switch (limit.kind) {
    case 'deadline':
      return [...limit.anchor, ...limit.metBy, ...pauseTypes(limit.pauses)];
    case 'duty':
      return [...limit.anchor, ...limit.metBy];
    case 'review':
      return [
        ...limit.anchor,
        ...limit.doneBy,
        ...limit.endedBy,
        ...pauseTypes(limit.pauses),
        ...(limit.lasting ? [limit.lasting.from, ...limit.lasting.brokenBy] : []),
      ];
    case 'accumulation':
      return [limit.from, limit.until];
    case 'check':
      return [];
  }
}

function pauseTypes(pauses: Extract<Limit, { kind: 'deadline' }>['pauses']): CaseEvent['type'][] {
  return pauses.flatMap(({ from, until }) => (from === 'anchor' ? [until] : [from, until]));
}
