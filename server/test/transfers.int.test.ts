import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CaseDetail } from '#contract/cases.ts';
import type { CaseEvent } from '#contract/custody-events.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { ADULT, after, areaEvent, caseEvent, correction, START_MS } from './fixtures/custody.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';

/** People who are brought from one facility to another of another region, through HTTP, on two real servers. */
const THERE = 'ua-05-itt-1';
const HERE = 'ua-68-itt-1';
const CASE = 'cr-68-1-one';
const HOUR = 60;
const minute = (at: number) => START_MS + at * 60_000;

let played: PlayedTime;
beforeAll(async () => {
  played = await startPlayedTime({ nation: SMALL_NATION, startMs: START_MS, replicas: 2 });
});
afterAll(() => played[Symbol.asyncDispose]());

const there = (event: CaseEvent): CaseEvent => ({
  ...event,
  ...(event.areaId === undefined ? {} : { areaId: event.areaId.replace(HERE, THERE) }),
});
const caseOf = async (facilityId: string) =>
  CaseDetail.parse((await played.get(`/api/v1/facilities/${facilityId}/cases/${CASE}`)).body);
const dueOf = (detail: CaseDetail, limit: string) =>
  detail.summary.clocks.find((clock) => clock.limit === limit)?.dueAt;
const breaches = async () =>
  (await played.flags('UA-68'))
    .filter(({ rule }) => rule?.id === 'deadline-breached')
    .map(({ rule }) => [rule?.params.limit, rule?.params.dueAt]);

test('the clocks of an actual detention run out where the person was brought, whoever tells of it late', async () => {
  await played.goTo(minute(HOUR), []);
  await played.post(THERE, [
    there(caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT })),
    there(caseEvent('DELIVERED', { id: 2, at: 20 })),
    there(caseEvent('REGISTERED', { id: 3, at: 30 })),
    there(caseEvent('CELL_PLACED', { id: 4, at: 40, area: 'cell-1' })),
  ]);
  await played.goTo(minute(8 * HOUR));
  await played.post(THERE, [there(caseEvent('TRANSFERRED', { id: 5, at: 7 * HOUR, recorded: 8 * HOUR }))]);
  await played.post(HERE, [
    caseEvent('CELL_PLACED', { id: 20, at: 8 * HOUR, area: 'cell-2', previousCase: { facilityId: THERE } }),
  ]);
  const arrived = await caseOf(HERE);
  expect(dueOf(arrived, 'court')).toBe(after(60 * HOUR));
  expect(dueOf(arrived, 'suspicion')).toBe(after(24 * HOUR));
  expect(arrived.times.actual).toBe(after(0));
  expect(arrived.contradictions).toEqual([]);
  // Only what was recorded here is in the timeline of the case here.
  expect(arrived.timeline.map(({ type }) => type)).toEqual(['CELL_PLACED']);

  // The first facility tells late that suspicion was served there, and corrects when the person was detained.
  await played.goTo(minute(9 * HOUR));
  await played.post(THERE, [
    there(caseEvent('SUSPICION_SERVED', { id: 6, at: 6 * HOUR, recorded: 9 * HOUR })),
    correction({
      id: 7,
      at: 9 * HOUR,
      corrects: 1,
      replacement: there(caseEvent('APPREHENDED', { id: 8, at: -HOUR, recorded: 9 * HOUR, person: ADULT })),
    }),
  ]);
  await played.goTo(minute(9 * HOUR + 1));
  await played.goTo(minute(9 * HOUR + 2));
  const told = await caseOf(HERE);
  expect(dueOf(told, 'court')).toBe(after(59 * HOUR));
  expect(dueOf(told, 'suspicion')).toBeUndefined();
  expect(told.timeline.map(({ type }) => type)).toEqual(['CELL_PLACED']);

  // Art. 211: sixty hours are over fifty-one hours after the arrival, and not sixty.
  await played.goTo(minute(59 * HOUR) - 1);
  expect(await breaches()).toEqual([]);
  await played.goTo(minute(59 * HOUR));
  expect(await breaches()).toEqual([['ua-cpc/court', after(59 * HOUR)]]);
});

test('a withdrawal of the earlier record is told on as well, and nothing is told twice', async () => {
  await played.goTo(minute(60 * HOUR));
  await played.post(THERE, [correction({ id: 9, at: 60 * HOUR, corrects: 6 })]);
  await played.goTo(minute(60 * HOUR + 1));
  await played.goTo(minute(60 * HOUR + 2));
  const told = await caseOf(HERE);
  expect(dueOf(told, 'suspicion')).toBe(after(23 * HOUR));
  await played.goTo(minute(60 * HOUR + 5));
  await played.goTo(minute(60 * HOUR + 8));
  // The arrival, what was told late, and the withdrawal: three entries of one event.
  const connection = await connectRedis(played.redisUrl, 'test', QUIET_LOG);
  await using _connection = { [Symbol.asyncDispose]: async () => connection.destroy() };
  expect(await connection.xLen(keys.custody('UA-68'))).toBe(3);
});

