import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { importJWK, SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AreaPage } from '#contract/areas.ts';
import type { AuditEntry } from '#contract/audit.ts';
import { CustodyBulkLine, CustodyEventsReply } from '#contract/custody-events.ts';
import { Problem } from '#contract/errors.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { AuditPage } from '../audit/routes.ts';
import { askRaw } from './fixtures/ask-raw.ts';
import { eventually } from './fixtures/eventually.ts';
import { playerOffer } from './fixtures/player-offer.ts';
import { rawRequest } from './fixtures/raw-request.ts';
import { startTestRedis } from './fixtures/redis.ts';
import { ask, type Caller, type CallOptions, startTestServer } from './fixtures/server.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

/** Of the region of `duty-68`, and of another one. */
const NEAR = { facilityId: 'ua-68-itt-1', areaId: 'ua-68-itt-1-cell-1', feedId: 'ua-68-itt-1-cell-1-cam-1' };
const FAR = { facilityId: 'ua-05-itt-1', areaId: 'ua-05-itt-1-cell-1', feedId: 'ua-05-itt-1-cell-1-cam-1' };
const SESSION = '/api/v1/session';
/** Publications of a facility that are let through at once, and how a server without a node answers them. */
const [WHIP_BURST, WHIP_LET_THROUGH] = [100, 503];

let system: WholeSystem;
let oversight: Caller;
beforeAll(async () => {
  system = await startWholeSystem();
  oversight = await system.server.signIn('oversight');
});
afterAll(() => system[Symbol.asyncDispose]());

const codeOf = ({ body }: { body: unknown }) => Problem.parse(body).code;
const stranger = () => system.server.stranger();

/** What was refused lately, newest first. */
async function refused(chain = 'nation'): Promise<AuditEntry[]> {
  const path = `/api/v1/audit/entries?chain=${chain}&outcome=refused&order=desc&limit=200`;
  return AuditPage.parse((await oversight.get(path)).body).items;
}

/** Does something, and waits until a refusal of this kind stands in the audit that was not there before. */
async function leavesTrace<T>(
  fits: (entry: AuditEntry) => boolean,
  attack: () => Promise<T>,
  chain = 'nation',
): Promise<T> {
  const count = async () => (await refused(chain)).filter(fits).length;
  const before = await count();
  const result = await attack();
  await eventually(count).toBeGreaterThan(before);
  return result;
}
const of = (action: string, code: string) => (entry: AuditEntry) =>
  entry.action === action && entry.details.code === code;

/** An attack of a kind, from an address or a place in a node; with whom it is put down to. */
const attack =
  (kind: string, from: string, actor = 'anonymous') =>
  (entry: AuditEntry) =>
    entry.details.attack === kind && entry.details.from === from && entry.actor.id === actor;

