import { z } from 'zod';
import { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';
import { AreaLog } from './area-log.ts';
import type { Basis } from './basis.ts';
import { CaseLog } from './case-log.ts';
import { Correction } from './corrections.ts';
import { type FacilityRecord, restoreFacility } from './facility-custody.ts';
import type { RegionApplied, RegionCustody } from './region-custody.ts';

/**
 * A region's record as fields of one hash, so that a change writes what changed and nothing else:
 * `case/<facility>/<case>`, `area/<facility>/<area>`, `correction/<facility>/<event>`, `closed/<facility>/<case>` and
 * `watermark/<facility>`, all JSON.
 */
const Instant = z.int();

/** Fields to write, and fields to delete (undefined). */
export function toFields({ region, changes }: RegionApplied): Map<string, string | undefined> {
  const fields = new Map<string, string | undefined>();
  for (const [facilityId, changed] of changes) {
    const facility = region.get(facilityId);
    const put = <T>(kind: string, ids: ReadonlySet<string>, held: ReadonlyMap<string, T> | undefined) => {
      for (const id of ids) {
        const value = held?.get(id);
        fields.set(`${kind}/${facilityId}/${id}`, value === undefined ? undefined : JSON.stringify(value));
      }
    };
    put('case', changed.cases, facility?.cases);
    put('area', changed.areas, facility?.areas);
    put('correction', changed.corrections, facility?.corrections);
    put('closed', changed.tombstones, facility?.tombstones);
    if (facility) fields.set(`watermark/${facilityId}`, JSON.stringify(facility.watermarkMs));
  }
  return fields;
}

/** Reads what {@link toFields} wrote. Throws for a field that cannot be read: a state with holes is worse than none. */
export function fromFields(fields: Readonly<Record<string, string>>, basis: Basis): RegionCustody {
  const records = new Map<FacilityId, Building>();
  for (const [field, json] of Object.entries(fields)) {
    const [kind, facility, id] = field.split('/');
    const facilityId = FacilityId.parse(facility);
    const record = records.get(facilityId) ?? newRecord();
    records.set(facilityId, record);
    readField(record, { kind, id, value: JSON.parse(json) });
  }
  return new Map(Array.from(records, ([id, record]) => [id, restoreFacility(id, basis, record)]));
}

type Building = {
  -readonly [K in keyof FacilityRecord]: FacilityRecord[K] extends ReadonlyMap<infer I, infer V>
    ? Map<I, V>
    : FacilityRecord[K];
};

function newRecord(): Building {
  return {
    cases: new Map(),
    areas: new Map(),
    corrections: new Map(),
    tombstones: new Map(),
    watermarkMs: 0,
  };
}

function readField(
  record: Building,
  { kind, id, value }: { kind: string | undefined; id: string | undefined; value: unknown },
): void {
  switch (kind) {
    case 'case':
      record.cases.set(CaseId.parse(id), CaseLog.parse(value));
      break;
    case 'area':
      record.areas.set(AreaId.parse(id), AreaLog.parse(value));
      break;
    case 'correction':
      record.corrections.set(EventId.parse(id), Correction.parse(value));
      break;
    case 'closed':
      record.tombstones.set(CaseId.parse(id), Instant.parse(value));
      break;
    case 'watermark':
      record.watermarkMs = Instant.parse(value);
      break;
    default:
      throw new TypeError(`a field of custody state is of an unknown kind: ${kind}`);
  }
}
