import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { IssuedFacilityKey } from '#contract/accounts.ts';
import { Pairing } from '#contract/displays.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { eventually } from './fixtures/eventually.ts';
import { startMediaNode } from './fixtures/media-node.ts';
import { createGrantKeys } from './fixtures/media-replica.ts';
import { codeOf, createAccount, PASSWORD, SESSION, setUp } from './fixtures/people.ts';
import { playerOffer } from './fixtures/player-offer.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
const FEED = `${FACILITY}-cell-1-cam-1`;
const secretOf = (name: string) => `${name}-${randomBytes(16).toString('hex')}`;

const grantKeys = createGrantKeys();
const auditJwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const environment = {
  LOG_LEVEL: 'trace',
  SESSION_SECRET: secretOf('session'),
  GRANT_PRIVATE_JWK: JSON.stringify(grantKeys.privateJwk),
  AUDIT_PRIVATE_JWK: JSON.stringify({ ...auditJwk, kid: 'audit' }),
  PERSONAL_DATA_KEY: `one:${randomBytes(32).toString('base64url')}`,
  TURN_URLS: 'turn:turn.example:3478?transport=udp',
  TURN_SECRET: secretOf('turn'),
  METRICS_TOKEN: secretOf('metrics'),
  ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/alerts',
  ALERT_WEBHOOK_SECRET: secretOf('webhook'),
};

/** What must be in no log, by what it is. */
const secrets = new Map<string, string>();
const keep = (what: string, secret: string | undefined) => {
  expect(secret?.length ?? 0, what).toBeGreaterThan(5);
  if (secret !== undefined) secrets.set(what, secret);
};

const owned = new AsyncDisposableStack();
let redis: TestRedis;
let server: TestServer;
let nodeLog = '';
beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  const destination = {
    write: (line: string) => {
      nodeLog += line;
    },
  };
  owned.use(
    await startMediaNode({ redisUrl: redis.url, grantKeys, log: pino({ level: 'trace' }, destination) }),
  );
  server = owned.use(await startTestServer({ redisUrl: redis.url, environment }));
}, 120_000);
afterAll(() => owned.disposeAsync());

const secretIn = (cookie: string) => decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1));

test('logs of a whole run at their loudest hold no secret, also when things go wrong', async () => {
  await eventually(async () => (await server.stranger().get('/readyz')).status).toBe(200);
  for (const name of ['SESSION_SECRET', 'TURN_SECRET', 'METRICS_TOKEN', 'ALERT_WEBHOOK_SECRET'] as const)
    keep(name, environment[name]);
  keep('the key of personal data', environment.PERSONAL_DATA_KEY.slice(4));
  keep('the grant key', z.object({ d: z.string() }).parse(grantKeys.privateJwk).d);
  keep('the audit key', auditJwk.d);

  // People: the first sign-in, a second factor, a recovery code, proof again, wrong passwords.
  const oneTime = await createAccount(redis, 'logged', { role: 'admin' });
  keep('a one-time password', oneTime);
  keep('a password', PASSWORD);
  const { caller: admin, secret, recoveryCodes } = await setUp(server, 'logged', oneTime, Date.now());
  keep('a second factor', secret);
  keep('a recovery code', recoveryCodes[0]);
  await server.stranger().call('POST', SESSION, {
    body: { username: 'logged', password: PASSWORD, recoveryCode: recoveryCodes[1] },
  });
  keep('a used recovery code', recoveryCodes[1]);
  keep('a wrong password', 'not the password 12345');
  for (const username of ['logged', 'nobody-known'])
    await server.stranger().call('POST', SESSION, { body: { username, password: 'not the password 12345' } });
  await admin.call('POST', '/api/v1/session/confirm', {
    body: { totp: codeOf(secret, Date.now() + 30_000) },
  });
  keep('a session', secretIn(admin.cookie));
  const situation = await server.signIn('situation');
  keep('another session', secretIn(situation.cookie));

  // Machines: keys that are good, wrong and revoked; events and offers that are not right.
  const issued = IssuedFacilityKey.parse(
    (await admin.call('POST', `/api/v1/facilities/${FACILITY}/keys`)).body,
  );
  keep('a facility’s key', issued.key.slice(-43));
  const authorization = `Bearer ${issued.key}`;
  const send = (body: unknown) =>
    server.stranger().call('POST', '/api/v1/custody/events', { body, headers: { authorization } });
  await send({ events: [{ id: randomUUID(), type: 'NONE', note: issued.key }] });
  await send('{"events":');
  await server.stranger().call('POST', `/whip/${FEED}`, {
    body: playerOffer(),
    headers: { authorization, 'content-type': 'application/sdp' },
  });
  const equipment = await server.connect('/facility', {
    auth: { protocol: PROTOCOL_VERSION, facilityId: FACILITY, key: issued.key, feeds: [FEED], media: 'srtp' },
  });
  await admin.call('DELETE', `/api/v1/facilities/${FACILITY}/keys/${issued.view.keyId}`);
  await send({ events: [] });
  equipment.disconnect();

  // Players, displays, pages.
  const { token } = z
    .object({ token: z.string() })
    .parse((await situation.call('POST', `/api/v1/feeds/${FEED}/viewer-token`)).body);
  keep('a viewer token', token.split('.')[2]);
  await server.stranger().call('POST', `/whep/${FEED}?token=${token}`, {
    body: playerOffer(),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
  });
  const screen = server.stranger();
  const { code } = Pairing.parse((await screen.call('POST', '/api/v1/display/pairing')).body);
  keep('a pairing code', code);
  keep('a display’s key', secretIn(screen.cookie).split('.').at(-1));
  const page = await server.connect('/console', { caller: situation });
  await ask(page, 'media:watch', { anything: environment.TURN_SECRET });
  await server
    .stranger()
    .call('GET', '/metrics', { headers: { authorization: `Bearer ${environment.METRICS_TOKEN}` } });

  // And what is logged when the store goes away under it all.
  await redis.kill();
  await situation.get(SESSION);
  await send({ events: [] });
  await redis.start();
  await eventually(async () => (await situation.get(SESSION)).status).toBe(200);

  const log = server.log();
  expect(log.length).toBeGreaterThan(1_000);
  expect(nodeLog.length).toBeGreaterThan(100);
  for (const [what, text] of secrets) {
    expect(log.includes(text), `${what} in the server’s log`).toBe(false);
    expect(nodeLog.includes(text), `${what} in the node’s log`).toBe(false);
  }
  // Nor do they stand in Redis; but for sessions, whose ids are what they are.
  const connection = await redis.connect();
  const accounts = JSON.stringify(await connection.hGetAll('varta:{nation}:accounts'));
  for (const what of ['a password', 'a one-time password', 'a second factor', 'a recovery code'])
    expect(accounts.includes(secrets.get(what) ?? ''), `${what} in Redis`).toBe(false);
}, 120_000);
