import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ackOf, Problem } from '#contract/errors.ts';
import { MEDIA_MESSAGES, MediaJoined } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createLiveWriter } from '../live/live-writer.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { readAudit } from './fixtures/media-replica.ts';
import { playerOffer } from './fixtures/player-offer.ts';
import { launchWhepBrowser, type WhepBrowser } from './fixtures/whep-page.ts';
import { FAR_FEED, FEED, OTHER_FEED, startWhepSystem, type WhepSystem } from './fixtures/whep-system.ts';

/** A grant lives for 15 s. How soon the last packet really comes is measured by the benchmark of rights. */
const SOONER_THAN_A_GRANT_MS = 5_000;
const TURN_URL = 'turn:turn.example:3478?transport=tcp';

const owned = new AsyncDisposableStack();
let system: WhepSystem;
let browser: WhepBrowser;

beforeAll(async () => {
  const settings = { TURN_URLS: TURN_URL, TURN_SECRET: 'a-secret-of-the-test' };
  [system, browser] = await Promise.all([startWhepSystem(settings), launchWhepBrowser()]);
  owned.use(system);
  owned.use(browser);
}, 120_000);
afterAll(() => owned.disposeAsync());

/** Asks for a token as the person of a cookie. */
async function askToken(cookie: string, feedId = FEED, server = system.servers[0]) {
  const response = await fetch(`${server.origin}/api/v1/feeds/${feedId}/viewer-token`, {
    method: 'POST',
    headers: { cookie, origin: server.origin },
  });
  return { status: response.status, body: (await response.json()) as { token: string; expiresAt: string } };
}

async function tokenOf(cookie: string, feedId = FEED) {
  const { status, body } = await askToken(cookie, feedId);
  expect(status).toBe(200);
  return body.token;
}

interface Sent {
  token?: string | undefined;
  feedId?: string;
  body?: string;
  type?: string;
  query?: string;
}