describe('grants at the door of a node', () => {
  const sign = async (key: object, claims: Record<string, unknown>, { exp = 15, at = Date.now() } = {}) => {
    const iat = Math.floor(at / 1000);
    return new SignJWT({ use: 'control', ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .setIssuer('varta-server')
      .setSubject(typeof claims.sub === 'string' ? claims.sub : 'replica')
      .setJti(randomUUID())
      .setIssuedAt(iat)
      .setExpirationTime(iat + exp)
      .sign(await importJWK(key, 'EdDSA'));
  };
  const knock = (namespace: string, auth: object) =>
    new Promise<string>((resolve) => {
      const socket = io(system.sfu.controlUrl + namespace, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth,
      });
      const done = (answer: string) => {
        socket.disconnect();
        resolve(answer);
      };
      socket.once('connect', () => done('let in'));
      socket.once('connect_error', (error: Error & { data?: { code?: string } }) =>
        done(error.data?.code ?? error.message),
      );
    });
  const withGrant = (grant: string) => knock('/control', { protocol: PROTOCOL_VERSION, grant });

  test('a good one opens one connection: shown again while it lives, it is refused', async () => {
    const { nodeId } = system.sfu;
    const grant = await sign(system.grantPrivateJwk, { aud: nodeId });
    expect(await withGrant(grant)).toBe('let in');
    await leavesTrace(attack('grant_invalid', 'control:again', nodeId), async () =>
      expect(await withGrant(grant)).toBe('grant_invalid'),
    );
  });

  test('one of a viewer that was replaced, has run out or is forged gives nothing back, whatever it is shown for', async () => {
    const { nodeId } = system.sfu;
    const { grantPrivateJwk } = system;
    const sub = `viewer-${randomUUID()}`;
    const feed = {
      id: NEAR.feedId,
      facilityId: NEAR.facilityId,
      regionId: 'UA-68',
      source: 'edge',
      layers: ['low', 'high'],
      maxLayer: 'low',
    };
    const view = (key: object, options: { at?: number; exp?: number }, feeds: object[] = [feed]) =>
      sign(key, { aud: nodeId, use: 'view', sub, feeds }, options);
    const now = Date.now();
    const before = await view(grantPrivateJwk, { at: now - 3_000 });
    const present = await view(grantPrivateJwk, { at: now }, []);
    const own = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const control = io(`${system.sfu.controlUrl}/control`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocol: PROTOCOL_VERSION, grant: await sign(grantPrivateJwk, { aud: nodeId }) },
    });
    try {
      const Joined = z.looseObject({
        ok: z.literal(true),
        result: z.looseObject({ routerRtpCapabilities: z.looseObject({}) }),
      });
      const { routerRtpCapabilities: rtpCapabilities } = Joined.parse(
        await ask(control, 'viewer:join', { grant: before }),
      ).result;
      expect(await ask(control, 'viewer:renew', { grant: present })).toMatchObject({ ok: true });
      const shown = { feeds: [{ feedId: NEAR.feedId, layer: 'low' }], rtpCapabilities };
      for (const [name, rest] of [
        ['viewer:renew', {}],
        ['viewer:watch', shown],
        ['viewer:join', {}],
      ] as const) {
        await leavesTrace(attack('grant_invalid', name, nodeId), async () => {
          for (const grant of [before, await view(own, { at: now })])
            expect(await ask(control, name, { grant, ...rest }), name).toMatchObject({
              ok: false,
              code: 'grant_invalid',
            });
        });
        await leavesTrace(attack('grant_expired', name, nodeId), async () => {
          const grant = await view(grantPrivateJwk, { at: now - 60_000 });
          expect(await ask(control, name, { grant, ...rest }), name).toMatchObject({
            ok: false,
            code: 'grant_expired',
          });
        });
      }
    } finally {
      control.disconnect();
    }
  });

  test('a forged one, one of another node, one that has run out and one of another use are refused', async () => {
    const { grantPrivateJwk } = system;
    const { nodeId } = system.sfu;
    const own = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const anHourAgo = Date.now() - 3_600_000;
    expect(await withGrant(await sign(grantPrivateJwk, { aud: nodeId }))).toBe('let in');
    await leavesTrace(of('grant.refuse', 'grant_invalid'), async () => {
      expect(await withGrant(await sign(own, { aud: nodeId }))).toBe('grant_invalid');
      expect(await withGrant(await sign(grantPrivateJwk, { aud: 'another-node' }))).toBe('grant_invalid');
      const view = await sign(grantPrivateJwk, { aud: nodeId, use: 'view', feeds: [] });
      expect(await withGrant(view)).toBe('grant_invalid');
      const good = await sign(grantPrivateJwk, { aud: nodeId });
      expect(await withGrant(`${good.slice(0, -4)}AAAA`)).toBe('grant_invalid');
      expect(await withGrant(await sign(grantPrivateJwk, { aud: nodeId }, { exp: 86_400 }))).toBe(
        'grant_invalid',
      );
    });
    await leavesTrace(of('grant.refuse', 'grant_expired'), async () => {
      expect(await withGrant(await sign(grantPrivateJwk, { aud: nodeId }, { at: anHourAgo }))).toBe(
        'grant_expired',
      );
    });
  });
});

