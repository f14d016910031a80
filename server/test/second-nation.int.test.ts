import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AreaView, FacilityPage, RegionPage } from '#contract/areas.ts';
import { GeometryReply } from '#contract/geometry.ts';
import { LiveRegistry } from '#contract/live.ts';
import { WhoAmI } from '#contract/session.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const AREA = 'kz-35-itt-1-cell-1';

let redis: TestRedis;
let server: TestServer;
let situation: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url, environment: { SAMPLE_NATION: 'kz' } });
  situation = await server.signIn('situation');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

test('another nation file is another country: its regions, facilities, time and outlines', async () => {
  const regions = RegionPage.parse((await situation.get('/api/v1/regions')).body).items;
  expect(regions).toHaveLength(20);
  expect(regions.every(({ id }) => id.startsWith('KZ-'))).toBe(true);
  const facilities = FacilityPage.parse((await situation.get('/api/v1/facilities?limit=500')).body).items;
  expect(new Set(facilities.map(({ regionId }) => regionId)).size).toBe(20);
  const { nation } = LiveRegistry.parse((await situation.get('/api/v1/live/registry')).body);
  expect(nation).toMatchObject({ id: 'KZ', sample: true, timeZone: 'Asia/Almaty' });
  const { geometry } = GeometryReply.parse((await situation.get('/api/v1/geometry')).body);
  const outlines = geometry?.objects.regions.geometries.map(({ properties }) => properties.iso);
  expect(outlines?.toSorted()).toEqual(regions.map(({ id }) => id).toSorted());
  const duty = await server.signIn('duty-68');
  expect(WhoAmI.parse((await duty.get('/api/v1/session')).body).scope).toEqual({
    kind: 'regions',
    regionIds: ['KZ-10'],
  });
});

test('what holds there is the law of that nation: its clocks run, and no others', async () => {
  const at = new Date(Date.now() - 60_000).toISOString();
  const event = (type: string, details: object) => ({
    id: randomUUID(),
    type,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    caseId: 'cr-35-1-one',
    ...details,
  });
  const person = { sex: 'male', minor: false, regime: 'criminal', atRisk: false };
  const reply = await server.stranger().call('POST', '/api/v1/custody/events', {
    body: { events: [event('APPREHENDED', { person }), event('CELL_PLACED', { areaId: AREA })] },
    headers: { authorization: `Bearer ${await server.facilityKey('kz-35-itt-1')}` },
  });
  expect(reply.status).toBe(200);
  await vi.waitFor(
    async () => {
      const { clocks } = AreaView.parse((await situation.get(`/api/v1/areas/${AREA}`)).body);
      expect(clocks.map(({ limit }) => limit)).toEqual(expect.arrayContaining(['court', 'protocol']));
      expect(new Set(clocks.map(({ normSet }) => normSet))).toEqual(new Set(['kz', 'cpt-health']));
    },
    { timeout: 20_000 },
  );
});
