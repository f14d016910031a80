import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AREA_EVENT_TYPES,
  CASE_EVENT_TYPES,
  type CaseEvent,
  type CustodyEvent,
  type StoredEvent,
} from '#contract/custody-events.ts';
import { AreaStatus } from '#contract/status.ts';
import { after, areaEvent, BASIS, caseEvent, correction, stored } from '../../test/fixtures/custody.ts';
import { applyToRegion, type RegionCustody } from './region-custody.ts';
import { fromFields, toFields } from './state-fields.ts';

/** Types that status depends on come up often enough to meet, correct and contradict one another. */
const STRUCTURAL: CaseEvent['type'][] = [
  'APPREHENDED',
  'DELIVERED',
  'CELL_PLACED',
  'CELL_PLACED',
  'CELL_MOVED',
  'CELL_MOVED',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'LAWYER_ARRIVED',
  'LAWYER_LEFT',
  'MEDICAL_EXAM_STARTED',
  'MEDICAL_EXAM_ENDED',
  'SUSPICION_SERVED',
  'COURT_BROUGHT',
  'OVERLAY_APPLIED',
  'OVERLAY_LIFTED',
  'EXTENSION_GRANTED',
  'SOBERED',
  'INTERROGATION_STARTED',
  'INTERROGATION_ENDED',
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
];

const minutes = fc.integer({ min: -300, max: 300 });
const area = fc.constantFrom('cell-1', 'cell-2', 'lawyer-room');
const overlay = fc.record({
  normSet: fc.constantFrom('ua-cpc-615', 'no-such'),
  authorisedBy: fc.constant('prosecutor-1'),
  reason: fc.constant('flight is feared'),
});
const extension = fc.record({
  ground: fc.constantFrom('border-regime', 'until-court', 'no-such'),
  until: minutes.map((at) => after(at * 10)),
  authorisedBy: fc.constant('head-1'),
});
const person = fc.record({
  sex: fc.constantFrom('female' as const, 'male' as const),
  minor: fc.boolean(),
  regime: fc.constantFrom('criminal' as const, 'administrative' as const),
  atRisk: fc.boolean(),
  intoxicated: fc.boolean(),
  convicted: fc.boolean(),
});

