import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  AREA_DETAILS,
  CASE_DETAILS,
  EVENT_DETAILS,
  Extension,
  Overlay,
  Person,
  PreviousCase,
} from '#contract/custody-details.ts';
import {
  AREA_EVENT_TYPES,
  AreaEvent,
  CASE_EVENT_TYPES,
  CaseEvent,
  CorrectionEvent,
  type CustodyEventResult,
  CustodyEventsReply,
  MAX_EVENTS_PER_BATCH,
} from '#contract/custody-events.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

/**
 * Every field of every type of event, made wrong in every way that its schema forbids, through HTTP: a coded refusal with
 * the path of the field, and the events around it untouched. Fields come from the schema, so that a new one is fuzzed.
 */

const FACILITY = 'ua-68-itt-1';
const AREA = 'ua-68-itt-1-cell-1';
/** Thousands of mutations are answered within this; a server that took a second for each would not be. */
const BOUND_MS = 60_000;

let redis: TestRedis;
let server: TestServer;
let authorization: string;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  authorization = `Bearer ${await server.facilityKey(FACILITY)}`;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

type Loose = Record<string, unknown>;
type Path = (string | number)[];

const NOW = () => new Date().toISOString();
const PERSON = {
  sex: 'male',
  minor: false,
  regime: 'criminal',
  atRisk: false,
  convicted: false,
  lifeSentenced: false,
  foreigner: false,
  intoxicated: false,
  vulnerable: false,
  specialService: false,
};
/** One right value for every detail. */
const RIGHT: Loose = {
  overlay: { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' },
  extension: { ground: 'until-court', until: NOW(), authorisedBy: 'head-1', reason: 'a reason' },
  basis: 'ruling',
  forceKind: 'physical',
  complaintKind: 'treatment',
  outcome: 'upheld',
  observationLevel: 2,
  previousCase: { facilityId: 'ua-05-itt-1', caseId: 'cr-05-1-one' },
  reason: 'a reason',
  incidentKind: 'other',
  concerns: 'cr-68-1-one',
  severity: 3,
  count: 1,
  temperatureC: 20,
  co2Ppm: 600,
  humidityPct: 40,
  until: NOW(),
};

function common(): Loose {
  const at = NOW();
  return {
    schema: 1,
    id: randomUUID(),
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    note: 'a note',
  };
}

/** An event of a type with everything that it may have. */
function whole(type: string): Loose {
  const { needs = [], may = [] } = EVENT_DETAILS[type] ?? {};
  const details = Object.fromEntries(
    [...needs, ...may].filter((name) => name !== 'areaId').map((name) => [name, RIGHT[name]]),
  );
  const isCase = (CASE_EVENT_TYPES as readonly string[]).includes(type);
  const own = isCase ? { caseId: 'cr-68-1-one', areaId: AREA, person: { ...PERSON } } : { areaId: AREA };
  return { ...common(), type, ...own, ...details };
}
const correction = (): Loose => ({
  ...common(),
  type: 'RECORD_CORRECTED',
  corrects: randomUUID(),
  reason: 'entered by mistake',
  replacement: { ...whole('MEAL'), id: randomUUID() },
});

/** All that a facility may send: masks are lifted by decisions, see `server/masks`. */
const AREA_TYPES = AREA_EVENT_TYPES.filter((type) => type !== 'MASK_LIFTED');

/** What is wrong for nearly any field: other types, other sizes, other worlds. */
const WRONG: unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  'x'.repeat(5_000),
  '\u0000',
  '💥',
  '__proto__',
  '2026-13-45T99:99:99Z',
  [],
  ['x'],
  {},
  { toString: 'x' },
];

