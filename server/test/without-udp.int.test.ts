import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePorts } from '../../sfu/test/fixtures/ports.ts';
import { startTurnServer } from './fixtures/turn-server.ts';
import { openUdpFreeNetwork, type UdpFreeNetwork } from './fixtures/udp-free-network.ts';
import { launchWhepBrowser, type WhepBrowser } from './fixtures/whep-page.ts';
import { FEED, startWhepSystem, type WhepSystem } from './fixtures/whep-system.ts';

const SECRET = 'a-shared-secret-of-the-test';

const owned = new AsyncDisposableStack();
let network: UdpFreeNetwork;
let system: WhepSystem;
let browser: WhepBrowser;

beforeAll(async () => {
  network = owned.use(await openUdpFreeNetwork());
  const { address } = network;
  const turnPort = await findFreePorts(40);
  const relayPorts = { min: turnPort + 1, max: turnPort + 39 };
  owned.use(await startTurnServer({ address, port: turnPort, relayPorts, secret: SECRET }));
  const environment = {
    HOST: '0.0.0.0',
    SAMPLE_ON_NETWORK: 'true',
    TURN_URLS: `turn:${address}:${turnPort}?transport=tcp`,
    TURN_SECRET: SECRET,
  };
  system = owned.use(await startWhepSystem(environment, { SFU_LISTEN_ADDRESS: address }));
  browser = owned.use(await launchWhepBrowser({ browserBin: network.browserBin }));
}, 120_000);
afterAll(() => owned.disposeAsync());

/** A player on a page of our own origin, with all that our security headers forbid; it is told of TURN by the answer. */
async function play(options: Parameters<Awaited<ReturnType<WhepBrowser['open']>>['view']>[2]) {
  const [server] = system.servers;
  const origin = `http://${network.address}:${new URL(server.origin).port}`;
  const cookie = await server.signIn('situation');
  const given = await fetch(`${server.origin}/api/v1/feeds/${FEED}/viewer-token`, {
    method: 'POST',
    headers: { cookie, origin: server.origin },
  });
  const { token } = (await given.json()) as { token: string };
  const page = await browser.open(`${origin}/healthz`);
  await page.view(`${origin}/whep/${FEED}`, token, options);
  return { page, cookie };
}

test('the wall’s own TCP port does where UDP is blocked', async () => {
  const { page, cookie } = await play({ onlyTcp: !network.isBlocked, withoutTurn: true });
  await page.seesMore();
  expect((await page.picture()).way).toMatchObject({ protocol: 'tcp' });
  await page.stop();
  await page[Symbol.asyncDispose]();
  await system.servers[0].signOut(cookie);
});

test('so does TURN over TCP, with the credentials that come with the answer', async () => {
  const { page, cookie } = await play({ configuration: { iceTransportPolicy: 'relay' } });
  await page.seesMore();
  expect((await page.picture()).way).toEqual({ local: 'relay', protocol: 'udp', relayProtocol: 'tcp' });
  await page.stop();
  await page[Symbol.asyncDispose]();
  await system.servers[0].signOut(cookie);
});