/** Offers as a program would, without a browser. */
function post({ token, feedId = FEED, body = playerOffer(), type = 'application/sdp', query = '' }: Sent) {
  return fetch(`${system.servers[0].origin}/whep/${feedId}${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body,
  });
}

async function problem(response: Response): Promise<[number, string]> {
  const { code } = Problem.parse(await response.json());
  return [response.status, code];
}

async function playing(username = 'situation', server = system.servers[0]) {
  const cookie = await server.signIn(username);
  const page = await browser.open();
  await page.view(`${server.origin}/whep/${FEED}`, await tokenOf(cookie));
  await page.seesMore();
  return { cookie, page };
}

describe('a player that others wrote, in Chromium', () => {
  test('plays a live feed, and stops', async () => {
    const { cookie, page } = await playing('duty-68');
    await eventually('the higher layer', async () => (await page.seesMore()).width === 640);
    await page.stop();
    await eventually('the node has no viewer', () => system.sfu.figures().viewers === 0);
    await system.servers[0].signOut(cookie);
  });

  test('the lower layer, when it is asked for', async () => {
    const cookie = await system.servers[0].signIn('situation');
    await using page = await browser.open();
    await page.view(`${system.servers[0].origin}/whep/${FEED}?layer=low`, await tokenOf(cookie));
    await eventually('the lower layer', async () => (await page.seesMore()).width === 320);
    await page.stop();
    await system.servers[0].signOut(cookie);
  });

  test('signing out, at another replica: the last packet comes long before a grant’s end', async () => {
    const { cookie, page } = await playing();
    const sinceMs = Date.now();
    await system.servers[1].signOut(cookie);
    const lateMs = (await page.lastPacketAtMs()) - sinceMs;
    expect(lateMs).toBeGreaterThan(-500);
    expect(lateMs).toBeLessThan(SOONER_THAN_A_GRANT_MS);
    await page[Symbol.asyncDispose]();
  });

  test('the area becomes confidential: the last packet comes long before a grant’s end', async () => {
    const { cookie, page } = await playing();
    const writer = createLiveWriter({ redis: await system.redis.connect(), now: Date.now });
    const confidentialSince = new Date().toISOString();
    const sinceMs = Date.now();
    await writer.commit('UA-68', { areas: [areaStatus('ua-68-itt-1-cell-2', { confidentialSince })] });
    const lateMs = (await page.lastPacketAtMs()) - sinceMs;
    expect(lateMs).toBeGreaterThan(-500);
    expect(lateMs).toBeLessThan(SOONER_THAN_A_GRANT_MS);
    expect(await problem(await fetchToken(cookie))).toEqual([403, 'confidential']);
    await writer.commit('UA-68', { areas: [areaStatus('ua-68-itt-1-cell-2')] });
    await eventually('it may be seen again', async () => (await askToken(cookie)).status === 200);
    await page[Symbol.asyncDispose]();
    await system.servers[0].signOut(cookie);
  });

  test('kill -9 of its replica: it lives on, and can still be ended', async () => {
    const { cookie, page } = await playing();
    await system.servers[0].kill();
    // Beyond the life of the last grant of the server that is dead.
    const until = performance.now() + 18_000;
    await eventually('a grant’s life passes', () => performance.now() > until, { withinMs: 20_000 });
    await page.seesMore();
    const sinceMs = Date.now();
    await system.servers[1].signOut(cookie);
    const lateMs = (await page.lastPacketAtMs()) - sinceMs;
    expect(lateMs).toBeLessThan(SOONER_THAN_A_GRANT_MS);
    await system.servers[0].start();
    await page[Symbol.asyncDispose]();
  });

  test('every server dies: it ends with its grant, and nothing of it is left afterwards', async () => {
    const { cookie, page } = await playing();
    const sinceMs = Date.now();
    await Promise.all(system.servers.map((server) => server.kill()));
    const lateMs = (await page.lastPacketAtMs()) - sinceMs;
    expect(lateMs).toBeLessThan(25_000);
    await Promise.all(system.servers.map((server) => server.start()));
    const redis = await system.redis.connect();
    await eventually('it is forgotten', async () => (await redis.hLen(keys.players)) === 0);
    expect(await redis.keys('varta:{whep}:of-*')).toEqual([]);
    await page[Symbol.asyncDispose]();
    await system.servers[0].signOut(cookie);
  });

  test('who saw what from when to when is on record, whoever died', async () => {
    const redis = await system.redis.connect();
    await eventually('all is written', async () => (await redis.zCard(keys.playersEnded)) === 0);
    const entries = await readAudit(system.redis, 'UA-68');
    const ofPlayers = entries.filter(({ details }) => String(details?.viewerId).startsWith('p-'));
    const ended = ofPlayers.filter(({ action }) => action === 'viewing.end');
    // Beginnings are written every few seconds and may die with their server; each end says when it began.
    const begun = new Set(
      ofPlayers.filter(({ action }) => action === 'viewing.begin').map(({ details }) => details?.viewerId),
    );
    const ids = new Set(ended.map(({ details }) => details?.viewerId));
    expect(ids.size).toBe(6);
    expect(begun.size).toBeGreaterThanOrEqual(3);
    expect([...ids]).toEqual(expect.arrayContaining([...begun]));
    for (const { actor, details } of ended) {
      expect(actor.kind).toBe('person');
      expect(details?.[FEED]).toMatch(/^\S+Z\/\S+Z$/);
    }
  });
});

function fetchToken(cookie: string, feedId = FEED) {
  const { origin } = system.servers[0];
  return fetch(`${origin}/api/v1/feeds/${feedId}/viewer-token`, {
    method: 'POST',
    headers: { cookie, origin },
  });
}

describe('HTTP', () => {
  test('the answer comes with what the protocol wants, also for pages of other origins', async () => {
    const cookie = await system.servers[0].signIn('situation');
    const token = await tokenOf(cookie);
    const response = await post({ token });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/sdp');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('Location');
    expect(response.headers.get('link')).toMatch(
      /^<turn:turn\.example:3478\?transport=tcp>; rel="ice-server"; username="\d+:p-[0-9a-f-]+"; credential="\S+="; credential-type="password"$/,
    );
    const etag = response.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const url = new URL(response.headers.get('location') ?? '', system.servers[0].origin);
    expect(url.pathname).toMatch(new RegExp(`^/whep/${FEED}/p-[0-9a-f-]+$`));

    const patch = (headers: Record<string, string>, body: string, origin = system.servers[1].origin) =>
      fetch(origin + url.pathname, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/trickle-ice-sdpfrag',
          ...headers,
        },
        body,
      });
    const trickle =
      'a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host\r\na=end-of-candidates\r\n';
    const restart = 'a=ice-ufrag:another\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui2\r\n';
    expect((await patch({ 'if-match': etag }, trickle)).status).toBe(204);
    expect(await problem(await patch({}, trickle))).toEqual([428, 'precondition_required']);
    expect(await problem(await patch({ 'if-match': '"another"' }, trickle))).toEqual([
      412,
      'precondition_failed',
    ]);
    expect(await problem(await patch({ 'if-match': '*' }, 'nonsense'))).toEqual([400, 'malformed']);
    const restarted = await patch({ 'if-match': '*' }, restart);
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag');
    expect(await restarted.text()).toMatch(/a=ice-ufrag:\S+\r\na=ice-pwd:\S+\r\n/);
    expect(restarted.headers.get('etag')).not.toBe(etag);
    expect((await patch({ 'if-match': etag }, trickle)).status).toBe(412);
    // As the examples of the protocol write it.
    expect((await patch({ 'if-match': '"*"' }, restart.replace('another', 'third'))).status).toBe(200);

    const end = (bearer: string) =>
      fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${bearer}` } });
    const stranger = await tokenOf(await system.servers[0].signIn('situation'));
    expect(await problem(await end(stranger))).toEqual([404, 'unknown_resource']);
    expect((await end(token)).status).toBe(200);
    expect(await problem(await end(token))).toEqual([404, 'unknown_resource']);
    await eventually('the node has no viewer', () => system.sfu.figures().viewers === 0);
    await system.servers[0].signOut(cookie);
  });

  test('pages are told of TURN as well, with credentials of their own', async () => {
    const [server] = system.servers;
    const cookie = await server.signIn('situation');
    const socket = io(`${server.origin}/console`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocol: PROTOCOL_VERSION, tabId: randomUUID() },
      extraHeaders: { cookie, origin: server.origin },
    });
    using _ = { [Symbol.dispose]: () => void socket.disconnect() };
    const answer: unknown = await socket.timeout(10_000).emitWithAck(MEDIA_MESSAGES.join, {});
    const joined = ackOf(MediaJoined).parse(answer);
    expect(joined).toMatchObject({ ok: true, result: { adopted: false } });
    const { viewerId, iceServers } = (joined as { result: Extract<MediaJoined, { adopted: false }> }).result;
    expect(iceServers).toMatchObject([
      { urls: [TURN_URL], username: expect.stringContaining(`:${viewerId}`) },
    ]);
    await server.signOut(cookie);
  });

  test('OPTIONS tell what a URL takes, to anybody', async () => {
    for (const [path, allow] of [
      [`/whep/${FEED}`, 'POST, OPTIONS'],
      [`/whep/${FEED}/p-someone`, 'PATCH, DELETE, OPTIONS'],
    ] as const) {
      const response = await fetch(`${system.servers[0].origin}${path}?layer=low`, { method: 'OPTIONS' });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-methods')).toBe(allow);
      expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    }
  });

  test('a token is for who may watch', async () => {
    const { signIn } = system.servers[0];
    const ask = async (username: string, feedId: string) =>
      problem(await fetchToken(await signIn.call(system.servers[0], username), feedId));
    expect(await ask('admin', FEED)).toEqual([403, 'forbidden']);
    expect(await ask('duty-68', FAR_FEED)).toEqual([403, 'forbidden']);
    expect(await ask('situation', 'no-such-feed')).toEqual([404, 'unknown_feed']);
    expect(await problem(await fetchToken('', FEED))).toEqual([401, 'unauthenticated']);
    const foreign = await fetch(`${system.servers[0].origin}/api/v1/feeds/${FEED}/viewer-token`, {
      method: 'POST',
      headers: {
        cookie: await signIn.call(system.servers[0], 'situation'),
        origin: 'https://elsewhere.example',
      },
    });
    expect(await problem(foreign)).toEqual([403, 'origin_refused']);
  });

  test('tokens that are not good, and offers that are not', async () => {
    const cookie = await system.servers[0].signIn('situation');
    const token = await tokenOf(cookie);
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const { privateJwk } = system.grantKeys;
    const key = await importJWK(privateJwk, 'EdDSA');
    const sign = (change: object) =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'EdDSA', kid: 'test' }).sign(key);
    const nowS = Math.floor(Date.now() / 1000);
    const bad = async (sent: Sent) => problem(await post(sent));

    expect(await bad({})).toEqual([401, 'unauthenticated']);
    expect(await bad({ token: await sign({ iat: nowS - 100, exp: nowS - 40 }) })).toEqual([
      401,
      'bad_viewer_token',
    ]);
    expect(await bad({ token: await sign({ aud: 'sfu-test' }) })).toEqual([401, 'bad_viewer_token']);
    expect(await bad({ token: await sign({ use: 'view' }) })).toEqual([401, 'bad_viewer_token']);
    expect(await bad({ token: `${token.slice(0, -4)}AAAA` })).toEqual([401, 'bad_viewer_token']);
    expect(await bad({ token: await tokenOf(cookie, OTHER_FEED) })).toEqual([401, 'bad_viewer_token']);

    expect(await bad({ token, body: 'v=0\r\nnonsense' })).toEqual([400, 'offer_unusable']);
    expect(await bad({ token, body: playerOffer().replace(/recvonly/g, 'sendonly') })).toEqual([
      400,
      'offer_unusable',
    ]);
    expect(await bad({ token, body: playerOffer().replace(/H264/g, 'H265') })).toEqual([
      406,
      'codec_unsupported',
    ]);
    expect(await bad({ token, body: 'v=0'.padEnd(70_000, ' ') })).toEqual([413, 'too_large']);
    expect(await bad({ token, type: 'application/json' })).toEqual([415, 'unsupported_media_type']);
    expect(await bad({ token, query: '?layer=ultra' })).toEqual([422, 'invalid']);

    await system.servers[0].signOut(cookie);
    expect(await bad({ token })).toEqual([401, 'unauthenticated']);
    expect(system.sfu.figures().viewers).toBe(0);
    expect(await (await system.redis.connect()).hLen(keys.players)).toBe(0);
  });

  test('a session has so many players, and no more', async () => {
    const cookie = await system.servers[0].signIn('situation');
    const token = await tokenOf(cookie);
    const statuses: number[] = [];
    for (let count = 0; count < 17; count += 1) statuses.push((await post({ token })).status);
    expect(statuses).toEqual([...Array.from({ length: 16 }, () => 201), 429]);
    await system.servers[1].signOut(cookie);
    await eventually('all of them are gone', () => system.sfu.figures().viewers === 0);
  });
});