/** Paths of all fields that a schema names, down to the last. */
function fieldsOf(schema: z.ZodType, path: Path = []): { path: Path; schema: z.ZodType }[] {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  const own = path.length > 0 ? [{ path, schema: inner }] : [];
  if (!(inner instanceof z.ZodObject)) return own;
  const shape = inner.shape as Record<string, z.ZodType>;
  return [...own, ...Object.entries(shape).flatMap(([name, one]) => fieldsOf(one, [...path, name]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((one, key) => (one as Loose | undefined)?.[key], value);
}

function changed(event: Loose, path: Path, value: unknown): Loose {
  const [head, ...rest] = path;
  if (head === undefined) return event;
  return { ...event, [head]: rest.length === 0 ? value : changed((event[head] ?? {}) as Loose, rest, value) };
}

interface Mutant {
  event: Loose;
  path: Path;
}

/** Every field of an event made wrong in every way that its own schema forbids; and left out, and beside unknown ones. */
function mutantsOf(make: () => Loose, schema: z.ZodType): Mutant[] {
  const event = make();
  const fields = fieldsOf(schema).filter(
    ({ path }) => at(event, path) !== undefined && path[0] !== 'replacement',
  );
  const wrong = fields.flatMap(({ path, schema: own }) =>
    WRONG.filter((value) => !own.safeParse(value).success).map((value) => ({
      event: changed({ ...make() }, path, value),
      path,
    })),
  );
  const objects = fields.filter(
    ({ path }) => typeof at(event, path) === 'object' && !Array.isArray(at(event, path)),
  );
  const strange = [[], ...objects.map(({ path }) => path)].map((path) => ({
    event: changed(make(), [...path, 'surprise'], 1),
    path,
  }));
  return [...wrong, ...strange];
}

async function send(events: readonly unknown[]): Promise<CustodyEventResult[]> {
  const reply = await server
    .stranger()
    .call('POST', '/api/v1/custody/events', { body: { events }, headers: { authorization } });
  expect(reply.status).toBe(200);
  return CustodyEventsReply.parse(reply.body).results;
}

const ALL_MUTANTS = (): Mutant[] => [
  ...CASE_EVENT_TYPES.flatMap((type) => mutantsOf(() => whole(type), CaseEvent)),
  ...AREA_TYPES.flatMap((type) => mutantsOf(() => whole(type), AreaEvent)),
  ...mutantsOf(correction, CorrectionEvent),
  // What a correction puts in the place of an event is fuzzed as that event is.
  ...mutantsOf(() => whole('MEAL'), CaseEvent).map(({ event, path }) => ({
    event: { ...correction(), replacement: event },
    path: ['replacement', ...path],
  })),
];

test('the fuzz knows every detail and every fact that the schema has', () => {
  expect(Object.keys(RIGHT).sort()).toEqual(
    [...new Set([...Object.keys(CASE_DETAILS), ...Object.keys(AREA_DETAILS)])].sort(),
  );
  expect(Object.keys(PERSON).sort()).toEqual(Object.keys(Person.shape).sort());
  expect(Object.keys(RIGHT.overlay as Loose).sort()).toEqual(Object.keys(Overlay.shape).sort());
  expect(Object.keys(RIGHT.extension as Loose).sort()).toEqual(Object.keys(Extension.shape).sort());
  expect(Object.keys(RIGHT.previousCase as Loose).sort()).toEqual(Object.keys(PreviousCase.shape).sort());
});

test('what is right is taken, of every type', async () => {
  const events = [...CASE_EVENT_TYPES, ...AREA_TYPES].map((type) => whole(type));
  const results = await send([...events, correction()]);
  expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
});

test(
  'every field of every type, made wrong, is refused with its path; the rest of the batch is taken',
  async () => {
    const connection = await connectRedis(redis.url, 'test', QUIET_LOG);
    await using _connection = { [Symbol.asyncDispose]: async () => connection.destroy() };
    const taken = () => connection.xLen(keys.custody('UA-68'));
    const before = await taken();
    const mutants = ALL_MUTANTS();
    expect(mutants.length).toBeGreaterThan(5_000);
    let neighbours = 0;
    // Every batch is wrong events between right ones.
    const size = Math.floor(MAX_EVENTS_PER_BATCH / 5) * 4;
    for (let from = 0; from < mutants.length; from += size) {
      const some = mutants.slice(from, from + size);
      const batch = some.flatMap(({ event }, index) => (index % 4 === 3 ? [event, whole('WATER')] : [event]));
      const results = (await send(batch)).values();
      for (const [index, { path, event }] of some.entries()) {
        const result = results.next().value;
        const what = JSON.stringify([event.type, path, at(event, path)])?.slice(0, 200);
        expect(result?.status, what).toBe('rejected');
        expect(result?.code, what).toBe('invalid');
        // The field itself, or what it lies in: an unknown type has no fields of its own.
        const told = result?.path ?? [];
        const isType = path.at(-1) === 'type';
        expect(
          isType || told.slice(0, path.length).join() === path.join() || path.join().startsWith(told.join()),
          what,
        ).toBe(true);
        if (!isType && path.length > 0) expect(told.length, what).toBeGreaterThan(0);
        if (index % 4 !== 3) continue;
        neighbours += 1;
        expect(results.next().value?.status).toBe('accepted');
      }
      expect(results.next().done).toBe(true);
    }
    expect(await taken()).toBe(before + neighbours);
  },
  BOUND_MS * 2,
);

test('nobody lifts a mask by an event', async () => {
  const [result] = await send([whole('MASK_LIFTED')]);
  expect(result).toMatchObject({ status: 'rejected', code: 'forbidden', path: ['type'] });
});

test('a needed field that is missing, and a detail of another type, are refused with their path', async () => {
  const all: Mutant[] = [...CASE_EVENT_TYPES, ...AREA_TYPES].flatMap((type) => {
    const isCase = (CASE_EVENT_TYPES as readonly string[]).includes(type);
    const { needs = [], may = [] } = EVENT_DETAILS[type] ?? {};
    const own = isCase ? Object.keys(CASE_DETAILS) : Object.keys(AREA_DETAILS);
    const stray = own.filter((name) => ![...needs, ...may].includes(name as never));
    const required = ['id', 'occurredAt', 'recordedAt', 'recordedBy', isCase ? 'caseId' : 'areaId', ...needs];
    return [
      ...stray.map((name) => ({ event: { ...whole(type), [name]: RIGHT[name] }, path: [name] })),
      ...required.map((name) => {
        const { [name]: _, ...rest } = whole(type);
        return { event: rest, path: [name] };
      }),
    ];
  });
  for (let from = 0; from < all.length; from += MAX_EVENTS_PER_BATCH) {
    const some = all.slice(from, from + MAX_EVENTS_PER_BATCH);
    const results = await send(some.map(({ event }) => event));
    for (const [index, { event, path }] of some.entries())
      expect([event.type, results[index]?.status, results[index]?.code, results[index]?.path]).toEqual([
        event.type,
        'rejected',
        'invalid',
        path,
      ]);
  }
});
