import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { after, areaEvent, caseEvent, correction, START_MS } from './fixtures/custody.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const CELL = `${FACILITY}-cell-1`;
const FEED = `${CELL}-cam-1`;
const RULES = [
  'check-unseen',
  'check-of-empty',
  'presence-unrecorded',
  'absence-unrecorded',
  'count-differs',
];
const minute = (at: number) => START_MS + at * 60_000;

let played: PlayedTime;
beforeAll(async () => {
  played = await startPlayedTime({ nation: SMALL_NATION, startMs: START_MS, replicas: 2 });
});
afterAll(() => played[Symbol.asyncDispose]());

/** What the cell's camera shows from a minute on. */
async function show(at: number, state: FeedStatus['state'], faults?: FeedStatus['faults']) {
  await played.goTo(minute(at), []);
  await played.show(REGION, [
    { feedId: FEED, areaId: CELL, state, layers: [], since: after(at), ...(faults ? { faults } : {}) },
  ]);
}

/** The rules' flags on what the record says, as `rule cause at`. */
async function contradictions(): Promise<string[]> {
  const found = (await played.flags(REGION)).filter(({ rule }) => rule && RULES.includes(rule.id));
  return found
    .map(({ rule }) => [rule?.id, rule?.params.cause, rule?.params.at].filter(Boolean).join(' '))
    .sort();
}

test('a check is held against the video of its own time, whenever it comes', async () => {
  await show(0, 'live');
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 1, at: -60 }),
    caseEvent('CELL_PLACED', { id: 2, at: -10, area: 'cell-1' }),
  ]);
  await show(60, 'lost');
  await show(80, 'live');
  await show(100, 'faulty', ['covered']);
  await show(110, 'live');
  await played.goTo(minute(120));
  const check = (id: number, at: number) =>
    areaEvent('CELL_CHECK', { id, at, recorded: 120, area: 'cell-1' });
  await played.post(FACILITY, [
    // While it was lost; while it was covered; at the edge of either, when somebody may well have seen it.
    ...[check(10, 70), check(11, 105), check(12, 60), check(13, 81)],
    // While it showed; and at a time of which nobody knows what it showed.
    ...[check(14, 30), check(15, -5)],
    caseEvent('MEDICAL_EXAM_STARTED', { id: 20, at: 82, recorded: 120 }),
    caseEvent('MEDICAL_EXAM_ENDED', { id: 21, at: 95, recorded: 120 }),
    check(16, 90),
  ]);
  await played.goTo(minute(120) + 44_000);
  expect(await contradictions()).toEqual([]);
  await played.goTo(minute(121));
  const expected = [
    `check-unseen confidential ${after(90)}`,
    `check-unseen covered ${after(105)}`,
    `check-unseen lost ${after(70)}`,
  ];
  expect(await contradictions()).toEqual(expected);

  // Whoever looks again, and however late it comes, nothing is raised twice.
  await played.goTo(minute(122));
  expect(await contradictions()).toEqual(expected);
});