describe('another region, by id', () => {
  const asked = ({ facilityId, areaId, feedId }: typeof FAR): [string, string, object?][] => [
    ['GET', `/api/v1/areas/${areaId}`],
    ['GET', `/api/v1/areas?region=UA-05`],
    ['GET', '/api/v1/live/snapshot?region=UA-05'],
    ['GET', `/api/v1/feeds/${feedId}/poster.jpg`],
    ['GET', `/api/v1/feeds/${feedId}/health`],
    ['POST', `/api/v1/feeds/${feedId}/viewer-token`],
    ['GET', `/api/v1/facilities/${facilityId}/cases/cr-1`],
    ['POST', '/api/v1/flags', { areaId, category: 'other', severity: 2, note: '' }],
  ];

  test.each(asked(FAR))('%s %s is refused', async (method, path, body) => {
    const duty = await system.server.signIn('duty-68');
    const reply = await duty.call(method, path, body === undefined ? {} : { body });
    const items = z.object({ items: z.array(z.unknown()).length(0) }).safeParse(reply.body);
    // A list outside the scope is empty; everything else says no.
    if (reply.status === 200) expect(items.success, JSON.stringify(reply.body).slice(0, 300)).toBe(true);
    else expect(['forbidden', 'invalid']).toContain(codeOf(reply));
    if (body !== undefined) expect(reply.status).toBeGreaterThanOrEqual(400);
  });

  test('a feed over the socket is refused, and stands in the audit of its region', async () => {
    const duty = await system.server.signIn('duty-68');
    const socket = await system.server.connect('/console', { caller: duty });
    const Joined = z.looseObject({
      ok: z.literal(true),
      result: z.looseObject({ routerRtpCapabilities: z.looseObject({}) }),
    });
    const { routerRtpCapabilities: rtpCapabilities } = Joined.parse(
      await ask(socket, MEDIA_MESSAGES.join, {}),
    ).result;
    const by = (entry: AuditEntry) => of('feed.watch', 'forbidden')(entry) && entry.actor.id === 'duty-68';
    await leavesTrace(
      (entry) => by(entry) && entry.resource === `area:${FAR.areaId}`,
      async () => {
        const feeds = [FAR, NEAR].map(({ feedId }) => ({ feedId, layer: 'low' }));
        const reply = await ask(socket, MEDIA_MESSAGES.watch, { rtpCapabilities, feeds });
        const answers = z
          .looseObject({ result: z.looseObject({ feeds: z.array(z.looseObject({ feedId: z.string() })) }) })
          .parse(reply).result.feeds;
        const codes = answers.map(({ feedId, code }) => [feedId, code === 'forbidden']);
        expect(Object.fromEntries(codes)).toEqual({ [FAR.feedId]: true, [NEAR.feedId]: false });
      },
      'UA-05',
    );
    expect(await ask(socket, 'live:subscribe', { regions: ['UA-05'] })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    socket.disconnect();
  });
});

describe('what others have a browser send', () => {
  test('every unsafe route refuses another site, and it stands in the audit', async () => {
    const { paths } = z
      .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse((await stranger().get('/api/openapi.json')).body);
    const admin = await system.server.signIn('admin');
    const unsafe = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([verb, operation]) => {
        const { security } = z.looseObject({ security: z.array(z.looseObject({})) }).parse(operation);
        const isCookie = security.some((one) => 'session' in one || 'display' in one);
        return isCookie && verb !== 'get' ? [[verb.toUpperCase(), path] as const] : [];
      }),
    );
    expect(unsafe.length).toBeGreaterThan(30);
    await leavesTrace(
      ({ details, actor }) => details.code === 'origin_refused' && actor.kind === 'anonymous',
      async () => {
        for (const [method, path] of unsafe) {
          const url = path.replace(/\{\w+\}/g, 'x');
          const reply = await admin.call(method, url, {
            headers: { origin: 'https://evil.example' },
            body: {},
          });
          expect(codeOf(reply), `${method} ${path}`).toBe('origin_refused');
        }
      },
    );
  });

  test('a socket of another site, or without a session, is refused, and it stands in the audit', async () => {
    const duty = await system.server.signIn('duty-68');
    await leavesTrace(of('console.connect', 'origin_refused'), async () => {
      const headers = { origin: 'https://evil.example' };
      await expect(system.server.connect('/console', { caller: duty, headers })).rejects.toThrow(
        'origin_refused',
      );
    });
    await leavesTrace(of('console.connect', 'unauthenticated'), async () => {
      await expect(system.server.connect('/console')).rejects.toThrow('unauthenticated');
    });
  });
});

