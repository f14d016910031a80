import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CaseSummary } from '#contract/cases.ts';
import type { CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { toCaseDetail } from '../custody/cases/case-detail.ts';
import { CaseEvents } from '../custody/cases/case-events.ts';
import { CaseList, parseCursor } from '../custody/cases/case-list.ts';
import { foldRecord } from '../custody/cases/case-record.ts';
import { caseMember, toSummary } from '../custody/cases/case-summary.ts';
import { EventStore } from '../custody/event-store.ts';
import { Partition } from '../custody/partition.ts';
import { applyToRegion } from '../custody/state/region-custody.ts';
import { StateStore } from '../custody/state-store.ts';
import { ADULT, areaEvent, BASIS, caseEvent, correction, START_MS } from './fixtures/custody.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const FACILITIES = ['ua-68-itt-1', 'ua-68-itt-2'] as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const TYPES: CaseEvent['type'][] = [
  'APPREHENDED',
  'DELIVERED',
  'REGISTERED',
  'PROTOCOL_DRAWN',
  'CELL_PLACED',
  'CELL_MOVED',
  'LAWYER_ARRIVED',
  'SUSPICION_SERVED',
  'HANDED_TO_CONVOY',
  'MEAL',
  'REVIEW_DONE',
  'RELEASED',
];

/** Something that happens, and how many hours after the one before it reaches us. */
const happening = fc.record({
  kind: fc.constantFrom('case', 'case', 'case', 'case', 'correction', 'incident'),
  type: fc.constantFrom(...TYPES),
  at: fc.integer({ min: -200, max: 200 }),
  caseName: fc.constantFrom('one', 'two', 'three'),
  facility: fc.constantFrom(...FACILITIES),
  area: fc.constantFrom('cell-1', 'cell-2'),
  target: fc.nat(),
  replacing: fc.boolean(),
  waitHours: fc.constantFrom(0, 0, 0, 0, 1, 30, 100, 900),
});
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

interface Sent {
  facilityId: string;
  event: CustodyEvent;
  receivedMs: number;
}

/** Events with the instants at which they come, in order; some of them correct others that came, are to come, or never do. */
function toHistory(happenings: readonly Happening[]): Sent[] {
  let receivedMs = START_MS + 4 * HOUR_MS;
  return happenings.map((one, index) => {
    receivedMs += one.waitHours * HOUR_MS + MINUTE_MS;
    // Events are of their time: what is received weeks later happened weeks later.
    const shift = Math.floor((receivedMs - START_MS) / MINUTE_MS) - 240;
    const at = one.at + shift;
    const placed = { area: one.area, caseName: one.caseName };
    return { facilityId: one.facility, event: toEvent(one, { index, at, placed }), receivedMs };
  });

  function toEvent(
    { kind, type, target, replacing, caseName, area }: Happening,
    { index, at, placed }: { index: number; at: number; placed: { area: string; caseName: string } },
  ): CustodyEvent {
    if (kind === 'incident')
      return areaEvent('INCIDENT', { id: index, at, area, concerns: `cr-68-1-${caseName}` });
    const person = type === 'APPREHENDED' ? { person: ADULT } : {};
    if (kind === 'case') return caseEvent(type, { id: index, at, ...placed, ...person });
    const corrects = target % (happenings.length + 1);
    // A replacement is of the case of what it replaces, if it replaces anything.
    const before = happenings[corrects];
    const ofCase = { ...placed, caseName: before?.kind === 'case' ? before.caseName : caseName };
    const mayReplace = before === undefined || before.kind === 'case';
    return correction({
      id: index,
      at,
      corrects: corrects === index ? happenings.length : corrects,
      ...(replacing && mayReplace
        ? { replacement: caseEvent(type, { id: 10_000 + index, at: at - 5, recorded: at, ...ofCase }) }
        : {}),
    });
  }
}

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startTestRedis({ appendonly: 'no' });
  redis = await server.connect();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Takes a history as intake does, some events twice, and projects it in batches of random size as it comes. */
async function play(sent: readonly Sent[], sizes: readonly number[]): Promise<void> {
  await redis.flushAll();
  const events = new EventStore(redis);
  const partition = await open();
  let last = '0-0';
  for (const [index, { facilityId, event, receivedMs }] of sent.entries()) {
    const again = sizes[index % sizes.length] === 3 ? [event, event] : [event];
    await events.accept({ regionId: REGION, facilityId }, again, { receivedAtMs: receivedMs });
    if (index % (sizes[index % sizes.length] ?? 1) !== 0 && index !== sent.length - 1) continue;
    const entries = await events.readAfter(REGION, last, 1_000);
    last = entries.at(-1)?.streamId ?? last;
    expect(await partition.project(entries)).toBe(true);
  }
}

