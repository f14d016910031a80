import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTurnServer } from '../../server/test/fixtures/turn-server.ts';
import { openUdpFreeNetwork, type UdpFreeNetwork } from '../../server/test/fixtures/udp-free-network.ts';
import { type Console, launchBrowser, signIn } from './fixtures/browser.ts';
import { installWayReader, readWay, type WayLimits } from './fixtures/media-way.ts';
import { eventually, freePort } from './fixtures/processes.ts';
import { type System, startSystem } from './fixtures/system.ts';
import { installTileReader, readTiles } from './fixtures/tiles.ts';

const SECRET = 'a-shared-secret-of-the-test';
const TILES = 4;
const RELAYS = { min: 37_000, max: 37_099 };

const owned = new AsyncDisposableStack();
let network: UdpFreeNetwork;
let system: System;
let browser: Browser;

beforeAll(async () => {
  network = owned.use(await openUdpFreeNetwork());
  const { address, browserBin } = network;
  const turnPort = await freePort();
  owned.use(await startTurnServer({ address, port: turnPort, relayPorts: RELAYS, secret: SECRET }));
  system = owned.use(
    await startSystem({
      HOST: '0.0.0.0',
      SAMPLE_ON_NETWORK: 'true',
      SFU_LISTEN_ADDRESS: address,
      SFU_ANNOUNCED_ADDRESS: address,
      TURN_URLS: `turn:${address}:${turnPort}?transport=tcp`,
      TURN_SECRET: SECRET,
    }),
  );
  browser = owned.adopt(await launchBrowser({ browserBin, localhost: address }), (it) => it.close());
});
afterAll(() => owned.disposeAsync());

/** The wall's own page; where UDP cannot be blocked, its connections leave out what would be. */
function openWall({ without, withTurn }: WayLimits): Promise<Console> {
  return signIn(browser, system.url, 'situation', {
    path: `/?grid=${TILES}&feedSource=edge&kind=cell`,
    prepare: (page) => installWayReader(page, { without: network.isBlocked ? [] : without, withTurn }),
  });
}

/** Every tile is live, each names its own area in its pixels, and its pictures go on. */
async function allMove(page: Page): Promise<void> {
  await installTileReader(page);
  await eventually('all tiles are live', 60_000, async () => {
    const tiles = await readTiles(page);
    return tiles.length === TILES && tiles.every(({ state, frames }) => state === 'live' && frames > 10);
  });
  const before = await readTiles(page);
  await eventually('all tiles go on', 20_000, async () => {
    const after = await readTiles(page);
    return after.every(({ frames }, index) => frames > (before[index]?.frames ?? 0) + 30);
  });
}

it('the wall plays over the node’s TCP port where UDP is blocked', async () => {
  // Of two ways that both lead there the browser keeps the one that answers first.
  await using wall = await openWall({ without: ['udp'], withTurn: false });
  await allMove(wall.page);
  expect(await readWay(wall.page)).toMatchObject({ protocol: 'tcp', remoteAddress: network.address });
  expect(wall.errors).toEqual([]);
});

it('and over TURN where nothing but the TURN server’s TCP port can be reached', async () => {
  const [min = 0, ...rest] = system.mediaPorts;
  await using _blocked = await network.blockTcp({ min, max: rest.at(-1) ?? min });
  await using wall = await openWall({ without: ['udp', 'tcp'], withTurn: true });
  await allMove(wall.page);
  expect(await readWay(wall.page)).toMatchObject({ local: 'relay', relayProtocol: 'tcp' });
  expect(wall.errors).toEqual([]);
});
