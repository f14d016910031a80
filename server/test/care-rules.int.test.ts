import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseEvent } from '#contract/custody-events.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { ADULT, after, areaEvent, caseEvent, correction, START_MS } from './fixtures/custody.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const CELL = `${FACILITY}-cell-1`;
const FEED = `${CELL}-cam-1`;
const minute = (at: number) => START_MS + at * 60_000;

/** England's rules hold in the police units of this nation: the second facility of the region is one. */
const NATION = {
  ...SMALL_NATION,
  norms: { sets: ['ua-cpc', 'ua-order-777'], byFacilityKind: { 'police-unit': ['uk-pace'] } },
  facilities: SMALL_NATION.facilities.map((one) =>
    one.id === 'ua-68-itt-2' ? { ...one, kind: 'police-unit' as const } : one,
  ),
};

let played: PlayedTime;
beforeAll(async () => {
  played = await startPlayedTime({ nation: NATION, startMs: START_MS, replicas: 2 });
});
afterAll(() => played[Symbol.asyncDispose]());

/** Flags of a rule, as `state place`. */
async function flagsOf(rule: string, region = REGION): Promise<string[]> {
  const found = (await played.flags(region)).filter((flag) => flag.rule?.id === rule);
  return found.map(({ state, areaId, facilityId }) => `${state} ${areaId ?? facilityId}`);
}
const show = (state: FeedStatus['state'], at: number) =>
  played.show(REGION, [{ feedId: FEED, areaId: CELL, state, layers: [], since: after(at) }]);

test('a call bell that nobody answers is flagged after five minutes, and answered by whoever looks in', async () => {
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 1, at: -20, person: ADULT }),
    caseEvent('DELIVERED', { id: 2, at: -5 }),
    caseEvent('CELL_PLACED', { id: 3, at: 0, area: 'cell-1' }),
    areaEvent('CALL_BELL', { id: 4, at: 0, area: 'cell-1' }),
    // Rung again: the first one counts.
    areaEvent('CALL_BELL', { id: 5, at: 0, area: 'cell-2' }),
    areaEvent('CALL_BELL_ANSWERED', { id: 6, at: 0, area: 'cell-2' }),
  ]);
  await played.goTo(minute(5) - 1);
  expect(await flagsOf('bell-unanswered')).toEqual([]);
  await played.goTo(minute(5));
  expect(await flagsOf('bell-unanswered')).toEqual([`raised ${CELL}`]);
  await played.post(FACILITY, [areaEvent('CELL_CHECK', { id: 7, at: 4, area: 'cell-1', recorded: 5 })]);
  await played.goTo(minute(6));
  expect(await flagsOf('bell-unanswered')).toEqual([`resolved ${CELL}`]);
});

test('constant observation lapses when no camera shows the area, and when a visit is overdue', async () => {
  await played.post(FACILITY, [caseEvent('RISK_ASSESSED', { id: 10, at: 6, observationLevel: 3 })]);
  await show('live', 6);
  await played.goTo(minute(7));
  await show('lost', 7);
  await played.goTo(minute(7) + 1);
  expect(await flagsOf('observation-lapse')).toEqual([]);
  await played.goTo(minute(8));
  expect(await flagsOf('observation-lapse')).toEqual([`raised ${CELL}`]);
  await show('live', 8);
  await played.goTo(minute(9));
  await played.goTo(minute(10) + 1);
  expect(await flagsOf('observation-lapse')).toEqual([`resolved ${CELL}`]);
  // The check of minute 4 holds for an hour; no Ukrainian norm wants more of level 3.
  await played.goTo(minute(65));
  await played.goTo(minute(66));
  expect(await flagsOf('observation-lapse')).toEqual([`resolved ${CELL}`, `raised ${CELL}`]);
  const lapses = (await played.flags(REGION)).filter(({ rule }) => rule?.id === 'observation-lapse');
  expect(lapses.map(({ rule }) => rule?.params.cause)).toEqual(['unexplained', 'check-overdue']);
  await played.post(FACILITY, [areaEvent('CELL_CHECK', { id: 11, at: 66, area: 'cell-1' })]);
});

test('UK levels: an assessment sets the level, and the next visit and rousing follow from it', async () => {
  const facility = 'ua-68-itt-2';
  const cell = `${facility}-cell-1`;
  const own = (event: CaseEvent): CaseEvent => ({ ...event, caseId: 'cr-68-2-one' });
  const nextCheck = async () => {
    const reply = await played.get(`/api/v1/areas/${cell}`);
    const { nextCheckDueAt } = reply.body as { nextCheckDueAt: string };
    return (Date.parse(nextCheckDueAt) - START_MS) / 60_000;
  };
  const at = 66;
  await played.goTo(minute(at), []);
  await played.post(facility, [
    own(caseEvent('DELIVERED', { id: 20, at, person: ADULT })),
    { ...own(caseEvent('CELL_PLACED', { id: 21, at })), areaId: cell },
  ]);
  expect(await nextCheck()).toBe(at + 60);
  for (const [id, observationLevel, minutes] of [
    [22, 2, 30],
    [23, 3, 30],
    [24, 4, 15],
    [25, 1, 60],
    [26, 2, 30],
  ] as const) {
    await played.post(facility, [own(caseEvent('RISK_ASSESSED', { id, at, observationLevel }))]);
    expect([observationLevel, await nextCheck()]).toEqual([observationLevel, at + minutes]);
  }
  // Level 2 is roused every half hour: asked after when the half hour is over.
  const rousing = async () =>
    (await played.flags(REGION)).filter(({ rule }) => rule?.params.limit === 'uk-pace/rousing-level-2')
      .length;
  await played.goTo(minute(at + 30) - 1);
  expect(await rousing()).toBe(0);
  await played.goTo(minute(at + 30));
  expect(await rousing()).toBe(1);
  await played.post(facility, [own(caseEvent('ROUSED', { id: 27, at: at + 30 }))]);
});

