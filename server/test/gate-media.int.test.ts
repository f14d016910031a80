import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SFU_KEYS } from '#contract/registry.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { keys } from '../adapters/redis/keys.ts';
import {
  GATE_AREA,
  GATE_FACILITY,
  GATE_FEED,
  type GateSystem,
  type PacketViewer,
  ROOM_AREA,
  ROOM_FEED,
  startGateSystem,
} from './fixtures/gate-system.ts';
import { launchWhepBrowser, type WhepBrowser } from './fixtures/whep-page.ts';

/**
 * Two nodes, two servers, an edge and real browsers: when an area closes, no packet of it comes any more, to nobody, by no
 * way. What is counted are packets, while the camera goes on; how soon the last one comes is measured by the benchmark.
 */
const owned = new AsyncDisposableStack();
let system: GateSystem;
let pages: TestBrowser;
let players: WhepBrowser;
let viewers: PacketViewer[] = [];

beforeAll(async () => {
  system = owned.use(await startGateSystem());
  pages = owned.use(await launchTestBrowser());
  players = owned.use(await launchWhepBrowser());
  await post('CELL_PLACED');
  // Of a room of which nobody has ever said anything it is not known whether somebody is inside.
  await post('EMPTY_SEEN', { areaId: ROOM_AREA });
}, 120_000);
afterEach(async () => {
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]();
  viewers = [];
});
afterAll(() => owned.disposeAsync());

/** Somebody on each node, and a player; all of it comes from the facility's edge. */
async function openAll(feedId = GATE_FEED): Promise<PacketViewer[]> {
  viewers = [
    await system.openTile(pages, { nodeId: 'sfu-one', feedId }),
    await system.openTile(pages, { nodeId: 'sfu-two', username: 'ombudsman', feedId }),
    await system.openPlayer(players, 'duty-68', feedId),
  ];
  return viewers;
}