describe('sessions', () => {
  test('an id that somebody has put into a browser before sign-in is worth nothing afterwards', async () => {
    const planted = await system.server.signIn('oncall');
    const { cookie } = planted;
    const victim = stranger();
    const reply = await victim.call('POST', SESSION, {
      body: { username: 'inspector', password: 'varta-sample' },
      headers: { cookie },
    });
    expect(reply.status).toBe(200);
    expect(victim.cookie).not.toBe(cookie);
    const show = (shown: string, from: string) =>
      rawRequest(system.server.origin, { path: SESSION, headers: { cookie: shown }, from });
    await leavesTrace(attack('session', '127.0.3.1'), async () =>
      expect(codeOf(await show(cookie, '127.0.3.1'))).toBe('unauthenticated'),
    );
    // Nor one that was never given out.
    const made = 'varta.sid=s%3Aattacker.c2lnbmF0dXJl';
    const other = stranger();
    await other.call('POST', SESSION, {
      body: { username: 'inspector', password: 'varta-sample' },
      headers: { cookie: made },
    });
    expect(other.cookie).not.toContain('attacker');
    await leavesTrace(attack('session', '127.0.3.2'), async () =>
      expect(codeOf(await show(made, '127.0.3.2'))).toBe('unauthenticated'),
    );
    // Whoever was signed out, or never was in, is no attacker.
    const gone = (await refused()).filter(({ details }) => details.attack === 'session').length;
    expect((await show('', '127.0.3.3')).status).toBe(401);
    expect((await refused()).filter(({ details }) => details.attack === 'session')).toHaveLength(gone);
  });

  test('10,000 wrong passwords: a few are looked at, nobody else waits, and the audit is not filled', async () => {
    const tries = 10_000;
    const seen = new Map<number, number>();
    const startedAt = await auditSize();
    let left = tries;
    const guess = async () => {
      while (left > 0) {
        left -= 1;
        const { status } = await stranger().call('POST', SESSION, {
          body: { username: 'hotline', password: `guess ${left}` },
        });
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 16 }, guess));
    expect([...seen.keys()].toSorted()).toEqual([401, 429]);
    expect(seen.get(401)).toBeLessThanOrEqual(15);
    // Not even with the right one, until the time is over; another name at the same desk signs in.
    const right = { username: 'hotline', password: 'varta-sample' };
    expect((await stranger().call('POST', SESSION, { body: right })).status).toBe(429);
    await system.server.signIn('duty-68');
    const written = (await auditSize()) - startedAt;
    expect(written).toBeGreaterThan(seen.get(401) ?? 0);
    expect(written).toBeLessThan(200);
    expect((await refused()).some(of('session.sign-in', 'rate_limited'))).toBe(true);
  }, 180_000);

  async function auditSize(): Promise<number> {
    const newest = AuditPage.parse(
      (await oversight.get('/api/v1/audit/entries?chain=nation&order=desc&limit=1')).body,
    ).items[0];
    return newest?.seq ?? 0;
  }
});