test('a minor who is interrogated alone is flagged after five minutes, and not with an adult beside them', async () => {
  const minor = (type: CaseEvent['type'], id: number, at: number) =>
    caseEvent(type, { id, at, caseName: 'minor', ...(type === 'CELL_PLACED' ? { area: 'cell-2' } : {}) });
  await played.goTo(minute(100), []);
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 30, at: 98, caseName: 'minor', person: { ...ADULT, minor: true } }),
    minor('CELL_PLACED', 31, 99),
    minor('INTERROGATION_STARTED', 32, 100),
  ]);
  await played.goTo(minute(105) - 1);
  expect(await flagsOf('minor-unaccompanied')).toEqual([]);
  await played.goTo(minute(105));
  expect(await flagsOf('minor-unaccompanied')).toEqual([`raised ${FACILITY}-cell-2`]);
  await played.post(FACILITY, [minor('APPROPRIATE_ADULT_ARRIVED', 33, 105)]);
  await played.goTo(minute(106));
  await played.goTo(minute(107) + 1);
  expect(await flagsOf('minor-unaccompanied')).toEqual([`resolved ${FACILITY}-cell-2`]);
});

test('how a record was made: late, corrected late, withdrawn; and a clock that is ahead', async () => {
  await played.goTo(minute(120), []);
  await played.post(FACILITY, [
    caseEvent('MEAL', { id: 40, at: 55, recorded: 120 }),
    caseEvent('WATER', { id: 41, at: 56, recorded: 120 }),
    caseEvent('EXERCISE', { id: 42, at: 60, recorded: 120 }),
    correction({ id: 43, at: 120, corrects: 42 }),
    // By when that happened which is corrected, whatever is put in its place.
    caseEvent('MEAL', { id: 47, at: -25 * 60 }),
    correction({
      id: 44,
      at: 120,
      corrects: 47,
      replacement: caseEvent('MEAL', { id: 45, at: -25 * 60, recorded: -25 * 60, area: 'cell-1' }),
    }),
  ]);
  await played.goTo(minute(121));
  // Two lines of a backlog, one flag; an hour sharp is not late.
  expect(await flagsOf('recorded-late')).toEqual([`raised ${FACILITY}`]);
  expect(await flagsOf('record-withdrawn')).toEqual([`raised ${FACILITY}`]);
  expect(await flagsOf('record-edited-late')).toEqual([`raised ${CELL}`]);

  expect(await flagsOf('clock-drift')).toEqual([]);
  await played.post(FACILITY, [{ ...caseEvent('WATER', { id: 46, at: 122 }), recordedBy: 'officer-2' }]);
  await played.goTo(minute(121) + 1);
  expect(await flagsOf('clock-drift')).toEqual([`raised ${FACILITY}`]);
  // Set right, and an hour later believed.
  await played.goTo(minute(182));
  await played.goTo(minute(184));
  expect(await flagsOf('clock-drift')).toEqual([`resolved ${FACILITY}`]);
});

test('a clock so far ahead that what it says is refused is told of as well', async () => {
  const before = await flagsOf('clock-drift');
  await played.goTo(minute(250), []);
  const [server] = played.servers;
  const reply = await server?.stranger().call('POST', '/api/v1/custody/events', {
    body: { events: [caseEvent('WATER', { id: 60, at: 310 })] },
    headers: { authorization: `Bearer ${await server.facilityKey(FACILITY)}` },
  });
  expect(reply?.body).toMatchObject({ results: [{ status: 'rejected', path: ['occurredAt'] }] });
  await played.goTo(minute(250) + 1_000);
  expect(await flagsOf('clock-drift')).toEqual([...before, `raised ${FACILITY}`]);
});

