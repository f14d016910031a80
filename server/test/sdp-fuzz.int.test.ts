import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AreaPage } from '#contract/areas.ts';
import { Problem } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import { Nation } from '#contract/nation.ts';
import { chooseFormat } from '../../sfu/egress/whep/player-format.ts';
import { parsePlayerOffer } from '../../sfu/egress/whep/player-offer.ts';
import { negotiate } from '../../sfu/ingest/whip/negotiate.ts';
import { parseOffer } from '../../sfu/ingest/whip/offer.ts';
import { Camera, connectCameras } from '../../sfu/test/fixtures/camera.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import * as offers from '../../sfu/test/fixtures/offers.ts';
import * as recorded from '../../sfu/test/fixtures/recorded-offers.ts';
import { sampleMutants } from '../../sfu/test/fixtures/sdp-mutants.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { encodeTestVideo } from '../../sfu/test/fixtures/video.ts';
import { ROUTER_CODECS } from '../../sfu/workers/codecs.ts';
import { playerOffer } from './fixtures/player-offer.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

/**
 * Damaged SDP over HTTP to a node with a real media worker: what our parser takes gets to the worker, and what it refuses
 * must not. Meanwhile somebody watches another feed, which goes on.
 */

/** Another one draws other mutants. */
const SEED = Number(process.env.SDP_FUZZ_SEED ?? 20_261_122);
/** A feed of a camera, which somebody watches all the time. */
const BYSTANDER = 'ua-68-itt-1-cell-2-cam-1';
/** Once in so many requests it is looked at whether the bystander still sees something. */
const LOOK_EVERY = 40;
const BOUND_MS = 120_000;
const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let bystander: { page: WatchingPage; consumerId: string; pids: number[] };

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'varta-sdp-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const NATION_FILE = join(folder, 'nation.json');
  await writeFile(NATION_FILE, JSON.stringify(await readNation()));
  const [started, browser, video] = await Promise.all([
    startWholeSystem({ WHIP_WHEN_BUSY: 'replace', NATION_FILE }),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  system = owned.use(started);
  await connectCameras(system.redis, { [BYSTANDER]: owned.use(new Camera(video)) });
  bystander = await look(owned.use(browser));
}, 60_000);
afterAll(() => owned.disposeAsync());

/** The sample nation, where encoders may publish two layers. */
async function readNation(): Promise<Nation> {
  const file = new URL('../../config/nation/sample-ua.json', import.meta.url);
  // The copy has no outlines beside it.
  const { geometry: _, ...nation } = Nation.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const { feeds } of nation.areas)
    for (const feed of feeds) if (feed.source === 'whip') feed.layers = ['low', 'high'];
  return nation;
}

async function look(browser: TestBrowser) {
  const page = await WatchingPage.open(system.server, browser, 'situation');
  return { page, consumerId: await page.see(BYSTANDER), pids: system.sfu.workerPids() };
}

/** The same worker, the same consumer, more pictures. */
async function assertUndisturbed(): Promise<void> {
  expect(system.sfu.workerPids()).toEqual(bystander.pids);
  await bystander.page.seesMore(bystander.consumerId, 5);
}

interface Sent {
  method?: string;
  path: string;
  bearer: string;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}

let sent = 0;

