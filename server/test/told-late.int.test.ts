import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADULT, caseEvent, correction, START_MS } from './fixtures/custody.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';

/** What facilities tell late, told through HTTP to two real servers, and the flags that come of it. */
const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const OTHER = 'ua-68-itt-2';
const HOUR = 60;
const minute = (at: number) => START_MS + at * 60_000;

let played: PlayedTime;
beforeAll(async () => {
  played = await startPlayedTime({ nation: SMALL_NATION, startMs: START_MS, replicas: 2 });
});
afterAll(() => played[Symbol.asyncDispose]());

const flagsOf = async (facilityId: string, ...rules: string[]) =>
  (await played.flags(REGION))
    .filter((flag) => flag.facilityId === facilityId && rules.includes(flag.rule?.id ?? ''))
    .map(({ rule }) => [rule?.id, rule?.params.limit ?? rule?.params.what].filter(Boolean).join(' '))
    .sort();

test('a detention of 100 hours that is told at its end, and a death a day later, are flagged once', async () => {
  await played.goTo(minute(0), []);
  await played.post(FACILITY, [caseEvent('MEAL', { id: 1, at: 0, caseName: 'two' })]);
  for (let at = 2 * HOUR; at < 100 * HOUR; at += 2 * HOUR) {
    await played.goTo(minute(at), []);
    await played.post(FACILITY, [caseEvent('MEAL', { id: 100 + at, at, caseName: 'two' })]);
  }
  await played.goTo(minute(100 * HOUR), []);
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 10, at: 0, person: ADULT }),
    caseEvent('REGISTERED', { id: 11, at: 40 }),
    caseEvent('CELL_PLACED', { id: 12, at: 50, area: 'cell-1' }),
    caseEvent('SUSPICION_SERVED', { id: 13, at: 90 * HOUR }),
    caseEvent('RELEASED', { id: 14, at: 100 * HOUR }),
    caseEvent('DIED', { id: 15, at: 70 * HOUR, caseName: 'two' }),
  ]);
  await played.goTo(minute(100 * HOUR + 1), [REGION]);
  await played.goTo(minute(100 * HOUR + 2), [REGION]);
  expect(await flagsOf(FACILITY, 'deadline-breached')).toEqual([
    'deadline-breached ua-cpc/court',
    'deadline-breached ua-cpc/decision',
    'deadline-breached ua-cpc/suspicion',
  ]);
  expect(await flagsOf(FACILITY, 'death', 'learned-late')).toEqual(['death', 'learned-late event/death']);
  expect(await flagsOf(FACILITY, 'sent-late')).toEqual(['sent-late']);
});

test('an event keeps to the facility whose case it is, though another has a case of that number', async () => {
  await played.goTo(minute(110 * HOUR), []);
  const arrival = (facilityId: string, id: number) => ({
    ...caseEvent('CELL_PLACED', { id, at: 110 * HOUR, caseName: 'same' }),
    areaId: `${facilityId}-cell-1`,
  });
  await played.post(FACILITY, [arrival(FACILITY, 20)]);
  await played.post(OTHER, [arrival(OTHER, 21)]);
  await played.goTo(minute(110 * HOUR + 1), [REGION]);
  const force = { id: 22, at: 110 * HOUR + 1, caseName: 'same', reason: 'resisted' };
  await played.post(OTHER, [caseEvent('FORCE_USED', force)]);
  await played.goTo(minute(110 * HOUR + 2), [REGION]);
  expect(await flagsOf(FACILITY, 'force-used')).toEqual([]);
  expect(await flagsOf(OTHER, 'force-used')).toEqual(['force-used']);
  // And what contradicts itself in either case is told of both.
  for (const facilityId of [FACILITY, OTHER])
    expect(await flagsOf(facilityId, 'record-contradicts-itself')).toContain(
      'record-contradicts-itself record/placed-before-registered',
    );
});

test('corrections that move the beginning of a detention are flagged, each', async () => {
  await played.goTo(minute(120 * HOUR), []);
  const start = 120 * HOUR;
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 30, at: start, caseName: 'three', person: ADULT }),
    caseEvent('REGISTERED', { id: 31, at: start, caseName: 'three' }),
  ]);
  await played.goTo(minute(start + HOUR), []);
  await played.post(FACILITY, [
    correction({
      id: 32,
      at: start + HOUR,
      corrects: 30,
      replacement: caseEvent('APPREHENDED', { id: 33, at: start + 50, caseName: 'three', person: ADULT }),
    }),
    correction({
      id: 34,
      at: start + HOUR,
      corrects: 31,
      replacement: caseEvent('REGISTERED', { id: 35, at: start + 55, caseName: 'three' }),
    }),
  ]);
  await played.goTo(minute(start + HOUR + 1), [REGION]);
  expect(await flagsOf(FACILITY, 'record-moved')).toEqual(['record-moved time', 'record-moved time']);
}, 60_000);