async function open(): Promise<Partition> {
  const states = new StateStore({ redis, basis: BASIS, now: () => START_MS });
  const events = new EventStore(redis);
  const partition = await Partition.open({ regionId: REGION, events, states, basis: BASIS, log: QUIET_LOG });
  if (!partition) throw new Error('nobody else projects here');
  return partition;
}

/** Everything that is kept of cases beside the stream. */
async function kept() {
  const indexes = (await redis.keys(keys.custodyOfCase({ regionId: REGION, facilityId: '*', caseId: '*' })))
    .toSorted()
    .map(async (key) => [key, await redis.zRangeWithScores(key, 0, -1)] as const);
  return {
    indexes: await Promise.all(indexes),
    corrections: await redis.zRange(keys.custodyCorrections(REGION), 0, -1),
    cases: await redis.zRangeWithScores(keys.cases(REGION), 0, -1),
    open: await redis.zRangeWithScores(keys.casesOpen(REGION), 0, -1),
    summaries: Object.fromEntries(
      Object.entries(await redis.hGetAll(keys.caseSummaries(REGION)))
        .toSorted()
        .map(([member, json]) => [member, CaseSummary.parse(JSON.parse(json))]),
    ),
  };
}

async function detailOf(facilityId: string, caseId: string) {
  const { entries } = await new CaseEvents(redis).read({ regionId: REGION, facilityId, caseId });
  const stored = entries.flatMap((entry) => (entry.stored ? [entry.stored] : []));
  const record = foldRecord({ facilityId, caseId }, stored, BASIS);
  return record && { record, stored, detail: toCaseDetail(record, stored, { regionId: REGION, facilityId }) };
}

const histories = fc.record({
  sent: fc.array(happening, { minLength: 1, maxLength: 40 }).map(toHistory),
  sizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
});

test('lists and indexes that are built anew from the stream are those that grew with it', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ sent, sizes }) => {
      await play(sent, sizes);
      const live = await kept();
      // Of another version, and without anything that can be derived.
      await redis.set(keys.custodyPosition(REGION), 'older 0-0');
      for (const [key] of live.indexes) await redis.del(key);
      await redis.del([
        keys.custodyCorrections(REGION),
        keys.cases(REGION),
        keys.casesOpen(REGION),
        keys.caseSummaries(REGION),
      ]);
      await open();
      expect(await kept()).toEqual(live);
    }),
    { numRuns: 60 },
  );
});

test('a case that is derived from its own events is the one that the projection holds', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(histories, async ({ sent, sizes }) => {
      // All at one time, so that nothing is forgotten.
      const together = sent.map((one) => ({ ...one, receivedMs: START_MS + 4 * HOUR_MS }));
      await play(together, sizes);
      const stored = await new EventStore(redis).readAfter(REGION, '0-0', 1_000);
      const { region } = applyToRegion(
        new Map(),
        stored.flatMap((entry) => (entry.stored ? [entry.stored] : [])),
        BASIS,
      );
      const { summaries } = await kept();
      for (const [facilityId, facility] of region) {
        for (const [caseId, view] of facility.views) {
          const own = await detailOf(facilityId, caseId);
          expect(own?.record.view).toEqual(view);
          expect(own?.detail.summary).toEqual(summaries[caseMember({ facilityId, caseId })]);
          expect(own?.detail.summary).toEqual(toSummary(view, { regionId: REGION, facilityId }));
          compared += 1;
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(60);
});

test('of a case everything that names it or corrects it is read, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ sent, sizes }) => {
      await play(sent, sizes);
      for (const facilityId of FACILITIES) {
        const own = sent.filter((one) => one.facilityId === facilityId).map(({ event }) => event);
        for (const name of ['one', 'two', 'three']) {
          const caseId = `cr-68-1-${name}`;
          const { entries } = await new CaseEvents(redis).read({ regionId: REGION, facilityId, caseId });
          const ids = entries.map(({ stored }) => stored?.event.id);
          expect(ids.toSorted()).toEqual([...bearingOn(caseId, own)].toSorted());
        }
      }
    }),
    { numRuns: 60 },
  );
});

/** By brute force: events that name a case, and corrections of what is among them, until there are no more. */
function bearingOn(caseId: string, events: readonly CustodyEvent[]): Set<string> {
  const names = (event: CustodyEvent): boolean =>
    event.type === 'RECORD_CORRECTED'
      ? event.replacement !== undefined && names(event.replacement)
      : ('caseId' in event ? event.caseId : event.concerns) === caseId;
  const found = new Set(events.filter(names).map(({ id }) => id));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    const known = new Set(
      events
        .filter(({ id }) => found.has(id))
        .flatMap((event) =>
          event.type === 'RECORD_CORRECTED' && event.replacement
            ? [event.id, event.replacement.id]
            : [event.id],
        ),
    );
    for (const event of events)
      if (event.type === 'RECORD_CORRECTED' && known.has(event.corrects)) found.add(event.id);
  }
  return found;
}

