import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AreaFilter, NO_FILTER } from '#contract/area-filter.ts';
import { DISPLAY_MESSAGES, DisplayList, DisplayView, Pairing, Pushed } from '#contract/displays.ts';
import { GeometryReply } from '#contract/geometry.ts';
import { LiveSnapshot } from '#contract/live.ts';
import { SceneList, SceneView } from '#contract/scenes.ts';
import { AuditPage } from '../audit/routes.ts';
import { codeOf, enrolled, openDisplay, PLACING, sceneOf, selfOf } from './fixtures/displays.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const INSIDE = 'ua-68-itt-1-cell-1';
const OUTSIDE = 'ua-32-itt-1-cell-1';
const AS_DISPLAY = { 'x-varta-display': '1' };

let redis: TestRedis;
let client: Awaited<ReturnType<TestRedis['connect']>>;
let server: TestServer;
/** Another replica of the same nation. */
let other: TestServer;
let duty: Caller;
let situation: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  client = await redis.connect();
  [server, other] = await Promise.all([
    startTestServer({ redisUrl: redis.url }),
    startTestServer({ redisUrl: redis.url }),
  ]);
  [duty, situation] = await Promise.all([server.signIn('duty-68'), other.signIn('situation')]);
});
afterAll(async () => {
  await Promise.all([server[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  await redis[Symbol.asyncDispose]();
});

const push = (caller: Caller, displayIds: string[], scenes: object[], dwellS = 30) =>
  caller.call('POST', '/api/v1/displays/push', { body: { displayIds, scenes, dwellS } });

const heard = (page: Socket, name: string) =>
  new Promise<unknown[]>((resolve) => page.once(name, (...said: unknown[]) => resolve(said)));

test('a screen is enrolled by the code that it shows, once, within the rights of who enrols it', async () => {
  const screen = server.stranger();
  const offered = await screen.call('POST', '/api/v1/display/pairing');
  const { code } = Pairing.parse(offered.body);
  expect(offered.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
  expect(offered.headers.get('set-cookie')).not.toContain(code);
  expect((await screen.get('/api/v1/display')).status).toBe(401);
  expect(
    codeOf(
      await screen.call('POST', '/api/v1/display/pairing', {
        headers: { origin: 'https://elsewhere.example' },
      }),
    ),
  ).toBe('origin_refused');

  const enrol = (caller: Caller, body: object) =>
    caller.call('POST', '/api/v1/displays', { body: { ...PLACING, code, ...body } });
  expect(codeOf(await enrol(duty, { scope: { kind: 'nation' } }))).toBe('forbidden');
  expect((await enrol(await server.signIn('oncall'), {})).status).toBe(403);
  expect(codeOf(await enrol(duty, { code: 'AAAAAAAA' }))).toBe('not_found');
  // Typed as people do.
  const reply = await enrol(duty, { code: ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}` });
  const view = DisplayView.parse(reply.body);
  expect(view).toMatchObject({
    name: 'Ліва',
    scope: { kind: 'regions', regionIds: ['UA-68'] },
    enrolledBy: 'duty-68',
  });
  expect(codeOf(await enrol(duty, {}))).toBe('not_found');
  expect(await selfOf(screen)).toMatchObject({ id: view.id, show: null });
  // Its key is nowhere in the store.
  const secret = screen.cookie.split('.').at(-1) ?? '';
  const kept = await client.hGetAll('varta:{nation}:displays:keys');
  expect(JSON.stringify(kept)).not.toContain(secret);
  expect(kept[view.id]).toBeDefined();
  // A screen that is a display does not become another one because a page asks.
  expect(codeOf(await screen.call('POST', '/api/v1/display/pairing'))).toBe('conflict');
});

test('a display sees what a wall shows, and is nobody’s session', async () => {
  const { screen } = await enrolled(server, duty);
  const get = (path: string) => screen.call('GET', path, { headers: AS_DISPLAY });
  const raised = await duty.call('POST', '/api/v1/flags', {
    body: { id: randomUUID(), areaId: INSIDE, category: 'medical', severity: 2, note: 'Має серцеві ліки' },
  });
  expect(raised.status).toBe(201);
  await eventually(async () => {
    const { regions } = LiveSnapshot.parse((await get('/api/v1/live/snapshot')).body);
    return regions.map(({ regionId, flags }) => [regionId, flags.find(({ areaId }) => areaId === INSIDE)]);
  }).toEqual([
    [
      'UA-68',
      expect.objectContaining({
        severity: 2,
        note: '',
        history: [expect.objectContaining({ by: { kind: 'person', id: 'person', name: 'person' } })],
      }),
    ],
  ]);
  // Only what a wall needs; with the header or without, with a session beside it or not.
  for (const path of [
    '/api/v1/flags',
    '/api/v1/areas',
    '/api/v1/cases',
    '/api/v1/displays',
    '/api/v1/session',
  ])
    expect((await get(path)).status, path).toBe(403);
  expect((await screen.get('/api/v1/live/snapshot')).status).toBe(401);
  expect((await get('/api/v1/live/snapshot?region=UA-32')).status).toBe(403);
});

test('what is pushed is within the rights of display and pusher; what is left out is said', async () => {
  const { screen, view } = await enrolled(server, duty);
  const page = await openDisplay(screen, server);
  const told = heard(page, DISPLAY_MESSAGES.changed);
  // The whole country's room pushes to a regional screen.
  const reply = await push(situation, [view.id], [sceneOf([INSIDE, OUTSIDE, null])]);
  expect(Pushed.parse(reply.body).items).toEqual([{ displayId: view.id, version: 2, leftOut: 1 }]);
  await told;
  const self = await selfOf(screen);
  expect(self.show).toMatchObject({ leftOut: 1, pushedBy: 'situation', version: 2 });
  expect(self.show?.scenes[0]?.fill).toEqual({ kind: 'areas', areaIds: [INSIDE, null, null] });
  expect(self.scope).toEqual({ kind: 'regions', regionIds: ['UA-68'] });

  // A region does not take over the nation's wall, nor see it.
  const national = await enrolled(server, situation);
  expect(codeOf(await push(duty, [view.id, national.view.id], [sceneOf([INSIDE])]))).toBe('forbidden');
  expect((await selfOf(screen)).show?.version).toBe(2);
  const { items } = DisplayList.parse((await duty.get('/api/v1/displays')).body);
  expect(items.map(({ id }) => id)).not.toContain(national.view.id);
  const entries = AuditPage.parse(
    (await (await server.signIn('oversight')).get('/api/v1/audit/entries?order=desc&limit=50')).body,
  ).items;
  expect(
    entries.find(({ action, outcome }) => action === 'display.push' && outcome === 'done'),
  ).toMatchObject({
    actor: { kind: 'person', id: 'situation' },
    resource: `display:${view.id}`,
    details: { areas: INSIDE, leftOut: 1 },
  });
});

test('a map is put on a display as it was asked for, and shows what display and pusher may both see', async () => {
  const { screen, view } = await enrolled(server, duty);
  const filter = AreaFilter.parse({ region: ['UA-68', 'UA-32'], flag: 'open' });
  const fill = { kind: 'map', filter, measure: 'clock' };
  const map = { name: 'Країна', rows: 2, columns: 4, fill };
  const reply = await push(situation, [view.id], [map, sceneOf([INSIDE, OUTSIDE])]);
  expect(Pushed.parse(reply.body).items).toEqual([{ displayId: view.id, version: 2, leftOut: 1 }]);
  const self = await selfOf(screen);
  expect(self.show?.scenes[0]).toEqual(map);
  // The map is drawn from what comes to the display, which is of its own region alone, over outlines that are everybody's.
  expect(self.scope).toEqual({ kind: 'regions', regionIds: ['UA-68'] });
  const get = (path: string) => screen.call('GET', path, { headers: AS_DISPLAY });
  const { regions } = LiveSnapshot.parse((await get('/api/v1/live/snapshot')).body);
  expect(regions.map(({ regionId }) => regionId)).toEqual(['UA-68']);
  const { geometry } = GeometryReply.parse((await get('/api/v1/geometry')).body);
  expect(geometry?.objects.regions.geometries.length).toBeGreaterThan(20);
  const entries = AuditPage.parse(
    (await (await server.signIn('oversight')).get('/api/v1/audit/entries?order=desc&limit=50')).body,
  ).items;
  expect(
    entries.find(({ action, resource }) => action === 'display.push' && resource === `display:${view.id}`),
  ).toMatchObject({ details: { areas: `(map) ${INSIDE}`, leftOut: 1 } });
  const unknown = { ...map, fill: { ...fill, measure: 'mood' } };
  expect(codeOf(await push(situation, [view.id], [unknown]))).toBe('invalid');
});

test('a tour is the same everywhere; pause and step are decided on what is on', async () => {
  const { screen, view } = await enrolled(server, situation);
  await push(situation, [view.id], [sceneOf([INSIDE], 'а'), sceneOf([OUTSIDE], 'б')], 3_600);
  const step = (body: object) => situation.call('POST', `/api/v1/displays/${view.id}/tour`, { body });
  expect((await step({ version: 2, step: 'next' })).status).toBe(204);
  expect((await selfOf(screen)).show).toMatchObject({ anchorIndex: 1, isPaused: false, version: 3 });
  expect(codeOf(await step({ version: 2, step: 'next' }))).toBe('conflict');
  await step({ version: 3, step: 'pause' });
  expect((await selfOf(screen)).show).toMatchObject({ anchorIndex: 1, isPaused: true });
  await step({ version: 4, step: 'clear' });
  expect((await selfOf(screen)).show).toBeNull();
});

test('how a display does is known to the console; its key is renewed and the one before ends with its use', async () => {
  const { screen, view } = await enrolled(server, situation);
  const health = {
    visible: true,
    decodedFps: 150.5,
    tiles: [{ areaId: INSIDE, state: 'live', held: false }],
    rows: 1,
    columns: 1,
    step: 0,
    showVersion: 0,
    dataAgeMs: 300,
    build: 'index-1',
    screen: { width: 3840, height: 2160 },
  };
  const report = () => screen.call('POST', '/api/v1/display/health', { body: health });
  const stale = screen.cookie;
  // A key of yesterday.
  const key = z
    .looseObject({ since: z.string() })
    .parse(JSON.parse((await client.hGet('varta:{nation}:displays:keys', view.id)) ?? ''));
  await client.hSet(
    'varta:{nation}:displays:keys',
    view.id,
    JSON.stringify({ ...key, since: '2026-01-01T00:00:00.000Z' }),
  );
  expect((await report()).status).toBe(200);
  expect(screen.cookie).not.toBe(stale);
  const old = (path: string) => server.stranger().call('GET', path, { headers: { cookie: stale } });
  // Until the new one was used, the answer may have been lost.
  expect((await old('/api/v1/display')).status).toBe(200);
  expect((await report()).status).toBe(200);
  expect((await old('/api/v1/display')).status).toBe(401);
  const { items } = DisplayList.parse((await situation.get('/api/v1/displays')).body);
  expect(items.find(({ id }) => id === view.id)?.health).toMatchObject(health);
  // Who runs displays sees that they live, not what is on them.
  const admin = await server.signIn('admin');
  const seen = DisplayList.parse((await admin.get('/api/v1/displays')).body).items.find(
    ({ id }) => id === view.id,
  );
  expect(seen).toMatchObject({ show: null, health: { visible: true, tiles: [] } });
});

test('a revoked display is put out on every replica at once, and told so', async () => {
  const { screen, view } = await enrolled(server, situation);
  const page = await openDisplay(screen, other);
  const goodbye = heard(page, 'live:goodbye');
  const revoked = await situation.call('POST', `/api/v1/displays/${view.id}/revocation`, {
    body: { reason: 'Екран вкрадено' },
  });
  expect(revoked.status).toBe(204);
  expect(await goodbye).toEqual([{ code: 'unauthenticated' }]);
  expect(codeOf(await screen.get('/api/v1/display'))).toBe('display_revoked');
  await expect(openDisplay(screen, other)).rejects.toThrow('display_revoked');
  expect((await screen.call('GET', '/api/v1/live/snapshot', { headers: AS_DISPLAY })).status).toBe(403);
  expect((await push(situation, [view.id], [sceneOf([INSIDE])])).status).toBe(404);
  // The screen itself may be enrolled anew, as another display.
  const again = await screen.call('POST', '/api/v1/display/pairing');
  expect(again.status).toBe(200);
});

test('what somebody put on a display is shown within their rights as of now: it goes with them', async () => {
  const { screen, view } = await enrolled(server, situation);
  const pusher = await server.signIn('situation-2');
  expect((await push(pusher, [view.id], [sceneOf([INSIDE, OUTSIDE])])).status).toBe(200);
  const admin = await server.signIn('admin');
  const change = async (body: object) =>
    expect((await admin.call('PATCH', '/api/v1/accounts/situation-2', { body })).status).toBe(200);
  const regions = async () => {
    const { body } = await screen.call('GET', '/api/v1/live/snapshot', { headers: AS_DISPLAY });
    return LiveSnapshot.parse(body).regions.map(({ regionId }) => regionId);
  };
  const poster = async (areaId: string) =>
    (await screen.call('GET', `/api/v1/feeds/${areaId}-cam-1/poster.jpg`, { headers: AS_DISPLAY })).status;
  expect((await selfOf(screen)).scope).toEqual({ kind: 'nation' });
  expect((await regions()).length).toBeGreaterThan(20);
  expect(await poster(OUTSIDE)).not.toBe(403);

  // A page that is open is closed, with its sockets and media, and finds less when it comes again.
  const page = await openDisplay(screen, other);
  const goodbye = heard(page, 'live:goodbye');
  await change({ scope: { kind: 'regions', regionIds: ['UA-68'] } });
  expect(await goodbye).toEqual([{ code: 'unauthenticated' }]);
  expect((await selfOf(screen)).scope).toEqual({ kind: 'regions', regionIds: ['UA-68'] });
  expect(await regions()).toEqual(['UA-68']);
  expect(await poster(OUTSIDE)).toBe(403);
  expect(await poster(INSIDE)).not.toBe(403);

  // Who may not push any more leaves nothing on: the display is back to what it may show by itself.
  await change({ role: 'oncall' });
  expect((await selfOf(screen)).show).toBeNull();
  await change({ role: 'situation', scope: { kind: 'nation' } });
  expect((await selfOf(screen)).show).toMatchObject({ pushedBy: 'situation-2' });
  await change({ disabled: true });
  expect((await selfOf(screen)).show).toBeNull();
  await change({ disabled: false });
});

test('scenes are kept with their versions, shared, and show nobody more than they may see', async () => {
  const save = (caller: Caller, body: object) => caller.call('POST', '/api/v1/scenes', { body });
  const shared = { kind: 'region', regionId: 'UA-68' };
  const first = SceneView.parse((await save(situation, { ...sceneOf([INSIDE, OUTSIDE]), shared })).body);
  expect(first).toMatchObject({ version: 1, leftOut: 0, owner: 'situation' });
  const forDuty = SceneList.parse((await duty.get('/api/v1/scenes')).body).items.find(
    ({ id }) => id === first.id,
  );
  expect(forDuty).toMatchObject({ leftOut: 1, fill: { areaIds: [INSIDE, null] } });
  // Who sees only a part of it cannot cut the rest off by saving.
  expect(codeOf(await save(duty, { ...sceneOf([INSIDE]), shared, id: first.id, version: 1 }))).toBe(
    'forbidden',
  );
  const second = SceneView.parse(
    (await save(situation, { ...sceneOf([INSIDE], 'Нова'), shared, id: first.id, version: 1 })).body,
  );
  expect(second.version).toBe(2);
  expect(codeOf(await save(situation, { ...sceneOf([INSIDE]), shared, id: first.id, version: 1 }))).toBe(
    'conflict',
  );
  const before = SceneList.parse((await situation.get(`/api/v1/scenes/${first.id}/versions`)).body).items;
  expect(before.map(({ version, name }) => [version, name])).toEqual([[1, 'Сцена']]);
  // A map names no area: who finds it among theirs sees all of it, and may change it.
  const fill = { kind: 'map', filter: NO_FILTER, measure: 'space' };
  const map = { name: 'Мапа', rows: 2, columns: 4, fill };
  const { id } = SceneView.parse((await save(situation, { ...map, shared })).body);
  const keptMap = SceneList.parse((await duty.get('/api/v1/scenes')).body).items.find((one) => one.id === id);
  expect(keptMap).toMatchObject({ ...map, leftOut: 0 });
  const changed = { ...map, fill: { ...fill, measure: 'state' }, shared, id, version: 1 };
  expect(SceneView.parse((await save(duty, changed)).body)).toMatchObject({ version: 2, fill: changed.fill });
  const own = SceneView.parse((await save(duty, sceneOf([INSIDE], 'Своя'))).body);
  const mine = SceneList.parse((await situation.get('/api/v1/scenes')).body).items;
  expect(mine.map(({ id }) => id)).not.toContain(own.id);
});

test('where a display stands can be said anew, by whoever may manage it', async () => {
  const { screen, view } = await enrolled(server, duty);
  expect(view.spot).toBe(false);
  const placing = { ...PLACING, name: 'Права', spot: true };
  const place = (caller: Caller, body: object) =>
    caller.call('POST', `/api/v1/displays/${view.id}/placing`, { body });
  const page = await openDisplay(screen, server);
  const changed = heard(page, DISPLAY_MESSAGES.changed);
  expect(DisplayView.parse((await place(duty, placing)).body)).toMatchObject(placing);
  await changed;
  expect(await selfOf(screen)).toMatchObject({ name: 'Права', spot: true });
  expect((await place(await server.signIn('oncall'), placing)).status).toBe(403);
  expect(codeOf(await place(duty, { ...placing, distanceM: 0 }))).toBe('invalid');
  page.close();
});