test('who was seen is held against who was there by the record at that time', async () => {
  const before = await contradictions();
  await played.goTo(minute(200));
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 30, at: 130, caseName: 'two' }),
    caseEvent('CELL_PLACED', { id: 31, at: 140, area: 'cell-2', caseName: 'two' }),
    caseEvent('RELEASED', { id: 32, at: 180, caseName: 'two' }),
    // Before they were placed, while they were, and after they had left.
    areaEvent('PRESENCE_SEEN', { id: 40, at: 135, area: 'cell-2', recorded: 200 }),
    areaEvent('PRESENCE_SEEN', { id: 41, at: 150, area: 'cell-2', recorded: 200 }),
    areaEvent('EMPTY_SEEN', { id: 42, at: 160, area: 'cell-2', recorded: 200 }),
    areaEvent('EMPTY_SEEN', { id: 43, at: 190, area: 'cell-2', recorded: 200 }),
    areaEvent('CELL_CHECK', { id: 44, at: 195, area: 'cell-2', recorded: 200 }),
    // Of rooms in which nobody is held nothing is said.
    areaEvent('PRESENCE_SEEN', { id: 45, at: 150, area: 'lawyer-room', recorded: 200 }),
    // A correction speaks of the time of what it puts in the place.
    correction({
      id: 46,
      at: 200,
      corrects: 43,
      replacement: areaEvent('EMPTY_SEEN', { id: 47, at: 170, area: 'cell-2', recorded: 200 }),
    }),
  ]);
  await played.goTo(minute(201));
  const news = (await contradictions()).filter((one) => !before.includes(one));
  expect(news).toEqual([
    `absence-unrecorded ${after(160)}`,
    `absence-unrecorded ${after(170)}`,
    `check-of-empty ${after(195)}`,
    `presence-unrecorded ${after(135)}`,
  ]);
  const [seen] = (await played.flags(REGION)).filter(({ rule }) => rule?.id === 'presence-unrecorded');
  expect(seen).toMatchObject({ severity: 2, areaId: `${FACILITY}-cell-2`, state: 'raised' });
});

test('as many people are seen as the record has, or somebody is told once', async () => {
  const before = await contradictions();
  await played.goTo(minute(300));
  const seen = (id: number, at: number, count: number) =>
    areaEvent('PRESENCE_SEEN', { id, at, recorded: 300, area: 'cell-2', count });
  await played.post(FACILITY, [
    caseEvent('CELL_PLACED', { id: 60, at: 210, area: 'cell-2', caseName: 'three' }),
    caseEvent('CELL_PLACED', { id: 61, at: 240, area: 'cell-2', caseName: 'four' }),
    // One, then either while the second comes, then two.
    ...[seen(62, 220, 1), seen(63, 240, 1), seen(64, 241, 2), seen(65, 250, 2)],
    // A sensor that says the same every minute is told of once in a quarter of an hour.
    ...Array.from({ length: 30 }, (_, index) => seen(70 + index, 255 + index, 3)),
    seen(66, 290, 1),
  ]);
  await played.goTo(minute(301));
  const news = (await played.flags(REGION))
    .filter(({ rule }) => rule?.id === 'count-differs')
    .map(({ rule, areaId, severity }) => [
      rule?.params.at,
      rule?.params.seen,
      rule?.params.recorded,
      areaId,
      severity,
    ]);
  const area = `${FACILITY}-cell-2`;
  expect(news.sort()).toEqual([
    [after(255), 3, 2, area, 2],
    [after(270), 3, 2, area, 2],
    [after(290), 1, 2, area, 2],
  ]);
  // And of nothing else.
  expect(await contradictions()).toHaveLength(before.length + news.length);
});

test('the history of a camera has each change once, and is bounded', async () => {
  const connection = await connectRedis(played.redisUrl, 'test', QUIET_LOG);
  await using _connection = { [Symbol.asyncDispose]: async () => connection.destroy() };
  // In a region where nothing else happens: the media plane says nothing of cameras that no node has spoken of.
  const areaId = 'ua-05-itt-1-cell-1';
  const feedId = `${areaId}-cam-1`;
  const history = async () => (await connection.hGet(keys.sight('UA-05'), feedId)) ?? '';
  const tell = (at: number, state: FeedStatus['state'], layers: FeedStatus['layers'] = []) =>
    played.show('UA-05', [{ feedId, areaId, state, layers, since: after(at) }]);
  await tell(0, 'live');
  await tell(10, 'lost');
  const known = await history();
  expect(known.split(',').map((one) => one.slice(-1))).toEqual(['l', 'x']);
  // The same again, as a replica tells it that has taken the work over.
  await tell(10, 'lost', ['low']);
  expect(await history()).toBe(known);
  for (let round = 0; round < 70; round += 1) await tell(300 + round, round % 2 ? 'lost' : 'live');
  expect((await history()).split(',')).toHaveLength(64);
});