describe('keys and tokens', () => {
  const whip = (feedId: string, key: string, options: CallOptions = {}) =>
    stranger().call('POST', `/whip/${feedId}`, {
      body: playerOffer(),
      ...options,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sdp' },
    });

  test('the key of another facility publishes nothing, and it stands in the audit of that region', async () => {
    const key = await system.server.facilityKey(NEAR.facilityId);
    await leavesTrace(
      ({ action, actor }) => action === 'feed.publish' && actor.id === NEAR.facilityId,
      async () => expect(codeOf(await whip(FAR.feedId, key))).toBe('wrong_facility'),
      'UA-05',
    );
    const reply = await stranger().call('POST', '/api/v1/custody/events', {
      body: { events: [{ id: randomUUID(), type: 'CELL_PLACED', areaId: FAR.areaId }] },
      headers: { authorization: `Bearer ${key}` },
    });
    expect(CustodyEventsReply.parse(reply.body).results[0]?.status).toBe('rejected');
  });

  test('made-up keys and tokens are refused, and stand in the audit', async () => {
    const made = `vk_${NEAR.facilityId}_${'A'.repeat(43)}`;
    await leavesTrace(of('feed.publish', 'bad_facility_key'), async () => {
      expect(codeOf(await whip(NEAR.feedId, made))).toBe('bad_facility_key');
    });
    await leavesTrace(of('feed.watch', 'bad_viewer_token'), async () => {
      const reply = await stranger().call('POST', `/whep/${NEAR.feedId}`, {
        body: playerOffer(),
        headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/sdp' },
      });
      expect(codeOf(reply)).toBe('bad_viewer_token');
    });
  });

  test('equipment with another facility’s key, or with none, gets no connection, and it stands in the audit', async () => {
    const open = (key: string) =>
      system.server.connect('/facility', {
        auth: { protocol: PROTOCOL_VERSION, facilityId: NEAR.facilityId, key, feeds: [NEAR.feedId] },
      });
    await leavesTrace(of('feed.publish', 'bad_facility_key'), async () => {
      await expect(open(await system.server.facilityKey(FAR.facilityId))).rejects.toThrow('bad_facility_key');
      await expect(open('none')).rejects.toThrow(/bad_facility_key|invalid/);
    });
  });

  test('a token that has expired, of another feed, or whose session is over opens nothing', async () => {
    const person = await system.server.signIn('situation-2');
    const give = async () =>
      z
        .object({ token: z.string() })
        .parse((await person.call('POST', `/api/v1/feeds/${NEAR.feedId}/viewer-token`)).body).token;
    const play = (token: string, feedId: string, from?: string) =>
      rawRequest(system.server.origin, {
        method: 'POST',
        path: `/whep/${feedId}`,
        body: playerOffer(),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        ...(from === undefined ? {} : { from }),
      });
    const token = await give();
    await leavesTrace(attack('viewer-token', '127.0.4.1', 'situation-2'), async () =>
      expect(codeOf(await play(token, FAR.feedId, '127.0.4.1'))).toBe('bad_viewer_token'),
    );
    await leavesTrace(attack('viewer-token', '127.0.4.2', 'situation-2'), async () =>
      expect(codeOf(await play(await expired(token), NEAR.feedId, '127.0.4.2'))).toBe('bad_viewer_token'),
    );
    await person.call('DELETE', SESSION);
    expect(codeOf(await play(token, NEAR.feedId))).toBe('unauthenticated');
  });

  /** The same token as it was given an hour ago, signed by the servers’ own key. */
  async function expired(token: string): Promise<string> {
    const [head = '', body = ''] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    const claims = read(body) as { iat: number; exp: number };
    return new SignJWT({ ...claims, iat: claims.iat - 3_600, exp: claims.exp - 3_600 })
      .setProtectedHeader(read(head))
      .sign(await importJWK(system.grantPrivateJwk, 'EdDSA'));
  }
});

