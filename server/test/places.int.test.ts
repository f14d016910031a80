import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AreaPage, AreaView, FacilityPage, RegionPage } from '#contract/areas.ts';
import { Problem } from '#contract/errors.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const OWN_AREA = 'ua-68-itt-1-cell-1';
const OTHER_AREA = 'ua-05-itt-1-cell-1';

let redis: TestRedis;
let server: TestServer;
let situation: Caller;
let duty: Caller;
let inspector: Caller;
let admin: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  situation = await server.signIn('situation');
  duty = await server.signIn('duty-68');
  inspector = await server.signIn('inspector');
  admin = await server.signIn('admin');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const codeOf = (body: unknown) => Problem.parse(body).code;
const areasOf = async (caller: Caller, query = '') =>
  AreaPage.parse((await caller.get(`/api/v1/areas?limit=500${query}`)).body);

describe('the scope of the account', () => {
  test('the situation room knows the nation', async () => {
    const regions = RegionPage.parse((await situation.get('/api/v1/regions')).body);
    expect(regions.items).toHaveLength(27);
    const facilities = FacilityPage.parse((await situation.get('/api/v1/facilities?limit=500')).body);
    expect(facilities.items).toHaveLength(126);
    expect(new Set((await allAreas(situation)).map(({ facilityId }) => facilityId)).size).toBe(126);
  });

  test('duty-68 knows region 68 and nothing else, in every list, whatever is asked for', async () => {
    const regions = RegionPage.parse((await duty.get('/api/v1/regions')).body);
    expect(regions.items.map(({ id }) => id)).toEqual(['UA-68']);
    for (const query of ['', '?region=UA-05', '?region=UA-05,UA-68', '?region=UA-05&region=UA-68']) {
      const { items } = FacilityPage.parse((await duty.get(`/api/v1/facilities${query}`)).body);
      expect(items.filter(({ regionId }) => regionId !== 'UA-68')).toEqual([]);
    }
    for (const query of ['', '&region=UA-05', '&region=UA-05,UA-68', '&text=ua-05', '&kind=cell']) {
      const { items } = await areasOf(duty, query);
      expect(items.filter(({ regionId }) => regionId !== 'UA-68')).toEqual([]);
    }
    expect((await areasOf(duty)).items.length).toBeGreaterThan(5);
    expect((await areasOf(duty, '&region=UA-05')).items).toEqual([]);
  });

  test('duty-68 is refused any other area, and the refusal is in the audit of that region', async () => {
    expect(AreaView.parse((await duty.get(`/api/v1/areas/${OWN_AREA}`)).body).regionId).toBe('UA-68');
    const reply = await duty.get(`/api/v1/areas/${OTHER_AREA}`);
    expect(reply.status).toBe(403);
    expect(codeOf(reply.body)).toBe('forbidden');
    const oversight = await server.signIn('oversight');
    await expect
      .poll(async () => JSON.stringify((await oversight.get('/api/v1/audit/entries?chain=UA-05')).body))
      .toContain(`area:${OTHER_AREA}`);
  });

  test('the inspector knows one facility', async () => {
    const facilities = FacilityPage.parse((await inspector.get('/api/v1/facilities')).body);
    expect(facilities.items).toHaveLength(1);
    const { items } = await areasOf(inspector);
    expect(new Set(items.map(({ facilityId }) => facilityId))).toEqual(
      new Set(facilities.items.map(({ id }) => id)),
    );
  });

  test('the administrator knows the registry, and sees no status', async () => {
    expect((await admin.get('/api/v1/facilities')).status).toBe(200);
    for (const path of ['/api/v1/areas', `/api/v1/areas/${OWN_AREA}`]) {
      const reply = await admin.get(path);
      expect(reply.status).toBe(403);
      expect(codeOf(reply.body)).toBe('forbidden');
    }
  });

  test('a stranger knows nothing', async () => {
    for (const path of ['/regions', '/facilities', '/areas', `/areas/${OWN_AREA}`]) {
      expect((await server.stranger().get(`/api/v1${path}`)).status).toBe(401);
    }
  });

  test('a facility key is no session', async () => {
    const key = await server.facilityKey('ua-68-itt-1');
    const reply = await server
      .stranger()
      .call('GET', '/api/v1/areas', { headers: { authorization: `Bearer ${key}` } });
    expect(reply.status).toBe(401);
  });
});