async function post(type: string, details: object = {}): Promise<void> {
  const [server] = system.servers;
  const at = new Date().toISOString();
  const isOfCase = type !== 'EMPTY_SEEN';
  const event = {
    id: randomUUID(),
    type,
    areaId: GATE_AREA,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'test',
    ...(isOfCase ? { caseId: 'cr-68-gate-1' } : {}),
    ...details,
  };
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.facilityKeyOf(GATE_FACILITY)}`,
    },
    body: JSON.stringify({ events: [event] }),
  });
  expect(await response.text()).toContain('accepted');
}

const sent = () => system.cameras.camera(GATE_FEED, 'low').totalPackets;
/** Waits until the camera has sent this many more packets. */
const goOn = (packets: number) => {
  const from = sent();
  return eventually('the camera goes on', () => sent() >= from + packets, { withinMs: 30_000 });
};
const counts = (all: readonly PacketViewer[]) =>
  Promise.all(all.map(async (one) => [one.name, await one.packets()] as const));

/** News ends a right within a second; without it a grant goes on for at least ten, as it is renewed every five. */
const BY_NEWS_MS = 5_000;
/** Without any news: the life of a grant, and until it is noticed that nothing comes. */
const BY_GRANT_MS = 20_000;

/** Waits until nobody receives anything, and proves that it stays so while the camera sends on. */
async function expectSilence(all: readonly PacketViewer[], withinMs = BY_NEWS_MS): Promise<void> {
  let last = JSON.stringify(await counts(all));
  await eventually(
    'nobody receives anything',
    async () => {
      await goOn(15);
      const now = JSON.stringify(await counts(all));
      const isSame = now === last;
      last = now;
      return isSame;
    },
    { withinMs },
  );
  await goOn(90);
  expect(JSON.stringify(await counts(all))).toBe(last);
}

async function expectFlow(all: readonly PacketViewer[]): Promise<void> {
  const before = await counts(all);
  await goOn(60);
  for (const [index, [name, packets]] of (await counts(all)).entries())
    expect(packets, name).toBeGreaterThan(before[index]?.[1] ?? 0);
}

const poster = async (cookie: string) =>
  (await system.call(cookie, `/api/v1/feeds/${GATE_FEED}/poster.jpg`)).status;
const storedStill = async () =>
  (await system.redis.connect()).hExists(SFU_KEYS.poster(GATE_FEED), 'jpeg').then(Boolean);

describe('an area that closes', () => {
  test.each([
    ['a gate that somebody sets', 'gate'],
    ['a lawyer’s visit', 'lawyer'],
  ])(
    'by %s: not a packet more, on either node, in a player, and no still',
    async (_, cause) => {
      const all = await openAll();
      const cookie = all[0]?.cookie ?? '';
      await eventually('a still is there', storedStill, { withinMs: 30_000 });
      expect(await poster(cookie)).toBe(200);
      await expectFlow(all);

      if (cause === 'gate') {
        const body = { act: 'open', minutes: 5, reason: 'Особистий огляд' };
        expect((await system.call(cookie, `/api/v1/areas/${GATE_AREA}/gate`, body)).status).toBe(200);
      } else await post('LAWYER_ARRIVED');
      await expectSilence(all);
      expect(await poster(cookie)).toBe(403);
      expect(await storedStill()).toBe(false);

      if (cause === 'gate')
        expect((await system.call(cookie, `/api/v1/areas/${GATE_AREA}/gate`, { act: 'close' })).status).toBe(
          200,
        );
      else await post('LAWYER_LEFT');
      await eventually('it may be seen again', async () => (await poster(cookie)) !== 403);
      // What was closed is not shown when it opens: whoever wants to see asks anew.
      expect(await storedStill()).toBe(false);
    },
    120_000,
  );
});

describe('a room that may not be watched while somebody is inside', () => {
  const status = async (cookie: string) =>
    (await system.call(cookie, `/api/v1/feeds/${ROOM_FEED}/poster.jpg`)).status;

  test('somebody enters: their running pictures end, on either node and in a player; those of others go on', async () => {
    const all = [...(await openAll(ROOM_FEED))];
    const beside = await system.openTile(pages, { nodeId: 'sfu-two' });
    viewers.push(beside);
    const cookie = beside.cookie;
    await expectFlow([...all, beside]);

    await post('CELL_MOVED', { areaId: ROOM_AREA });
    await expectSilence(all);
    await expectFlow([beside]);
    expect(await status(cookie)).toBe(403);

    await post('CELL_MOVED');
    await eventually('it may be seen again', async () => (await status(cookie)) !== 403);
  }, 120_000);

  test('nobody can say any more whether somebody is inside: they end; those of other areas go on', async () => {
    const all = [...(await openAll(ROOM_FEED))];
    const beside = await system.openTile(pages, { nodeId: 'sfu-two' });
    viewers.push(beside);
    await expectFlow([...all, beside]);

    // Nobody turns the region's events into status any more, and one has come.
    const redis = await system.redis.connect();
    const lease = keys.lease('custody:UA-68');
    await redis.set(lease, 'the test', { expiration: { type: 'PX', value: 120_000 } });
    const position = keys.custodyPosition('UA-68');
    // Whoever had the lease goes on until it asks for it again.
    await eventually('a projection that stands', async () => {
      const before = await redis.get(position);
      await post('MEAL');
      await goOn(15);
      return (await redis.get(position)) === before;
    });
    // Five seconds of an event that has not become status are forgiven.
    await expectSilence(all, 5_000 + BY_NEWS_MS);
    await expectFlow([beside]);
    expect(await status(beside.cookie)).toBe(403);

    await redis.del(lease);
    await eventually('it may be seen again', async () => (await status(beside.cookie)) !== 403);
  }, 120_000);
});

/** An act of somebody at the server that nobody watches at. */
async function act(username: string, method: string, path: string, body?: object): Promise<Response> {
  const [, server] = system.servers;
  const cookie = await server.signIn(username);
  const response = await fetch(server.origin + path, {
    method,
    headers: { cookie, origin: server.origin, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(response.status, `${method} ${path}`).toBeLessThan(300);
  return response;
}

/** A screen that somebody has enrolled: its id, and its cookie. */
async function enrol(): Promise<{ displayId: string; cookie: string }> {
  const [server] = system.servers;
  const paired = await fetch(`${server.origin}/api/v1/display/pairing`, {
    method: 'POST',
    headers: { origin: server.origin },
  });
  const cookie = paired.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const { code } = (await paired.json()) as { code: string };
  const placing = { name: 'Ліва', place: 'Зала', diagonalInches: 55, distanceM: 4, code };
  const view = await act('situation', 'POST', '/api/v1/displays', placing);
  return { displayId: ((await view.json()) as { id: string }).id, cookie };
}

describe('a right that ends, of one of several: their packets end, those of the others go on', () => {
  test('a session that ends elsewhere: the tile and the player of it', async () => {
    const [mine, other, player] = await openAll();
    if (!mine || !other || !player) throw new Error('unreachable');
    for (const one of [mine, player]) {
      await system.servers[1].signOut(one.cookie);
      await expectSilence([one]);
      await expectFlow([other]);
    }
  }, 90_000);

  test.each([
    ['a role that is changed', { role: 'admin' }],
    ['another scope', { scope: { kind: 'regions', regionIds: ['UA-32'] } }],
    ['an account that is disabled', { disabled: true }],
  ])(
    '%s',
    async (_, change) => {
      viewers = [
        await system.openTile(pages, { nodeId: 'sfu-two', username: 'prosecutor' }),
        await system.openTile(pages, { nodeId: 'sfu-one' }),
      ];
      const [mine, other] = viewers;
      if (!mine || !other) throw new Error('unreachable');
      await act('admin', 'PATCH', '/api/v1/accounts/prosecutor', change);
      await expectSilence([mine]);
      await expectFlow([other]);
      await act('admin', 'PATCH', '/api/v1/accounts/prosecutor', {
        role: 'prosecutor',
        scope: { kind: 'nation' },
        disabled: false,
      });
    },
    90_000,
  );

  test('a display that is revoked', async () => {
    const { displayId, cookie } = await enrol();
    viewers = [
      await system.openTile(pages, { nodeId: 'sfu-two', display: cookie }),
      await system.openTile(pages, { nodeId: 'sfu-one' }),
    ];
    const [screen, other] = viewers;
    if (!screen || !other) throw new Error('unreachable');
    await act('situation', 'POST', `/api/v1/displays/${displayId}/revocation`, { reason: 'Вкрадено екран' });
    await expectSilence([screen]);
    await expectFlow([other]);
  }, 90_000);

  test('with Redis away nobody can say who may: all of it ends with the grants', async () => {
    const all = await openAll();
    await expectFlow(all);
    await system.redis.kill();
    await expectSilence(all, BY_GRANT_MS);
    await system.redis.start();
    const isReady = async () => (await fetch(`${system.servers[0].origin}/readyz`)).status === 200;
    await eventually('the server is ready', isReady, { withinMs: 30_000 });
    viewers.push(await system.openTile(pages));
  }, 120_000);
});