test('a flood of requests with a good key is refused, others are served, and it stands in the audit', async () => {
  await using redis = await startTestRedis();
  // At one instant, so that nothing is given back however slow this machine is.
  const at = Date.now();
  await using server = await startTestServer({ redisUrl: redis.url, now: () => at });
  const send = async (facilityId: string) =>
    server.stranger().call('POST', '/api/v1/custody/events', {
      body: { events: [{ id: randomUUID() }] },
      headers: { authorization: `Bearer ${await server.facilityKey(facilityId)}` },
    });
  const seen = new Map<number, number>();
  for (let sent = 0; sent < 1_050; sent += 50)
    for (const { status } of await Promise.all(Array.from({ length: 50 }, () => send(NEAR.facilityId))))
      seen.set(status, (seen.get(status) ?? 0) + 1);
  expect(Object.fromEntries(seen)).toEqual({ 200: 1_000, 429: 50 });
  expect((await send(NEAR.facilityId)).headers.get('retry-after')).toBe('1');
  expect((await send(FAR.facilityId)).status).toBe(200);
  const reader = await server.signIn('oversight');
  const entries = async () =>
    AuditPage.parse((await reader.get('/api/v1/audit/entries?chain=nation&outcome=refused&limit=200')).body)
      .items;
  await eventually(async () => (await entries()).some(of('custody.ingest', 'rate_limited'))).toBe(true);
}, 120_000);

test('a flood of publishers with one key is refused, others are served, and it stands in the audit', async () => {
  await using redis = await startTestRedis();
  const at = Date.now();
  await using server = await startTestServer({ redisUrl: redis.url, now: () => at });
  const reader = await server.signIn('oversight');
  const { items: waiting } = AreaPage.parse((await reader.get('/api/v1/areas?feedSource=whip')).body);
  const near = waiting[0];
  const far = waiting.find(({ facilityId }) => facilityId !== near?.facilityId);
  if (!near || !far) throw new Error('two facilities whose encoders publish are needed');
  const publish = async ({ facilityId, feeds }: typeof near) =>
    server.stranger().call('POST', `/whip/${feeds.find(({ source }) => source === 'whip')?.id}`, {
      body: playerOffer(),
      headers: {
        authorization: `Bearer ${await server.facilityKey(facilityId)}`,
        'content-type': 'application/sdp',
      },
    });
  const seen = new Map<number, number>();
  for (let sent = 0; sent < 250; sent += 25)
    for (const { status } of await Promise.all(Array.from({ length: 25 }, () => publish(near))))
      seen.set(status, (seen.get(status) ?? 0) + 1);
  // No node takes media here: what is let through says so.
  expect([...seen.keys()].toSorted()).toEqual([429, WHIP_LET_THROUGH]);
  expect(seen.get(WHIP_LET_THROUGH)).toBe(WHIP_BURST);
  const last = await publish(near);
  expect([last.status, codeOf(last), last.headers.get('retry-after')]).toEqual([429, 'rate_limited', '1']);
  expect((await publish(far)).status).toBe(WHIP_LET_THROUGH);
  await eventually(async () =>
    AuditPage.parse(
      (await reader.get('/api/v1/audit/entries?chain=nation&outcome=refused&limit=200')).body,
    ).items.some((entry) => of('feed.publish', 'rate_limited')(entry) && entry.actor.id === near.facilityId),
  ).toBe(true);
}, 120_000);