/** Something that happens, before it has an id; `corrects` is the number of an event, modulo how many there are. */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        kind: fc.constant('case' as const),
        type: fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...STRUCTURAL) },
          fc.constantFrom(...CASE_EVENT_TYPES),
        ),
        at: minutes,
        delay: fc.integer({ min: 0, max: 60 }),
        area,
        person,
        overlay,
        extension,
        basis: fc.constantFrom('ruling' as const, 'no-ruling' as const),
        caseName: fc.constantFrom('one', 'two', 'three'),
        facility: fc.constantFrom('ua-68-itt-1', 'ua-68-itt-2'),
      },
      { requiredKeys: ['kind', 'type', 'at', 'delay', 'caseName', 'facility'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('area' as const),
      type: fc.constantFrom(...AREA_EVENT_TYPES),
      at: minutes,
      delay: fc.integer({ min: 0, max: 60 }),
      area,
      facility: fc.constantFrom('ua-68-itt-1', 'ua-68-itt-2'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('correction' as const),
      at: minutes,
      corrects: fc.nat(),
      replaceWith: fc.option(fc.record({ type: fc.constantFrom(...STRUCTURAL), at: minutes, area })),
      facility: fc.constantFrom('ua-68-itt-1', 'ua-68-itt-2'),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

function toEvent(one: Happening, index: number, all: readonly Happening[]): CustodyEvent {
  switch (one.kind) {
    case 'case': {
      const needsArea = one.type === 'CELL_PLACED' || one.type === 'CELL_MOVED';
      return caseEvent(one.type, {
        id: index,
        at: one.at,
        recorded: one.at + one.delay,
        caseName: one.caseName,
        ...(one.area || needsArea ? { area: one.area ?? 'cell-1' } : {}),
        ...(one.person ? { person: one.person } : {}),
        ...(one.overlay && one.type.startsWith('OVERLAY') ? { overlay: one.overlay } : {}),
        ...(one.extension && one.type === 'EXTENSION_GRANTED' ? { extension: one.extension } : {}),
        ...(one.basis && one.type === 'APPREHENDED' ? { basis: one.basis } : {}),
      });
    }
    case 'area':
      return areaEvent(one.type, {
        id: index,
        at: one.at,
        recorded: one.at + one.delay,
        area: one.area,
        ...(one.type === 'CONDITIONS_MEASURED'
          ? { temperatureC: one.delay / 2, co2Ppm: one.delay * 40 }
          : {}),
      });
    case 'correction':
      return correction({
        id: index,
        at: one.at,
        corrects: one.corrects % all.length === index ? all.length : one.corrects % all.length,
        ...(one.replaceWith
          ? {
              replacement: caseEvent(one.replaceWith.type, {
                id: 10_000 + index,
                ...one.replaceWith,
                recorded: one.at,
              }),
            }
          : {}),
      });
  }
}

/** All within the hour in which nothing is forgotten. */
const history = fc
  .array(happening, { minLength: 1, maxLength: 60 })
  .map((happenings) =>
    happenings.map((one, index) => stored(toEvent(one, index, happenings), after(index / 2), one.facility)),
  );

function fold(events: readonly StoredEvent[], cuts: readonly number[] = []): RegionCustody {
  const bounds = [...new Set(cuts.map((cut) => cut % (events.length + 1)))].sort((a, b) => a - b);
  let region: RegionCustody = new Map();
  for (const [index, start] of [0, ...bounds].entries())
    region = applyToRegion(region, events.slice(start, bounds[index] ?? events.length), BASIS).region;
  return region;
}

/** Everything of a region, with maps in the order of their keys. */
function plain(region: RegionCustody): unknown {
  const sorted = (map: ReadonlyMap<string, unknown>): unknown =>
    Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(
    new Map(
      Array.from(region, ([id, facility]) => [
        id,
        Object.fromEntries(
          Object.entries(facility).map(([key, value]) => [key, value instanceof Map ? sorted(value) : value]),
        ),
      ]),
    ),
  );
}

const shuffled = history.chain((events) =>
  fc.record({
    events: fc.constant(events),
    // Every event at least once, in any order, some of them again.
    arrivals: fc
      .array(fc.nat({ max: events.length - 1 }), { maxLength: 20 })
      .chain((again) =>
        fc.shuffledSubarray([...events.keys(), ...again], { minLength: events.length + again.length }),
      )
      .map((order) => order.flatMap((index) => events.slice(index, index + 1))),
    cuts: fc.array(fc.nat(), { maxLength: 12 }),
  }),
);

test('any order, any repetition and any batches of a history give the same state', () => {
  fc.assert(
    fc.property(shuffled, ({ events, arrivals, cuts }) => {
      expect(plain(fold(arrivals, cuts))).toEqual(plain(fold(events)));
    }),
    { numRuns: 400 },
  );
});

test('statuses that were told one by one are those of the end, and keep to the wire', () => {
  fc.assert(
    fc.property(shuffled, ({ arrivals, cuts }) => {
      const told = new Map<string, AreaStatus>();
      let region: RegionCustody = new Map();
      const size = 1 + ((cuts[0] ?? 0) % 7);
      for (let start = 0; start < arrivals.length; start += size) {
        const applied = applyToRegion(region, arrivals.slice(start, start + size), BASIS);
        region = applied.region;
        for (const status of applied.statuses) told.set(`${status.areaId}`, AreaStatus.parse(status));
      }
      // Both facilities of these histories speak of the same areas, so the last word on an area is a facility's.
      for (const [areaId, status] of told) {
        const known = [...region.values()].map(({ statuses }) => statuses.get(areaId));
        expect(known).toContainEqual(status);
      }
    }),
  );
});

test('what is written field by field is read as the same state', () => {
  fc.assert(
    fc.property(shuffled, ({ arrivals }) => {
      const fields: Record<string, string> = {};
      let region: RegionCustody = new Map();
      for (let start = 0; start < arrivals.length; start += 5) {
        const applied = applyToRegion(region, arrivals.slice(start, start + 5), BASIS);
        region = applied.region;
        for (const [field, json] of toFields(applied)) {
          if (json === undefined) delete fields[field];
          else fields[field] = json;
        }
      }
      expect(plain(fromFields(fields, BASIS))).toEqual(plain(region));
    }),
  );
});

test('nobody is in two areas, and nobody is lost', () => {
  fc.assert(
    fc.property(history, (events) => {
      const facility = fold(events).get('ua-68-itt-1');
      if (!facility) return;
      const headcount = [...facility.statuses.values()].reduce((sum, status) => sum + status.headcount, 0);
      const placed = [...facility.views.values()].filter(({ place }) => place !== null);
      expect(headcount).toBe(placed.length);
      // An oracle that knows nothing of folds: without corrections, the last movement says where somebody is.
      if (events.some(({ event }) => event.type === 'RECORD_CORRECTED')) return;
      const sheltered = new Set(
        events.flatMap(({ event }) =>
          'caseId' in event && event.type.startsWith('SHELTER') ? [event.caseId] : [],
        ),
      );
      for (const caseId of facility.cases.keys()) {
        if (sheltered.has(caseId)) continue;
        const movements = events
          .filter(({ facilityId }) => facilityId === 'ua-68-itt-1')
          .map(({ event }) => event)
          .filter((event) => 'caseId' in event && event.caseId === caseId && MOVES.includes(event.type));
        const last = movements.toSorted((a, b) => orderKey(a).localeCompare(orderKey(b))).at(-1);
        const inside = last?.type.startsWith('CELL_') && 'areaId' in last;
        expect(facility.views.get(caseId)?.place?.areaId).toBe(inside ? last.areaId : undefined);
      }
    }),
    { numRuns: 300 },
  );
});

const MOVES: string[] = [
  'CELL_PLACED',
  'CELL_MOVED',
  'HOSPITAL_LEFT',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'ESCAPED',
  'DIED',
];

function orderKey(event: CustodyEvent): string {
  const rank = MOVES.indexOf(event.type);
  return `${event.occurredAt} ${event.recordedAt} ${rank} ${event.id}`;
}