/** Sends something, which is either done or refused with a code that says what is wrong with it. */
async function send({ method = 'POST', path, bearer, type = SDP, body, headers }: Sent) {
  const response = await fetch(system.server.origin + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': type, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const told = `seed ${SEED}, ${method} ${path}: ${response.status} ${text}\n${body}`;
  sent += 1;
  if (sent % LOOK_EVERY === 0) await assertUndisturbed();
  if (response.ok) return { location: response.headers.get('location') ?? '', code: undefined };
  expect(response.headers.get('content-type'), told).toContain('application/problem+json');
  const { code } = Problem.parse(JSON.parse(text));
  // Not that we failed, and not that it was kept from the parser.
  expect(response.status, told).toBeGreaterThanOrEqual(400);
  expect(response.status, told).toBeLessThan(500);
  expect(code, told).not.toBe('rate_limited');
  return { location: '', code };
}

const isAnswered = (read: () => unknown) => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

/** Feeds that wait for an encoder, one of each region, with the key of its facility. */
async function findWhipFeeds(): Promise<{ feedId: FeedId; key: string }[]> {
  const caller = await system.server.signIn('situation');
  const { body } = await caller.get('/api/v1/areas?feedSource=whip');
  return Promise.all(
    AreaPage.parse(body).items.flatMap(({ facilityId, feeds: ofArea }) =>
      ofArea
        .filter(({ source }) => source === 'whip')
        .map(async ({ id }) => ({ feedId: id, key: await system.server.facilityKey(facilityId) })),
    ),
  );
}

async function tokenFor(feedId: FeedId): Promise<string> {
  const caller = await system.server.signIn('situation');
  const { body, status } = await caller.call('POST', `/api/v1/feeds/${feedId}/viewer-token`, {
    headers: { origin: system.server.origin },
  });
  expect(status).toBe(200);
  return (body as { token: string }).token;
}

const ICE = [
  'a=ice-ufrag:newer',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'm=video 9 UDP/TLS/RTP/SAVPF 0',
  'a=mid:0',
];
const CANDIDATE = 'a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host';
/** News of an encoder's or player's ICE, damaged: as much as is taken, and as much as is not. */
const fragments = () =>
  Object.values(
    sampleMutants({
      texts: [[...ICE, ''].join('\r\n'), [...ICE, CANDIDATE, 'a=end-of-candidates', ''].join('\r\n')],
      isTaken: (text) => text.includes('a=ice-ufrag:newer'),
      taken: 40,
      refused: 40,
      seed: SEED,
    }),
  ).flat();

/** Every fragment to what an offer created; it is there afterwards and can be ended. */
async function patchAndStop(path: string, bearer: string): Promise<void> {
  for (const body of fragments()) {
    const headers = { 'if-match': '*' };
    await send({ method: 'PATCH', path, bearer, type: FRAGMENT, body, headers });
  }
  expect(await send({ method: 'DELETE', path, bearer })).toMatchObject({ code: undefined });
}

describe('hundreds of damaged offers, while somebody watches another feed', () => {
  test(
    'of encoders: what is taken is published and can be played; what is not is refused',
    async () => {
      const feeds = await findWhipFeeds();
      expect(feeds.length).toBeGreaterThan(10);
      const { taken, refused } = sampleMutants({
        texts: Object.values({ ...offers, ...recorded }),
        isTaken: (sdp) => isAnswered(() => negotiate(parseOffer(sdp), capabilities, 2)),
        taken: 240,
        refused: 80,
        seed: SEED,
      });
      expect([taken.length, refused.length]).toEqual([240, 80]);
      const played = feeds[0]?.feedId ?? '';
      const token = await tokenFor(played);
      let published = 0;
      let plays = 0;
      for (const [index, body] of taken.entries()) {
        const { feedId, key } = feeds[index % feeds.length] ?? { feedId: '', key: '' };
        const { location, code } = await send({ path: `/whip/${feedId}`, bearer: key, body });
        if (code !== undefined) continue;
        published += 1;
        // What a damaged offer promises goes on to players and other routers.
        if (feedId === played) {
          const player = await send({ path: `/whep/${feedId}`, bearer: token, body: playerOffer() });
          if (player.code === undefined) {
            plays += 1;
            await send({ method: 'DELETE', path: player.location, bearer: token });
          }
        }
        // Of the rest, the newest takes the place of the one before.
        if (index % 3 === 0) await send({ method: 'DELETE', path: location, bearer: key });
      }
      // Were most of them stopped before the worker, this would prove nothing.
      expect(published).toBeGreaterThan(200);
      expect(plays).toBeGreaterThan(0);
      for (const [index, body] of refused.entries()) {
        const { feedId, key } = feeds[index % feeds.length] ?? { feedId: '', key: '' };
        const { code } = await send({ path: `/whip/${feedId}`, bearer: key, body });
        expect(['offer_unusable', 'codec_unsupported'], body).toContain(code);
      }
      await assertUndisturbed();
    },
    BOUND_MS,
  );

  test(
    'of players: each is played to or refused',
    async () => {
      const { taken, refused } = sampleMutants({
        texts: [playerOffer(), offers.CHROMIUM.replace('a=sendonly', 'a=recvonly')],
        isTaken: (sdp) => isAnswered(() => chooseFormat(parsePlayerOffer(sdp).codecs, CAMERA_FORMAT)),
        taken: 160,
        refused: 80,
        seed: SEED,
      });
      expect([taken.length, refused.length]).toEqual([160, 80]);
      let plays = 0;
      let token = '';
      for (const [index, body] of [...taken, ...refused].entries()) {
        if (index % LOOK_EVERY === 0) token = await tokenFor(BYSTANDER);
        const { location, code } = await send({ path: `/whep/${BYSTANDER}`, bearer: token, body });
        if (index >= taken.length) expect(['offer_unusable', 'codec_unsupported'], body).toContain(code);
        if (code !== undefined) continue;
        plays += 1;
        await send({ method: 'DELETE', path: location, bearer: token });
      }
      expect(plays).toBeGreaterThan(140);
      await eventually('no player is left', () => system.sfu.figures().dialects === 0);
      await assertUndisturbed();
    },
    BOUND_MS,
  );

  test(
    'and damaged news of ICE, to both',
    async () => {
      const [{ feedId, key } = { feedId: '', key: '' }] = await findWhipFeeds();
      const { location } = await send({ path: `/whip/${feedId}`, bearer: key, body: offers.OBS });
      await patchAndStop(location, key);
      const token = await tokenFor(BYSTANDER);
      const player = await send({ path: `/whep/${BYSTANDER}`, bearer: token, body: playerOffer() });
      await patchAndStop(player.location, token);
      await assertUndisturbed();
    },
    BOUND_MS,
  );
});

/** What the camera sends, as the router calls it. */
const CAMERA_FORMAT = {
  mimeType: 'video/H264',
  payloadType: 100,
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
};