test('what is sent slowly is given up with a code, whoever sends it, and it stands in the audit', async () => {
  await using redis = await startTestRedis();
  await using server = await startTestServer({
    redisUrl: redis.url,
    httpTimeouts: { requestTimeoutMs: 1_500, headersTimeoutMs: 1_000 },
  });
  const key = await server.facilityKey(NEAR.facilityId);
  const begin = async (from: string, bytes: string) => {
    const connection = connect({
      port: Number(new URL(server.origin).port),
      host: '127.0.0.1',
      localAddress: from,
    });
    let answer = '';
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    connection.write(bytes);
    await once(connection, 'close');
    return answer;
  };
  const head = `POST /api/v1/custody/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`;
  const [body, headers] = await Promise.all([
    begin('127.0.5.1', `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"events":[`),
    begin('127.0.5.2', head),
  ]);
  for (const answer of [body, headers]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
  }
  const reader = await server.signIn('oversight');
  await eventually(async () =>
    AuditPage.parse((await reader.get('/api/v1/audit/entries?chain=nation&outcome=refused&limit=200')).body)
      .items.filter(({ details }) => details.attack === 'slow' && details.code === 'request_timeout')
      .map(({ details }) => details.from)
      .toSorted(),
  ).toEqual(['127.0.5.1', '127.0.5.2']);
}, 60_000);