test('a case that nobody knows is a contradiction until it is told of', async () => {
  const name = 'cr-68-1-two';
  await played.goTo(minute(70 * HOUR));
  const arrival = caseEvent('CELL_PLACED', {
    id: 30,
    at: 70 * HOUR,
    area: 'cell-1',
    caseName: 'two',
    previousCase: { facilityId: THERE, caseId: 'cr-05-elsewhere' },
  });
  await played.post(HERE, [arrival]);
  const codes = async () => {
    const reply = await played.get(`/api/v1/facilities/${HERE}/cases/${name}`);
    return CaseDetail.parse(reply.body).contradictions.map(({ code }) => code);
  };
  expect(await codes()).toEqual(expect.arrayContaining(['apprehension-missing', 'previous-case-unknown']));
  await played.post(THERE, [
    { ...caseEvent('APPREHENDED', { id: 31, at: 60 * HOUR, person: ADULT }), caseId: 'cr-05-elsewhere' },
    { ...caseEvent('REGISTERED', { id: 32, at: 61 * HOUR }), caseId: 'cr-05-elsewhere' },
  ]);
  await played.goTo(minute(70 * HOUR + 1));
  await played.goTo(minute(70 * HOUR + 2));
  expect(await codes()).toEqual(['previous-case-not-left']);
  await played.goTo(minute(70 * HOUR + 3));
  const unexplained = (await played.flags('UA-68')).filter(({ rule }) => rule?.id === 'arrival-unexplained');
  expect(unexplained.map(({ rule }) => rule?.params.caseId)).toEqual([name]);
  await played.post(THERE, [
    { ...caseEvent('HANDED_TO_CONVOY', { id: 33, at: 69 * HOUR }), caseId: 'cr-05-elsewhere' },
  ]);
  await played.goTo(minute(70 * HOUR + 5));
  await played.goTo(minute(70 * HOUR + 6));
  expect(await codes()).toEqual([]);
});

test('checks of the area in the time of a case are in its timeline, with what became of them', async () => {
  await played.goTo(minute(80 * HOUR));
  const check = (id: number, at: number, area: string) =>
    areaEvent('CELL_CHECK', { id, at, recorded: 80 * HOUR, area });
  await played.post(HERE, [
    check(40, 7 * HOUR, 'cell-2'),
    check(41, 9 * HOUR, 'cell-2'),
    check(42, 10 * HOUR, 'cell-1'),
    check(43, 11 * HOUR, 'cell-2'),
    areaEvent('CALL_BELL', { id: 44, at: 12 * HOUR, recorded: 80 * HOUR, area: 'cell-2' }),
    areaEvent('PRESENCE_SEEN', { id: 45, at: 12 * HOUR, recorded: 80 * HOUR, area: 'cell-2', count: 1 }),
    correction({ id: 46, at: 80 * HOUR, corrects: 43 }),
  ]);
  const { timeline } = await caseOf(HERE);
  expect(timeline.map(({ type, occurredAt, voidedBy }) => [type, occurredAt, voidedBy !== null])).toEqual([
    ['CELL_PLACED', after(8 * HOUR), false],
    ['CELL_CHECK', after(9 * HOUR), false],
    ['CELL_CHECK', after(11 * HOUR), true],
    ['CALL_BELL', after(12 * HOUR), false],
    ['RECORD_CORRECTED', after(80 * HOUR), false],
  ]);
});

test('a correction of what was said of an area is held against what stood there before', async () => {
  await played.goTo(minute(90 * HOUR));
  const seen = (id: number, count: number, recorded: number) =>
    areaEvent('PRESENCE_SEEN', { id, at: 60 * HOUR, recorded, area: 'cell-1', count });
  await played.post(HERE, [seen(50, 3, 60 * HOUR)]);
  await played.post(HERE, [
    // Thirty hours later, fewer were there; then by a minute, which is one of writing.
    correction({ id: 51, at: 90 * HOUR, corrects: 50, replacement: seen(52, 1, 90 * HOUR) }),
    correction({
      id: 53,
      at: 90 * HOUR,
      corrects: 52,
      replacement: { ...seen(54, 1, 90 * HOUR), occurredAt: after(60 * HOUR + 1) },
    }),
  ]);
  await played.goTo(minute(90 * HOUR + 1));
  const told = (await played.flags('UA-68'))
    .filter(({ rule }) => rule?.id === 'area-record-moved' || rule?.id === 'record-edited-late')
    .map(({ rule, areaId }) => [rule?.id, rule?.params.what ?? rule?.params.hours, areaId]);
  expect(told.sort()).toEqual(
    [
      ['area-record-moved', 'count', `${HERE}-cell-1`],
      ['record-edited-late', 30, `${HERE}-cell-1`],
      ['record-edited-late', 30, `${HERE}-cell-1`],
    ].sort(),
  );
});