test('a closed case is listed and read whole long after the projection has forgotten it', async () => {
  const stay = [
    caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
    caseEvent('DELIVERED', { id: 2, at: 30 }),
    caseEvent('REGISTERED', { id: 3, at: 40 }),
    caseEvent('CELL_PLACED', { id: 4, at: 50, area: 'cell-1' }),
    correction({ id: 5, at: 60, corrects: 2, replacement: caseEvent('DELIVERED', { id: 20, at: 20 }) }),
    caseEvent('RELEASED', { id: 6, at: 120 }),
  ].map((event) => ({ facilityId: FACILITIES[0], event, receivedMs: START_MS + 3 * HOUR_MS }));
  await play(stay, [2]);
  const before = await detailOf(FACILITIES[0], 'cr-68-1-one');
  const later = caseEvent('APPREHENDED', { id: 7, at: 60 * 24 * 90, caseName: 'two' });
  const events = new EventStore(redis);
  await events.accept({ regionId: REGION, facilityId: FACILITIES[0] }, [later], {
    receivedAtMs: START_MS + 90 * 24 * HOUR_MS,
  });
  const partition = await open();
  await partition.project(await events.readAfter(REGION, partition.streamId, 100));
  const state = await redis.hGetAll(keys.custodyState(REGION));
  expect(Object.keys(state)).toContain('closed/ua-68-itt-1/cr-68-1-one');
  expect(Object.keys(state)).not.toContain('case/ua-68-itt-1/cr-68-1-one');

  const after = await detailOf(FACILITIES[0], 'cr-68-1-one');
  expect(after?.detail).toEqual(before?.detail);
  expect(after?.detail).toMatchObject({
    summary: { closedAt: '2026-11-22T08:00:00.000Z', detainedAt: '2026-11-22T06:00:00.000Z', clocks: [] },
    times: { actual: '2026-11-22T06:00:00.000Z', delivered: '2026-11-22T06:20:00.000Z' },
    stays: [
      { areaId: 'ua-68-itt-1-cell-1', from: '2026-11-22T06:50:00.000Z', to: '2026-11-22T08:00:00.000Z' },
    ],
  });
  const list = async (state: 'open' | 'closed' | 'all') => {
    const wanted = { regionIds: [REGION], state, limit: 10, after: undefined, accepts: () => true };
    return (await new CaseList(redis).page(wanted)).items.map(({ caseId }) => caseId);
  };
  expect(await list('open')).toEqual(['cr-68-1-two']);
  expect(await list('closed')).toEqual(['cr-68-1-one']);
  expect(await list('all')).toEqual(['cr-68-1-two', 'cr-68-1-one']);
});

test('a list is the same whatever the length of its pages, over regions and equal instants', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ region: fc.constantFrom('UA-68', 'UA-05'), at: fc.integer({ min: 0, max: 5 }) }), {
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 9 }),
      async (all, limit) => {
        await redis.flushAll();
        for (const [index, { region, at }] of all.entries()) {
          const facilityId = region === 'UA-68' ? 'ua-68-itt-1' : 'ua-05-itt-1';
          const view = foldRecord(
            { facilityId, caseId: `cr-68-1-${index}` },
            [
              {
                facilityId,
                receivedAt: new Date(START_MS).toISOString(),
                event: caseEvent('APPREHENDED', { id: index, at, caseName: String(index) }),
              },
            ],
            BASIS,
          )?.view;
          if (!view) throw new Error('no case');
          const summary = toSummary(view, { regionId: region, facilityId });
          const member = { score: START_MS + at * MINUTE_MS, value: caseMember(summary) };
          await redis.zAdd(keys.cases(region), member);
          await redis.hSet(keys.caseSummaries(region), caseMember(summary), JSON.stringify(summary));
        }
        const common = { regionIds: ['UA-68', 'UA-05'], state: 'all', accepts: () => true } as const;
        const whole = await new CaseList(redis).page({ ...common, limit: 100, after: undefined });
        const began = whole.items.map(({ detainedAt }) => Date.parse(detainedAt ?? ''));
        expect(began).toEqual(began.toSorted((a, b) => b - a));
        expect(whole.items).toHaveLength(all.length);
        const pages: CaseSummary[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await new CaseList(redis).page({
            ...common,
            limit,
            after: cursor === undefined ? undefined : parseCursor(cursor),
          });
          pages.push(...page.items);
          cursor = page.nextCursor;
        }
        expect(pages).toEqual(whole.items);
      },
    ),
    { numRuns: 40 },
  );
});