describe('what is live in regions and facilities, added up', () => {
  test('it is the sum of the areas in the scope of whoever asks', async () => {
    const at = new Date().toISOString();
    const event = (type: string, areaId: string) => ({
      id: randomUUID(),
      type,
      caseId: 'cr-68-1-summed',
      areaId,
      occurredAt: at,
      recordedAt: at,
      recordedBy: 'inspector-1',
    });
    const reply = await server.stranger().call('POST', '/api/v1/custody/events', {
      body: { events: [event('APPREHENDED', OWN_AREA), event('CELL_PLACED', OWN_AREA)] },
      headers: { authorization: `Bearer ${await server.facilityKey('ua-68-itt-1')}` },
    });
    expect(reply.status).toBe(200);
    const regionOf = async (caller: Caller) =>
      RegionPage.parse((await caller.get('/api/v1/regions?limit=500')).body);
    await expect
      .poll(async () => (await regionOf(duty)).live, { timeout: 20_000 })
      .toMatchObject({ headcount: 1, occupied: 1 });
    const areas = await allAreas(situation);
    const nation = await regionOf(situation);
    expect(nation.live?.areas).toBe(areas.length);
    expect(nation.items.map(({ live }) => live?.areas)).toEqual(
      nation.items.map(({ id }) => areas.filter(({ regionId }) => regionId === id).length),
    );
    const own = nation.items.find(({ id }) => id === 'UA-68');
    expect(own?.live).toEqual((await regionOf(duty)).live);
    expect(nation.live?.headcount).toBe(1);
    const facilities = FacilityPage.parse((await duty.get('/api/v1/facilities?limit=500')).body);
    expect(facilities.items.find(({ id }) => id === 'ua-68-itt-1')?.live).toMatchObject({ headcount: 1 });
    expect(facilities.items.map(({ live }) => live?.areas ?? 0).reduce((a, b) => a + b)).toBe(
      own?.live?.areas,
    );
    // A page has its own items, and the sum of everything.
    const page = RegionPage.parse((await situation.get('/api/v1/regions?limit=1')).body);
    expect([page.items.length, page.live?.areas]).toEqual([1, areas.length]);
  });

  test('an inspector’s region is the one facility that they know; the administrator sees none', async () => {
    const regions = RegionPage.parse((await inspector.get('/api/v1/regions')).body);
    expect(regions.live?.areas).toBe((await areasOf(inspector)).items.length);
    expect(regions.items.map(({ live }) => live)).toEqual([regions.live]);
    for (const path of ['/api/v1/regions', '/api/v1/facilities'])
      expect(JSON.stringify((await admin.get(path)).body)).not.toContain('headcount');
  });
});

describe('the list of areas', () => {
  test('pages follow each other without a gap or a double, in the same order', async () => {
    const all = (await areasOf(duty)).items.map(({ id }) => id);
    expect((await allAreas(duty, 3)).map(({ id }) => id)).toEqual(all);
    expect(all).toEqual(all.toSorted());
    expect(new Set(all).size).toBe(all.length);
  });

  test('the filter narrows', async () => {
    const whip = await areasOf(situation, '&feedSource=whip');
    expect(whip.items.length).toBeGreaterThan(0);
    for (const area of whip.items) expect(area.feeds.map(({ source }) => source)).toContain('whip');
    const cells = await areasOf(situation, '&kind=cell,corridor&region=UA-68');
    expect(new Set(cells.items.map(({ kind }) => kind))).toEqual(new Set(['cell', 'corridor']));
    expect((await areasOf(situation, '&text=немає такого')).items).toEqual([]);
    expect((await areasOf(situation, '&flag=open')).items).toEqual([]);
    expect((await areasOf(situation, '&feedState=live')).items).toEqual([]);
  });

  test.each([
    ['colour=red', ['colour']],
    ['region=Kyiv', ['region', 0]],
    ['kind=dungeon', ['kind', 0]],
    ['limit=0', ['limit']],
    ['limit=many', ['limit']],
    ['limit=501', ['limit']],
    ['cursor=bm90IG91cnM', ['cursor']],
    ['clock=green', ['clock']],
    ['text=a&text=b', ['text']],
    [`text=${'x'.repeat(101)}`, ['text']],
  ])('?%s is refused with its path', async (query, path) => {
    const reply = await situation.get(`/api/v1/areas?${query}`);
    expect(reply.status).toBe(422);
    expect(Problem.parse(reply.body).issues?.map((issue) => issue.path)).toEqual([path]);
  });
});

test.each([
  ['no-such-area', 404, 'unknown_area'],
  ['UPPER', 422, 'invalid'],
  ['a%2Fb', 422, 'invalid'],
  ['constructor', 404, 'unknown_area'],
])('area %s is refused', async (areaId, status, code) => {
  const reply = await situation.get(`/api/v1/areas/${areaId}`);
  expect(reply.status).toBe(status);
  expect(codeOf(reply.body)).toBe(code);
});

/** Every area, a page after the other. */
async function allAreas(caller: Caller, limit = 500) {
  const areas: AreaView[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = AreaPage.parse((await caller.get(`/api/v1/areas?limit=${limit}${query}`)).body);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    areas.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return areas;
}
