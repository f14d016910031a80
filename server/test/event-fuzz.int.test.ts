import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AREA_DETAILS,
  CASE_DETAILS,
  Extension,
  Overlay,
  Person,
  PreviousCase,
} from '#contract/custody-details.ts';
import {
  CustodyBulkLine,
  CustodyEventResult,
  CustodyEventsReply,
  MAX_EVENTS_PER_BATCH,
} from '#contract/custody-events.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import {
  ALL_TYPES,
  allMutants,
  at,
  correctionWith,
  type Loose,
  type Mutant,
  PERSON,
  RIGHT,
  whole,
} from './fixtures/event-mutants.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

/**
 * Every field of every type of event, also of what a correction puts in the place of another, made wrong in every way that
 * its schema forbids, by each of the three ways by which events come: a coded refusal with the path of the field, and the
 * events around it untouched.
 */

const FACILITY = 'ua-68-itt-1';
/** Tens of thousands of mutations are answered within this; a server that took 10 ms for each would not be. */
const BOUND_MS = 60_000;
/** One event of so many in a batch is a right one. */
const RIGHT_EVERY = 25;

let redis: TestRedis;
let server: TestServer;
let authorization: string;
let inspector: Awaited<ReturnType<TestServer['signIn']>>;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  authorization = `Bearer ${await server.facilityKey(FACILITY)}`;
  inspector = await server.signIn('inspector');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

type Send = (events: readonly unknown[]) => Promise<CustodyEventResult[]>;

const asBatch: Send = async (events) => {
  const reply = await server
    .stranger()
    .call('POST', '/api/v1/custody/events', { body: { events }, headers: { authorization } });
  expect(reply.status).toBe(200);
  return CustodyEventsReply.parse(reply.body).results;
};

const asLines: Send = async (events) => {
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization },
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  });
  expect(response.status).toBe(200);
  const lines = (await response.text()).trim().split('\n');
  const answers = lines.map((line) => CustodyBulkLine.parse(JSON.parse(line)));
  expect(answers.pop()).toEqual({ done: true, events: events.length });
  return answers.map((answer) => CustodyEventResult.parse(answer));
};

const asPerson: Send = async (events) => {
  const reply = await inspector.call('POST', `/api/v1/facilities/${FACILITY}/custody/events`, {
    body: { events },
  });
  expect(reply.status).toBe(200);
  return CustodyEventsReply.parse(reply.body).results;
};

/** What a person sends: the server says who recorded it. */
function unsigned(event: Loose): Loose {
  const { recordedBy: _, ...rest } = event;
  const replacement = rest.replacement as Loose | undefined;
  return replacement && typeof replacement === 'object' && !Array.isArray(replacement)
    ? { ...rest, replacement: unsigned(replacement) }
    : rest;
}

const same = (event: Loose) => event;
const all = () => allMutants();
const ofPerson = () =>
  allMutants()
    .filter(({ path }) => path.at(-1) !== 'recordedBy')
    .map(({ event, ...rest }) => ({ ...rest, event: unsigned(event) }));

test('the fuzz knows every detail and every fact that the schema has', () => {
  expect(Object.keys(RIGHT).sort()).toEqual(
    [...new Set([...Object.keys(CASE_DETAILS), ...Object.keys(AREA_DETAILS)])].sort(),
  );
  expect(Object.keys(PERSON).sort()).toEqual(Object.keys(Person.shape).sort());
  expect(Object.keys(RIGHT.overlay as Loose).sort()).toEqual(Object.keys(Overlay.shape).sort());
  expect(Object.keys(RIGHT.extension as Loose).sort()).toEqual(Object.keys(Extension.shape).sort());
  expect(Object.keys(RIGHT.previousCase as Loose).sort()).toEqual(Object.keys(PreviousCase.shape).sort());
});

describe.each<[string, Send, () => Mutant[], (event: Loose) => Loose]>([
  ['in batches', asBatch, all, same],
  ['in lines', asLines, all, same],
  ['from a person', asPerson, ofPerson, unsigned],
])('%s', (_, send, mutantsHere, toSent) => {
  test('what is right is taken, of every type, by itself and in the place of another', async () => {
    const events = ALL_TYPES.map((type) => whole(type));
    const corrections = ALL_TYPES.map((type) => correctionWith(whole(type)));
    for (const some of [events, corrections]) {
      const results = await send(some.map(toSent));
      expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
    }
  });

  test(
    'every field of every type, made wrong, is refused with its path; the rest of the batch is taken',
    async () => {
      const connection = await connectRedis(redis.url, 'test', QUIET_LOG);
      await using _connection = { [Symbol.asyncDispose]: async () => connection.destroy() };
      const taken = () => connection.xLen(keys.custody('UA-68'));
      const before = await taken();
      const mutants = mutantsHere();
      expect(mutants.length).toBeGreaterThan(20_000);
      let neighbours = 0;
      const isBeside = (index: number) => index % RIGHT_EVERY === RIGHT_EVERY - 1;
      // Every batch is wrong events between right ones.
      const size = Math.floor((MAX_EVENTS_PER_BATCH * RIGHT_EVERY) / (RIGHT_EVERY + 1));
      for (let from = 0; from < mutants.length; from += size) {
        const some = mutants.slice(from, from + size);
        const batch = some.flatMap(({ event }, index) =>
          isBeside(index) ? [event, toSent(whole('WATER'))] : [event],
        );
        const results = (await send(batch)).values();
        for (const [index, mutant] of some.entries()) {
          expectRefused(mutant, results.next().value);
          if (!isBeside(index)) continue;
          neighbours += 1;
          expect(results.next().value?.status).toBe('accepted');
        }
        expect(results.next().done).toBe(true);
      }
      expect(await taken()).toBe(before + neighbours);
    },
    BOUND_MS,
  );

  test('nobody lifts a mask by an event', async () => {
    const [alone, within] = await send(
      [whole('MASK_LIFTED'), correctionWith(whole('MASK_LIFTED'))].map(toSent),
    );
    expect(alone).toMatchObject({ status: 'rejected', code: 'forbidden', path: ['type'] });
    expect(within).toMatchObject({ status: 'rejected', code: 'forbidden', path: ['replacement', 'type'] });
  });
});

test('a person does not say who recorded it, in the place of another event neither', async () => {
  const [alone, within] = await asPerson([
    { ...unsigned(whole('MEAL')), recordedBy: 'inspector-7' },
    { ...unsigned(correctionWith({})), replacement: whole('MEAL') },
  ]);
  expect(alone).toMatchObject({ status: 'rejected', code: 'invalid' });
  expect(within).toMatchObject({ status: 'rejected', code: 'invalid', path: ['replacement', 'recordedBy'] });
});

/** A coded refusal with the path of the field, or of what it lies in: an unknown type has no fields of its own. */
function expectRefused({ path, event, isExact }: Mutant, result: CustodyEventResult | undefined): void {
  const told = result?.path ?? [];
  const isType = path.at(-1) === 'type';
  const isThere =
    isType || told.slice(0, path.length).join() === path.join() || path.join().startsWith(told.join());
  const isRight =
    result?.status === 'rejected' &&
    result.code === 'invalid' &&
    (isExact ? told.join() === path.join() : isThere) &&
    (isType || path.length === 0 || told.length > 0);
  // An assertion for each of so many would take most of the time.
  if (!isRight) expect.fail(JSON.stringify([event.type, path, at(event, path), result]).slice(0, 400));
}
