import { afterAll, beforeAll, expect, test } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { findFreePorts } from '../../sfu/test/fixtures/ports.ts';
import { type EncoderBrowser, launchEncoderBrowser } from './fixtures/encoder-page.ts';
import { startTurnServer } from './fixtures/turn-server.ts';
import { openUdpFreeNetwork, type UdpFreeNetwork } from './fixtures/udp-free-network.ts';
import { launchWhepBrowser, type WayOptions, type WhepBrowser } from './fixtures/whep-page.ts';
import { FEED, startWhepSystem, type WhepSystem } from './fixtures/whep-system.ts';

const SECRET = 'a-shared-secret-of-the-test';
/** A facility whose corridor waits for an encoder. */
const FACILITY = 'ua-05-itt-1';
const AREA = 'ua-05-itt-1-corridor';
const PUBLISHED = 'ua-05-itt-1-corridor-cam-1';
const ONLY_RELAYED = { iceTransportPolicy: 'relay' } as const;

const owned = new AsyncDisposableStack();
let network: UdpFreeNetwork;
let system: WhepSystem;
let browser: WhepBrowser;
let encoders: EncoderBrowser;
let turnUrl: string;
let mediaPort: number;

beforeAll(async () => {
  network = owned.use(await openUdpFreeNetwork());
  const { address, browserBin } = network;
  const turnPort = await findFreePorts(41);
  const relayPorts = { min: turnPort + 1, max: turnPort + 39 };
  owned.use(await startTurnServer({ address, port: turnPort, relayPorts, secret: SECRET }));
  turnUrl = `turn:${address}:${turnPort}?transport=tcp`;
  mediaPort = turnPort + 40;
  const environment = {
    HOST: '0.0.0.0',
    SAMPLE_ON_NETWORK: 'true',
    TURN_URLS: turnUrl,
    TURN_SECRET: SECRET,
    WHIP_WHEN_BUSY: 'replace',
  };
  const sfuEnvironment = { SFU_LISTEN_ADDRESS: address, SFU_PORT: String(mediaPort) };
  system = owned.use(await startWhepSystem(environment, sfuEnvironment));
  browser = owned.use(await launchWhepBrowser({ browserBin }));
  encoders = owned.use(await launchEncoderBrowser({ browserBin, localhost: address }));
}, 120_000);
afterAll(() => owned.disposeAsync());

/** A player on a page of our own origin, with all that our security headers forbid; it is told of TURN by the answer. */
async function play(options: WayOptions, feedId = FEED) {
  const [server] = system.servers;
  const origin = `http://${network.address}:${new URL(server.origin).port}`;
  const cookie = await server.signIn('situation');
  const given = await fetch(`${server.origin}/api/v1/feeds/${feedId}/viewer-token`, {
    method: 'POST',
    headers: { cookie, origin: server.origin },
  });
  const { token } = (await given.json()) as { token: string };
  const page = await browser.open(`${origin}/healthz`);
  await page.view(`${origin}/whep/${feedId}`, token, options);
  return { page, cookie };
}

/** An encoder in a browser that has got through: the library whip-whep, and its fake camera. */
async function publish({ configuration = {}, ...options }: WayOptions) {
  const [server] = system.servers;
  const page = await encoders.open();
  const url = `${server.origin}/whip/${PUBLISHED}`;
  const key = server.facilityKeyOf(FACILITY);
  const publishing = { url, key, audio: false, configuration: configuration as object, ...options };
  await page.evaluate((it) => window.encoder.publish(it), publishing);
  const state = () => page.evaluate(() => window.encoder.state());
  await eventually('the encoder is connected', async () => (await state()) === 'connected');
  return page;
}

/** The feed is live, and a player without UDP sees its picture go on. */
async function assertSeen(options: WayOptions): Promise<void> {
  const [server] = system.servers;
  const cookie = await server.signIn('situation');
  await eventually('the feed is live', async () => {
    const response = await fetch(`${server.origin}/api/v1/areas/${AREA}`, { headers: { cookie } });
    const { feeds } = AreaView.parse(await response.json());
    return feeds.some(({ id, state }) => id === PUBLISHED && state === 'live');
  });
  await server.signOut(cookie);
  const player = await play(options, PUBLISHED);
  await player.page.seesMore();
  await player.page.seesMore();
  await player.page.stop();
  await player.page[Symbol.asyncDispose]();
  await server.signOut(player.cookie);
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
  const { page, cookie } = await play({ configuration: ONLY_RELAYED });
  await page.seesMore();
  expect((await page.picture()).way).toEqual({ local: 'relay', protocol: 'udp', relayProtocol: 'tcp' });
  await page.stop();
  await page[Symbol.asyncDispose]();
  await system.servers[0].signOut(cookie);
});

test('an encoder publishes over the node’s TCP port where UDP is blocked', async () => {
  const way = { onlyTcp: !network.isBlocked, withoutTurn: true };
  const page = await publish(way);
  await assertSeen(way);
  const pair = await page.evaluate(() => window.encoder.pair());
  expect(pair).toMatchObject({ protocol: 'tcp', remoteAddress: network.address });
  await page.evaluate(() => window.encoder.stop());
  await page.close();
});

test('and over TURN, of which the answer’s Link headers tell, where only the TURN server’s TCP port can be reached', async () => {
  await using _blocked = await network.blockTcp({ min: mediaPort, max: mediaPort });
  const page = await publish(network.isBlocked ? {} : { configuration: ONLY_RELAYED });
  await assertSeen({ configuration: ONLY_RELAYED });
  const username = expect.stringMatching(new RegExp(`^\\d+:${FACILITY}$`));
  const turn = { urls: [turnUrl], username, credential: expect.stringMatching(/.+/) };
  expect(await page.evaluate(() => window.encoder.iceServers())).toEqual([turn]);
  const pair = await page.evaluate(() => window.encoder.pair());
  expect(pair).toMatchObject({ local: 'relay', relayProtocol: 'tcp' });
  await page.evaluate(() => window.encoder.stop());
  await page.close();
});