describe('on the way from one facility to another', () => {
  const BEGUN = 100 * HOUR;
  const own = (name: string, event: CaseEvent): CaseEvent => ({ ...event, caseId: `cr-68-1-${name}` });
  const sent = (name: string, id: number, ...events: CaseEvent[]) =>
    played.post(HERE, [
      own(name, caseEvent('APPREHENDED', { id, at: BEGUN - HOUR, recorded: BEGUN, person: ADULT })),
      own(name, caseEvent('CELL_PLACED', { id: id + 1, at: BEGUN - 30, recorded: BEGUN, area: 'cell-1' })),
      ...events.map((event) => own(name, event)),
    ]);
  const arrives = (name: string, id: number, at: number) =>
    played.post(THERE, [
      own(
        name,
        there(caseEvent('CELL_PLACED', { id, at, area: 'cell-1', previousCase: { facilityId: HERE } })),
      ),
    ]);
  const missing = async () =>
    (await played.flags('UA-68'))
      .filter(({ rule }) => rule?.id === 'transfer-not-received')
      .map(({ state, facilityId, rule }) => `${state} ${facilityId} ${rule?.params.caseId}`);
  const settle = async (at: number) => {
    await played.goTo(minute(at));
    await played.goTo(minute(at + 1));
  };

  test('who does not arrive within twelve hours is asked after, until they do', async () => {
    await played.goTo(minute(BEGUN));
    const destination = THERE;
    await sent('lost', 200, caseEvent('TRANSFERRED', { id: 202, at: BEGUN, destination }));
    await sent('quick', 210, caseEvent('TRANSFERRED', { id: 212, at: BEGUN, destination }));
    // To a place that is none of ours.
    await sent('prison', 220, caseEvent('TRANSFERRED', { id: 222, at: BEGUN }));
    await settle(BEGUN + 1);
    await played.goTo(minute(BEGUN + 5 * HOUR));
    await arrives('quick', 240, BEGUN + 5 * HOUR);
    await settle(BEGUN + 5 * HOUR + 1);
    await played.goTo(minute(BEGUN + 12 * HOUR) - 1);
    expect(await missing()).toEqual([]);
    await played.goTo(minute(BEGUN + 12 * HOUR));
    expect(await missing()).toEqual([`raised ${HERE} cr-68-1-lost`]);
    await played.goTo(minute(BEGUN + 13 * HOUR));
    await arrives('lost', 241, BEGUN + 13 * HOUR);
    await settle(BEGUN + 13 * HOUR + 1);
    await played.goTo(minute(BEGUN + 13 * HOUR + 3));
    expect(await missing()).toEqual([`resolved ${HERE} cr-68-1-lost`]);
  });

  test('an arrival that is withdrawn is none', async () => {
    await played.post(THERE, [correction({ id: 242, at: BEGUN + 13 * HOUR + 3, corrects: 241 })]);
    await settle(BEGUN + 13 * HOUR + 4);
    await played.goTo(minute(BEGUN + 13 * HOUR + 6));
    expect(await missing()).toEqual([`resolved ${HERE} cr-68-1-lost`, `raised ${HERE} cr-68-1-lost`]);
  });

  test('whom a convoy took and another facility has placed is held there, and limits run there only', async () => {
    const at = BEGUN + 14 * HOUR;
    const name = 'convoy';
    await played.goTo(minute(at));
    await sent(name, 250, caseEvent('HANDED_TO_CONVOY', { id: 252, at }));
    // A convoy alone is not the end: the person may be at a court.
    await settle(at + 1);
    const here = async () =>
      CaseDetail.parse((await played.get(`/api/v1/facilities/${HERE}/cases/cr-68-1-${name}`)).body);
    expect((await here()).summary.closedAt).toBeNull();
    expect((await here()).summary.clocks.length).toBeGreaterThan(0);
    await played.goTo(minute(at + 2 * HOUR));
    await arrives(name, 253, at + 2 * HOUR);
    await settle(at + 2 * HOUR + 1);
    const { summary, timeline } = await here();
    const arrivedAt = new Date(minute(at + 2 * HOUR)).toISOString();
    expect(summary).toMatchObject({ closedAt: arrivedAt, clocks: [] });
    expect(timeline.at(-1)).toMatchObject({ type: 'TRANSFERRED', occurredAt: arrivedAt });
    // Nobody is asked why that was recorded as it was.
    const told = (await played.flags('UA-68')).filter(
      ({ rule }) => rule?.params.caseId === `cr-68-1-${name}`,
    );
    expect(told.map(({ rule }) => rule?.id)).not.toContain('sent-late');
    await settle(at + 3 * HOUR);
    // It is said once.
    expect((await here()).timeline.filter(({ type }) => type === 'TRANSFERRED')).toHaveLength(1);
  });
});
