import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AREA_EVENT_TYPES, CASE_EVENT_TYPES, type CustodyEvent } from '#contract/custody-events.ts';
import { ADULT, after, areaEvent, caseEvent, correction, START_MS } from '../test/fixtures/custody.ts';
import { equipment, smallRegistry } from '../test/fixtures/nation.ts';
import { checkEvent } from './check-event.ts';
import { custodyEventSchema } from './event-schema.ts';

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
const matches = ajv.compile(custodyEventSchema());
const given = {
  principal: equipment('ua-68-itt-1'),
  facilityId: 'ua-68-itt-1',
  action: 'custody.ingest',
  registry: smallRegistry(),
  nowMs: START_MS,
} as const;

const DETAILS = {
  areaId: 'ua-68-itt-1-cell-1',
  overlay: { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' },
  extension: { ground: 'narcotics', until: after(60), authorisedBy: 'head-1' },
  outcome: 'upheld',
  reason: 'the person slept',
} as const;

function minimal(type: CustodyEvent['type']): CustodyEvent {
  if (type === 'RECORD_CORRECTED') return correction({ id: 1, at: -1, corrects: 2 });
  const area = AREA_EVENT_TYPES.find((one) => one === type);
  if (area) return areaEvent(area, { id: 1, at: -1, area: 'cell-1' });
  return caseEvent(type as (typeof CASE_EVENT_TYPES)[number], { id: 1, at: -1, person: ADULT });
}

test('the schema says its version, and which details each type needs', () => {
  const schema = custodyEventSchema();
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:varta:custody-event:1',
  });
  for (const type of [...CASE_EVENT_TYPES, ...AREA_EVENT_TYPES])
    expect(JSON.stringify(schema)).toContain(`"${type}"`);
});

test('schema and intake agree about every type with every single detail', () => {
  let refused = 0;
  for (const type of [...CASE_EVENT_TYPES, ...AREA_EVENT_TYPES, 'RECORD_CORRECTED'] as const) {
    const bare = minimal(type);
    for (const event of [
      bare,
      ...Object.entries(DETAILS).map(([name, value]) => ({ ...bare, [name]: value })),
    ]) {
      const accepted = checkEvent(event, given).ok;
      if (!accepted) refused += 1;
      expect(matches(event), JSON.stringify(event)).toBe(accepted);
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test('whatever a field holds: what intake takes, the schema describes', () => {
  const base = [...CASE_EVENT_TYPES, ...AREA_EVENT_TYPES].map(minimal);
  fc.assert(
    fc.property(
      fc.constantFrom(...base),
      fc.constantFrom(
        'id',
        'caseId',
        'areaId',
        'person',
        'note',
        'count',
        'temperatureC',
        'recordedBy',
        'schema',
      ),
      fc.jsonValue(),
      (event, field, value) => {
        const changed = { ...event, ...DETAILS, [field]: value };
        if (checkEvent(changed, given).ok)
          expect(matches(changed), JSON.stringify(matches.errors)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