test('who may harm themselves is to be observed more closely within ten minutes', async () => {
  const cell = `${FACILITY}-cell-2`;
  const risky = (type: CaseEvent['type'], id: number, at: number, observationLevel?: number) =>
    caseEvent(type, {
      id,
      at,
      caseName: 'risky',
      ...(type === 'CELL_PLACED' ? { area: 'cell-2', person: { ...ADULT, atRisk: true } } : {}),
      ...(observationLevel === undefined ? {} : { observationLevel }),
    });
  await played.goTo(minute(260), []);
  await played.post(FACILITY, [risky('CELL_PLACED', 70, 260)]);
  await played.goTo(minute(260) + 1);
  await played.goTo(minute(270));
  expect(await flagsOf('self-harm-risk')).toEqual([]);
  await played.goTo(minute(270) + 1);
  expect(await flagsOf('self-harm-risk')).toEqual([`raised ${cell}`]);
  await played.post(FACILITY, [risky('RISK_ASSESSED', 71, 270, 2)]);
  await played.goTo(minute(271));
  // Set back before a minute is over, it is the same occurrence.
  await played.post(FACILITY, [risky('RISK_ASSESSED', 72, 271, 1)]);
  await played.goTo(minute(273));
  expect(await flagsOf('self-harm-risk')).toEqual([`raised ${cell}`]);
  await played.post(FACILITY, [risky('RISK_ASSESSED', 73, 273, 3)]);
  await played.goTo(minute(274));
  await played.goTo(minute(275));
  expect(await flagsOf('self-harm-risk')).toEqual([`resolved ${cell}`]);
  await played.post(FACILITY, [risky('RELEASED', 74, 275)]);
});

test('a camera that is off for a failure of power that is on record says so', async () => {
  await played.goTo(minute(280), []);
  const cause = async () =>
    (await played.flags(REGION)).findLast(({ rule }) => rule?.id === 'no-video')?.rule?.params.cause;
  await played.post(FACILITY, [areaEvent('POWER_LOST', { id: 80, at: 280, area: 'cell-1' })]);
  await show('lost', 280);
  await played.goTo(minute(280) + 1);
  await show('lost', 280);
  await played.goTo(minute(281));
  expect(await cause()).toBe('power');
  await show('live', 281);
  await played.post(FACILITY, [areaEvent('POWER_RESTORED', { id: 81, at: 281, area: 'cell-1' })]);
  await played.goTo(minute(282));
  await played.goTo(minute(284));
  expect((await flagsOf('no-video')).at(-1)).toBe(`resolved ${CELL}`);
});

test('a cell that is closed to everybody seven times in a day is asked after, once; a room for lawyers is not', async () => {
  await played.goTo(minute(300), []);
  const visits = (area: string, id: number) =>
    Array.from({ length: 9 }, (_, index) => [
      caseEvent('LAWYER_ARRIVED', { id: id + index * 2, at: 200 + index * 10, recorded: 290, area }),
      caseEvent('LAWYER_LEFT', { id: id + 1 + index * 2, at: 205 + index * 10, recorded: 296, area }),
    ]);
  const toCell = visits('cell-2', 100);
  await played.post(FACILITY, [...visits('lawyer-room', 200), ...toCell.slice(0, 6)].flat());
  await played.goTo(minute(301));
  expect(await flagsOf('gate-overused')).toEqual([]);
  await played.post(FACILITY, toCell.slice(6).flat());
  await played.goTo(minute(302));
  expect(await flagsOf('gate-overused')).toEqual([`raised ${FACILITY}-cell-2`]);
});

test('all cameras lost, and silence when nothing is recorded either; what another version wrote stops nothing', async () => {
  const redis = await connectRedis(played.redisUrl, 'test', QUIET_LOG);
  await using _redis = { [Symbol.asyncDispose]: async () => redis.destroy() };
  const region = 'UA-05';
  // Of a rule that this version does not know, and of nothing that anybody knows.
  await redis.hSet(keys.ruleEpisodes(region), {
    'from-the-future:one': JSON.stringify({
      rule: 'from-the-future',
      areaId: CELL,
      since: after(0),
      raised: true,
    }),
    'broken:one': '{',
  });
  const facility = 'ua-05-itt-1';
  const at = 400;
  await played.goTo(minute(at), []);
  await played.post(facility, [
    {
      ...areaEvent('CELL_CHECK', { id: 1, at, area: 'cell-1' }),
      id: randomUUID(),
      areaId: `${facility}-cell-1`,
    },
  ]);
  // Told anew each time: the media plane takes back what no node of its own has said.
  const goDark = async (toMs: number) => {
    await played.goTo(toMs, []);
    await played.show(
      region,
      ['cell-1', 'cell-2'].map((name) => ({
        feedId: `${facility}-${name}-cam-1`,
        areaId: `${facility}-${name}`,
        state: 'lost' as const,
        layers: [],
        since: after(at),
      })),
    );
    await played.goTo(toMs);
  };
  await goDark(minute(at) + 1);
  await goDark(minute(at) + 61_001);
  expect(await flagsOf('cameras-lost', region)).toEqual([`raised ${facility}`]);
  expect(await flagsOf('facility-silent', region)).toEqual([]);
  await goDark(minute(at + 15));
  await goDark(minute(at + 17));
  expect(await flagsOf('facility-silent', region)).toEqual([`raised ${facility}`]);
  expect(await redis.hExists(keys.ruleEpisodes(region), 'from-the-future:one')).toBe(1);
});