describe('ids and bodies', () => {
  const WAYS_OUT = [
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    '..\\..\\',
    '%00',
    'constructor',
    '__proto__',
    'x'.repeat(3_000),
  ];

  test('ids that lead elsewhere lead nowhere, on every route that takes one', async () => {
    const { paths } = z
      .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse((await stranger().get('/api/openapi.json')).body);
    const situation = await system.server.signIn('situation');
    const [from, headers] = ['127.0.6.1', { cookie: situation.cookie }];
    const reading = Object.entries(paths).filter(([path, item]) => path.includes('{') && 'get' in item);
    expect(reading.length).toBeGreaterThan(8);
    await leavesTrace(attack('path', from, 'situation'), async () => {
      for (const [path] of reading)
        for (const way of WAYS_OUT) {
          const url = path.replace(/\{\w+\}/g, () => way);
          const reply = await rawRequest(system.server.origin, { path: url, headers, from });
          expect(reply.status, url.slice(0, 80)).toBeGreaterThanOrEqual(400);
          expect(reply.status, url.slice(0, 80)).toBeLessThan(500);
          expect(Problem.safeParse(reply.body).success, url.slice(0, 80)).toBe(true);
        }
    });
  });

  test.each([
    ['127.0.6.2', '/../../../../etc/passwd'],
    ['127.0.6.3', '/assets/..%2f..%2fpackage.json'],
    ['127.0.6.4', '/api/v1/../../main.ts'],
    ['127.0.6.5', '/display/%2e%2e%5c%2e%2e'],
    ['127.0.6.6', '/%252e%252e%252fetc/passwd'],
  ])('from %s, an address that leads out of the program gets nothing: %s', async (from, path) => {
    await leavesTrace(attack('path', from), async () => {
      const headers = { accept: 'text/html' };
      const reply = await rawRequest(system.server.origin, { path, from, headers });
      expect([400, 403, 404]).toContain(reply.status);
      expect(Problem.safeParse(reply.body).success).toBe(true);
    });
  });

  test('bodies that would change objects change none, and are refused with the path', async () => {
    const admin = await system.server.signIn('admin');
    for (const [index, body] of [
      '{"username":"x","__proto__":{"role":"admin"},"role":"hotline"}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      '{"displayName":{"uk":"a","en":"b","\\u005f_proto__":{"polluted":true}}}',
    ].entries()) {
      const from = `127.0.7.${index + 1}`;
      await leavesTrace(attack('pollution', from, 'admin'), async () => {
        const reply = await rawRequest(system.server.origin, {
          method: 'POST',
          path: '/api/v1/accounts',
          headers: {
            cookie: admin.cookie,
            origin: system.server.origin,
            'content-type': 'application/json',
          },
          body,
          from,
        });
        expect(reply.status).toBe(422);
        expect(Problem.parse(reply.body).issues?.length).toBeGreaterThan(0);
      });
    }
    expect(({} as { polluted?: unknown; isAdmin?: unknown }).polluted).toBeUndefined();
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    const socket = await system.server.connect('/console', {
      caller: await system.server.signIn('situation'),
    });
    const polluting = JSON.parse('{"__proto__":{"polluted":true},"regions":[],"batched":true}');
    await leavesTrace(attack('pollution', '127.0.0.1', 'situation'), async () =>
      expect(await ask(socket, 'live:subscribe', polluting)).toMatchObject({ ok: false, code: 'invalid' }),
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const key = await system.server.facilityKey(NEAR.facilityId);
    await leavesTrace(
      (entry) => of('custody.ingest', 'invalid')(entry) && entry.actor.id === NEAR.facilityId,
      async () => {
        const reply = await stranger().call('POST', '/api/v1/custody/events', {
          body: '{"events":[{"id":"x","__proto__":{"polluted":true}}]}',
          headers: { authorization: `Bearer ${key}` },
        });
        expect(CustodyEventsReply.parse(reply.body).results[0]?.status).toBe('rejected');
      },
      'UA-68',
    );
  });

  test.each([
    ['deep', '127.0.8.1', `{"events":${'['.repeat(100)}${']'.repeat(100)}}`, 'too_deep'],
    ['deeper than a parser goes', '127.0.8.2', '{"a":'.repeat(200_000), 'too_deep'],
    ['large', '127.0.8.3', `"${'x'.repeat(3_000_000)}"`, 'too_large'],
  ])(
    'a body that is %s is refused, also with a key, and it stands in the audit',
    async (_, from, body, code) => {
      const key = await system.server.facilityKey(NEAR.facilityId);
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const path = '/api/v1/custody/events';
      await leavesTrace(attack(code.slice('too_'.length), from, NEAR.facilityId), async () =>
        expect(
          codeOf(await rawRequest(system.server.origin, { method: 'POST', path, headers, body, from })),
        ).toBe(code),
      );
      // The next one is served.
      const good = await stranger().call('POST', '/api/v1/custody/events', { body: { events: [] }, headers });
      expect([200, 422]).toContain(good.status);
    },
  );

  /** Asked while something is being refused; whoever holds the program up for longer holds up everybody. */
  const isServed = async () =>
    (await fetch(`${system.server.origin}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok;
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  test('messages of 120,000 levels are refused, others are served meanwhile, and it stands in the audit', async () => {
    const caller = await system.server.signIn('situation-2');
    const socket = await system.server.connect('/console', { caller });
    const message = { namespace: '/console', name: 'live:subscribe', json: `{"regions":${nested(120_000)}}` };
    await leavesTrace(attack('deep', '127.0.0.1', 'situation-2'), async () => {
      const asked = Array.from({ length: 5 }, () => askRaw(socket, message));
      expect(await isServed()).toBe(true);
      for (const reply of await Promise.all(asked))
        expect(reply).toMatchObject({ ok: false, code: 'too_deep' });
    });
    // The page goes on.
    expect(await ask(socket, 'live:subscribe', { regions: [], batched: true })).toMatchObject({ ok: true });
    socket.disconnect();
  });

  test('lines of 30,000 levels are refused one by one, others are served meanwhile, and it stands in the audit', async () => {
    const from = '127.0.8.4';
    const lines = Array.from({ length: 20 }, () => `{"id":${nested(30_000)}}`);
    const key = await system.server.facilityKey(NEAR.facilityId);
    await leavesTrace(attack('deep', from, NEAR.facilityId), async () => {
      const sent = rawRequest(system.server.origin, {
        method: 'POST',
        path: '/api/v1/custody/events',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
        body: [...lines, '{"id":"x"}'].join('\n'),
        from,
      });
      expect(await isServed()).toBe(true);
      const { body } = await sent;
      const answers = z
        .string()
        .parse(body)
        .trim()
        .split('\n')
        .map((line) => CustodyBulkLine.parse(JSON.parse(line)));
      expect(answers.slice(0, lines.length)).toEqual(
        lines.map(() => expect.objectContaining({ id: null, status: 'rejected', code: 'too_deep' })),
      );
      expect(answers.at(-1)).toEqual({ done: true, events: lines.length + 1 });
    });
  });
});
