import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DISPLAY_MESSAGES, DisplayList, type DisplaySelf, Pushed } from '#contract/displays.ts';
import { WallView } from '#contract/walls.ts';
import { AuditPage } from '../audit/routes.ts';
import { DisplayRecord } from '../wall/displays/display-store.ts';
import { LEAD_MS } from '../wall/displays/show-actions.ts';
import { codeOf, enrolled, openDisplay, PLACING, sceneOf, selfOf } from './fixtures/displays.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, heard, startTestServer, type TestServer } from './fixtures/server.ts';

const INSIDE = 'ua-68-itt-1-cell-1';
const OUTSIDE = 'ua-32-itt-1-cell-1';
const REGION = { kind: 'regions', regionIds: ['UA-68'] };

let redis: TestRedis;
let client: Awaited<ReturnType<TestRedis['connect']>>;
let server: TestServer;
/** Another replica of the same nation. */
let other: TestServer;
let duty: Caller;
/** Two operators, each at a console and a replica of their own. */
let first: Caller;
let second: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  client = await redis.connect();
  [server, other] = await Promise.all([
    startTestServer({ redisUrl: redis.url }),
    startTestServer({ redisUrl: redis.url }),
  ]);
  [duty, first, second] = await Promise.all([
    server.signIn('duty-68'),
    server.signIn('situation'),
    other.signIn('situation'),
  ]);
});
afterAll(async () => {
  await Promise.all([server[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  await redis[Symbol.asyncDispose]();
});

interface Wall {
  wallId: string;
  screens: readonly Caller[];
  ids: readonly string[];
}

/** Displays side by side, and the wall that they are. */
async function wallOf(displays: readonly { by: Caller; body?: object }[]): Promise<Wall> {
  const made = await Promise.all(displays.map(({ by, body }) => enrolled(server, by, body)));
  const ids = made.map(({ view }) => view.id);
  const { id: wallId } = WallView.parse((await keep([ids])).body);
  return { wallId, ids, screens: made.map(({ screen }) => screen) };
}

const keep = (places: (string | null)[][]) =>
  first.call('POST', '/api/v1/walls', {
    body: {
      name: 'Головна',
      places,
      bezelXMm: 10,
      bezelYMm: 0,
      shared: { kind: 'role', role: 'situation' },
    },
  });

const put = ({ wallId, ids }: Pick<Wall, 'wallId' | 'ids'>, scenes: object[], caller = first) =>
  caller.call('POST', '/api/v1/displays/push', {
    body: { displayIds: ids, wallId, scenes, dwellS: 3_600 },
  });

/** What the store has of a display, also when its time is over. */
async function keptShow(id: string): Promise<DisplayRecord['show']> {
  return DisplayRecord.parse(JSON.parse((await client.hGet('varta:{nation}:displays', id)) ?? '')).show;
}

const TOUR = [sceneOf([INSIDE, OUTSIDE], 'а'), sceneOf([OUTSIDE, INSIDE], 'б')];

const selves = (screens: readonly Caller[]) => Promise.all(screens.map(selfOf));

/** What has to be the same on all parts of a picture at any time. */
function common({ show, spot, parts, scope }: DisplaySelf): object {
  const { span: _span, version: _version, ...rest } = show ?? {};
  return { show: show && rest, spot, parts, scope };
}

/** What all parts show, which is the same. */
async function together(screens: readonly Caller[]): Promise<DisplaySelf> {
  const all = await selves(screens);
  const [one] = all;
  if (!one) throw new Error('no displays');
  for (const self of all) expect(common(self)).toEqual(common(one));
  return one;
}

async function step(caller: Caller, screen: Caller, name: string, version?: number) {
  const { id, show } = await selfOf(screen);
  return caller.call('POST', `/api/v1/displays/${id}/tour`, {
    body: { version: version ?? show?.version, step: name },
  });
}

test('one picture goes over a wall of displays: each has its part, from the same moment on', async () => {
  const wall = await wallOf([{ by: first }, { by: first }]);
  const [left = '', right = ''] = wall.ids;
  const [leftScreen, rightScreen] = wall.screens;
  if (!leftScreen || !rightScreen) throw new Error('no screens');
  const { view: single, screen: singleScreen } = await enrolled(server, first);
  expect(codeOf(await keep([[left, left]]))).toBe('invalid');
  expect(codeOf(await keep([[null, null]]))).toBe('invalid');
  expect(codeOf(await keep([[left, right], [null]]))).toBe('invalid');
  expect((await put(wall, TOUR)).status).toBe(200);
  const [one, two] = [(await selfOf(leftScreen)).show, (await selfOf(rightScreen)).show];
  expect(one?.anchorAt).toBe(two?.anchorAt);
  expect(one?.span).toMatchObject({ x: 0, y: 0, height: 1 });
  expect((one?.span?.width ?? 1) + (two?.span?.width ?? 1)).toBeLessThan(1);
  expect((two?.span?.x ?? 0) + (two?.span?.width ?? 0)).toBeCloseTo(1, 9);
  // A display that is not on the wall, and a wall that is not shared with somebody, change nothing.
  expect(codeOf(await put({ ...wall, ids: [single.id] }, TOUR))).toBe('conflict');
  expect((await selfOf(singleScreen)).show).toBeNull();
  expect([403, 404]).toContain((await put({ ...wall, ids: [left] }, TOUR, duty)).status);
});

test('a step is one of the whole wall, whoever asks and at whichever display: the same scene from the same moment on', async () => {
  const { screens, ...wall } = await wallOf([{ by: first }, { by: first }, { by: first }]);
  const [left, middle, right] = screens;
  if (!left || !middle || !right) throw new Error('no screens');
  await put(wall, TOUR);
  const pushed = await together(screens);
  expect(pushed.show).toMatchObject({ anchorIndex: 0, isPaused: false });

  const pages = await Promise.all(screens.map((screen) => openDisplay(screen, other)));
  const told = pages.map((page) => heard(page, DISPLAY_MESSAGES.changed));
  const nowMs = Date.now();
  expect((await step(second, middle, 'next')).status).toBe(204);
  await Promise.all(told);
  const next = await together(screens);
  expect(next.show).toMatchObject({ anchorIndex: 1, isPaused: false });
  // Ahead of time, so that the news is everywhere when it comes into force.
  expect(Date.parse(next.show?.anchorAt ?? '')).toBeGreaterThanOrEqual(nowMs + LEAD_MS);

  await step(first, right, 'pause');
  expect((await together(screens)).show).toMatchObject({ anchorIndex: 1, isPaused: true });
  await step(second, left, 'previous');
  expect((await together(screens)).show).toMatchObject({ anchorIndex: 0, isPaused: true });
  await step(first, left, 'resume');
  expect((await together(screens)).show).toMatchObject({ anchorIndex: 0, isPaused: false });

  const clearedMs = Date.now();
  await step(second, right, 'clear');
  const ending = await Promise.all(wall.ids.map(keptShow));
  expect(new Set(ending.map((show) => show?.endsAt)).size).toBe(1);
  expect(Date.parse(ending[0]?.endsAt ?? '')).toBeGreaterThanOrEqual(clearedMs + LEAD_MS);
  // What is being taken away takes no more steps.
  expect(codeOf(await step(first, left, 'next', ending[0]?.version))).toBe('conflict');
  await eventually(async () => (await selves(screens)).map(({ show }) => show)).toEqual([null, null, null]);
  const { items } = DisplayList.parse((await first.get('/api/v1/displays')).body);
  expect(items.filter(({ id, show }) => wall.ids.includes(id) && show !== null)).toEqual([]);

  const oversight = await server.signIn('oversight');
  const { items: entries } = AuditPage.parse(
    (await oversight.get('/api/v1/audit/entries?order=desc&limit=50')).body,
  );
  const steps = entries.filter(({ action, outcome }) => action === 'display.tour' && outcome === 'done');
  expect(steps.map(({ details }) => details.step)).toEqual(['clear', 'resume', 'previous', 'pause', 'next']);
  for (const { details } of steps)
    expect(`${details.displays}`.split(' ').toSorted()).toEqual(wall.ids.toSorted());
  for (const page of pages) page.close();
});

test('two operators who press at the same moment take one step, and the wall stays whole', async () => {
  const { screens, ...wall } = await wallOf([{ by: first }, { by: first }]);
  const [left, right] = screens;
  if (!left || !right) throw new Error('no screens');
  await put(wall, TOUR);
  const replies = await Promise.all([step(first, left, 'next', 2), step(second, right, 'next', 2)]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  expect((await together(screens)).show).toMatchObject({ anchorIndex: 1, version: 3 });
});

test('who may not change all of a wall changes nothing of it', async () => {
  const { screens, ...wall } = await wallOf([{ by: duty }, { by: first }]);
  const [regional] = screens;
  if (!regional) throw new Error('no screen');
  await put(wall, TOUR);
  const before = await together(screens);
  for (const name of ['pause', 'next', 'clear'])
    expect(codeOf(await step(duty, regional, name))).toBe('forbidden');
  expect(await together(screens)).toMatchObject({ show: before.show });
});

test('displays of one wall may show the same, which is what each of them may', async () => {
  const { screens, ...wall } = await wallOf([{ by: duty }, { by: first }]);
  const pushed = Pushed.parse((await put(wall, TOUR)).body);
  expect(pushed.items.map(({ leftOut }) => leftOut)).toEqual([2, 2]);
  const { scope, show } = await together(screens);
  expect(scope).toEqual(REGION);
  expect(show?.scenes.map(({ fill }) => fill)).toEqual([
    { kind: 'areas', areaIds: [INSIDE, null] },
    { kind: 'areas', areaIds: [null, INSIDE] },
  ]);
  // Displays that have nothing in common are no wall.
  const apart = await wallOf([
    { by: first, body: { scope: REGION } },
    { by: first, body: { scope: { kind: 'regions', regionIds: ['UA-32'] } } },
  ]);
  expect(codeOf(await put(apart, TOUR))).toBe('forbidden');
  expect((await selves(apart.screens)).map(({ show: none }) => none)).toEqual([null, null]);
});

test('a display that is given something else, or revoked, leaves the wall; the others go on together and know it', async () => {
  const { screens, ids, ...wall } = await wallOf([{ by: first }, { by: first }, { by: first }]);
  const [left, middle, right] = screens;
  if (!left || !middle || !right) throw new Error('no screens');
  await put({ ...wall, ids }, TOUR);
  expect((await together(screens)).parts).toHaveLength(3);
  const page = await openDisplay(left, other);
  const fewer = heard(page, DISPLAY_MESSAGES.changed);
  const body = { displayIds: [ids[2]], scenes: [sceneOf([INSIDE])], dwellS: 30 };
  expect((await second.call('POST', '/api/v1/displays/push', { body })).status).toBe(200);
  await fewer;
  expect((await selfOf(right)).show?.span).toBeUndefined();
  expect((await selfOf(right)).parts).toEqual([]);
  expect((await together([left, middle])).parts).toHaveLength(2);
  await step(first, left, 'next');
  expect((await together([left, middle])).show).toMatchObject({ anchorIndex: 1 });
  expect((await selfOf(right)).show).toMatchObject({ anchorIndex: 0, scenes: [{ name: 'Сцена' }] });
  // Its own steps are its own.
  await step(first, right, 'clear');
  expect((await selfOf(right)).show).toBeNull();

  const alone = heard(page, DISPLAY_MESSAGES.changed);
  await first.call('POST', `/api/v1/displays/${ids[1]}/revocation`, { body: { reason: '' } });
  await alone;
  expect((await selfOf(left)).parts).toHaveLength(1);
  expect((await step(second, left, 'previous')).status).toBe(204);
  expect((await selfOf(left)).show).toMatchObject({ anchorIndex: 0 });
  page.close();
});

test('alarms come to a wall by themselves once all of its displays consent', async () => {
  const { screens, ids, ...wall } = await wallOf([{ by: first }, { by: first, body: { spot: true } }]);
  const [left] = screens;
  if (!left) throw new Error('no screen');
  await put({ ...wall, ids }, TOUR);
  expect((await together(screens)).spot).toBe(false);
  const pages = await Promise.all(screens.map((screen) => openDisplay(screen, other)));
  const told = pages.map((page) => heard(page, DISPLAY_MESSAGES.changed));
  await first.call('POST', `/api/v1/displays/${ids[0]}/placing`, { body: { ...PLACING, spot: true } });
  await Promise.all(told);
  expect((await together(screens)).spot).toBe(true);
  // Both parts hear of the same flags: their page is subscribed to what both may see.
  const flag = { id: randomUUID(), areaId: INSIDE, category: 'medical', severity: 1, note: '' };
  expect((await first.call('POST', '/api/v1/flags', { body: flag })).status).toBe(201);
  for (const screen of screens)
    await eventually(async () =>
      JSON.stringify(
        (await screen.call('GET', '/api/v1/live/snapshot', { headers: { 'x-varta-display': '1' } })).body,
      ),
    ).toContain(flag.id);
  for (const page of pages) page.close();
});
