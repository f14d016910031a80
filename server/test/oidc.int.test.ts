import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WhoAmI } from '#contract/session.ts';
import type { OidcRights } from '../../config/roles/oidc-rights.ts';
import { AuditPage } from '../audit/routes.ts';
import { type IdentityProvider, startIdentityProvider } from './fixtures/identity-provider.ts';
import { PlainBrowser } from './fixtures/plain-browser.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const PUBLIC = 'http://localhost:8080';
/** For `vi.waitFor`. */
const SOON = { timeout: 5_000, interval: 20 };
const START = `${PUBLIC}/api/v1/session/oidc/start`;
const PEOPLE = {
  olena: { name: 'Олена Зразкова', preferred_username: 'olena', groups: ['varta-duty'], regions: ['UA-68'] },
  petro: { name: 'Петро Зразок', preferred_username: 'petro', groups: ['varta-admins'], amr: ['pwd', 'otp'] },
  weak: { name: 'Без коду', preferred_username: 'weak', groups: ['varta-admins'], amr: ['pwd'] },
  visitor: { name: 'Стороння особа', preferred_username: 'visitor', groups: ['staff'] },
  thief: { name: 'Самозванець', preferred_username: 'situation', groups: ['varta-admins'], amr: ['otp'] },
};
const RIGHTS: object = {
  name: { uk: 'Єдиний вхід', en: 'Single sign-on' },
  rules: [
    { claim: 'groups', has: 'varta-admins', role: 'admin', scope: { kind: 'nation' } },
    { claim: 'groups', has: 'varta-duty', role: 'duty', scope: { kind: 'regions', claim: 'regions' } },
  ],
  secondFactor: { claim: 'amr', anyOf: ['otp', 'hwk'] },
} satisfies Partial<OidcRights>;

let redis: TestRedis;
let provider: IdentityProvider;
let server: TestServer;
let folder: string;
let oversight: Caller;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varta-oidc-'));
  const file = join(folder, 'rights.json');
  await writeFile(file, JSON.stringify(RIGHTS));
  redis = await startTestRedis();
  provider = await startIdentityProvider({});
  provider.allow(PUBLIC);
  server = await startTestServer({
    redisUrl: redis.url,
    environment: {
      PUBLIC_URL: PUBLIC,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
      OIDC_RIGHTS_FILE: file,
      LOG_LEVEL: 'debug',
    },
  });
  oversight = await server.signIn('oversight');
});
beforeEach(() => {
  Object.assign(provider.people, structuredClone(PEOPLE));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const browser = () => new PlainBrowser({ [PUBLIC]: server.origin });

/** Signs in at the provider, which asks who it is and whether Varta may know. */
async function signIn(name: string, at = browser(), start = START) {
  await at.visit(start);
  await goOn(at, name);
  return at;
}

/** Says who it is, and lets Varta know what it asks for. */
async function goOn(at: PlainBrowser, name: string) {
  await at.submit({ login: name, password: 'any' });
  for (let steps = 0; steps < 3 && at.shown.url.origin === provider.issuer; steps += 1) await at.submit();
}

const whoIs = async (at: PlainBrowser) => {
  const reply = await fetch(`${server.origin}/api/v1/session`, {
    headers: { cookie: at.cookiesFor(new URL(`${PUBLIC}/api/v1/session`)) },
  });
  return reply.status === 200 ? WhoAmI.parse(await reply.json()) : undefined;
};
const as = (at: PlainBrowser, method: string, path: string, body?: unknown) =>
  fetch(server.origin + path, {
    method,
    headers: { cookie: at.cookiesFor(new URL(path, PUBLIC)), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const refusals = async () =>
  AuditPage.parse(
    (await oversight.get('/api/v1/audit/entries?chain=nation&outcome=refused&order=desc&limit=1')).body,
  ).items.map(({ action, details }) => [action, details.code]);

test('says how people sign in here', async () => {
  expect((await server.stranger().get('/api/v1/session/ways')).body).toEqual({
    provider: { uk: 'Єдиний вхід', en: 'Single sign-on' },
  });
});

test('somebody whom the provider names comes in with the role and region of their groups', async () => {
  const at = await signIn('olena', browser(), `${START}?returnTo=/flags?level=3`);
  expect([at.shown.url.pathname, at.shown.url.search]).toEqual(['/flags', '?level=3']);
  expect(await whoIs(at)).toMatchObject({
    username: 'olena',
    displayName: { uk: 'Олена Зразкова' },
    role: 'duty',
    scope: { kind: 'regions', regionIds: ['UA-68'] },
    external: true,
    setup: [],
  });
  const areas = await as(at, 'GET', '/api/v1/areas?region=UA-68');
  expect(areas.status).toBe(200);
});

test('the way back keeps every cookie strict, and leaves none of the way', async () => {
  const at = browser();
  const sent = await at.step(START);
  expect(sent.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^varta\.oidc=.*Path=\/api\/v1\/session\/oidc;.*HttpOnly; SameSite=Strict$/),
  ]);
  const url = new URL(sent.headers.get('location') ?? '');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^.{40,}$/),
    nonce: expect.stringMatching(/^.{40,}$/),
  });
  await signIn('olena', at);
  expect(at.cookiesFor(new URL(START))).toMatch(/^varta\.sid=[^;]+$/);
});

test.each([
  ['who has no right here', 'visitor', 'oidc_no_right'],
  ['who used no second factor where the role needs one', 'weak', 'oidc_second_factor'],
  ['who would take the name of a local account', 'thief', 'account_exists'],
])('somebody %s is told so, and it stands in the audit', async (_, name, code) => {
  const at = await signIn(name);
  expect(at.shown.url.pathname + at.shown.url.search).toBe(`/?signIn=${code}`);
  expect(await whoIs(at)).toBeUndefined();
  expect(await refusals()).toEqual([['session.sign-in', code]]);
});

test('an answer that was not asked for in this browser opens nothing', async () => {
  // Somebody else’s code and state, as an attacker would send them in a link.
  const attacker = browser();
  await attacker.visit(START);
  await attacker.submit({ login: 'olena', password: 'any' });
  const form = attacker.shown;
  expect(form.url.origin).toBe(provider.issuer);
  const victim = browser();
  for (const query of [
    'code=stolen&state=stolen',
    'error=access_denied',
    '',
    'state=x&iss=https://evil.example',
  ]) {
    await victim.visit(`${PUBLIC}/api/v1/session/oidc/callback?${query}`);
    expect(victim.shown.url.search, query).toBe('?signIn=oidc_failed');
  }
  expect(await whoIs(victim)).toBeUndefined();
});

test('a state that is not the one of the question opens nothing, nor does an answer twice', async () => {
  const at = browser();
  await at.visit(START);
  const forged = await at.visit(`${PUBLIC}/api/v1/session/oidc/callback?code=abc&state=forged`);
  expect(forged.url.search).toBe('?signIn=oidc_failed');
  const good = await signIn('olena', at);
  expect(good.shown.url.pathname).toBe('/');
  const again = await at.visit(`${PUBLIC}/api/v1/session/oidc/finish?code=abc&state=x`);
  expect(again.url.search).toBe('?signIn=oidc_failed');
  // What was there before is not harmed.
  expect(await whoIs(at)).toMatchObject({ username: 'olena' });
});

test('nobody is sent to another site', async () => {
  for (const away of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const at = await signIn('olena', browser(), `${START}?returnTo=${encodeURIComponent(away)}`);
    expect(at.shown.url.origin, away).toBe(PUBLIC);
  }
});

test('other groups at the provider mean other rights from the next sign-in on, and end what went before', async () => {
  const before = await signIn('olena');
  expect(await whoIs(before)).toMatchObject({ role: 'duty' });
  Object.assign(provider.people.olena ?? {}, { regions: ['UA-05'] });
  const after = await signIn('olena');
  expect(await whoIs(after)).toMatchObject({ scope: { regionIds: ['UA-05'] } });
  expect(await whoIs(before)).toBeUndefined();
});

test('has no password here, however one tries', async () => {
  const at = await signIn('petro');
  const stranger = server.stranger();
  for (const password of ['none', '', 'petro', 'varta-sample']) {
    const reply = await stranger.call('POST', '/api/v1/session', { body: { username: 'petro', password } });
    expect([401, 422], password).toContain(reply.status);
  }
  expect((await as(at, 'POST', '/api/v1/session/confirm', { password: 'none' })).status).toBe(401);
  expect((await as(at, 'POST', '/api/v1/account/totp', {})).status).toBe(409);
});

test('administrators can disable whom the provider names, and change nothing else', async () => {
  await signIn('olena');
  const admin = await server.signIn('admin');
  const change = (body: object) => admin.call('PATCH', '/api/v1/accounts/olena', { body });
  expect((await change({ role: 'admin' })).status).toBe(409);
  expect((await admin.call('POST', '/api/v1/accounts/olena/password')).status).toBe(409);
  expect((await change({ disabled: true })).status).toBe(200);
  const at = await signIn('olena');
  expect(at.shown.url.search).toBe('?signIn=oidc_no_right');
  expect((await change({ disabled: false })).status).toBe(200);
  expect(await whoIs(await signIn('olena'))).toMatchObject({ username: 'olena' });
});

test('whoever proves again who they are does it at the provider, under a new session id; nobody else can', async () => {
  const at = await signIn('petro');
  const before = at.cookiesFor(new URL(PUBLIC));
  await at.visit(`${START}?confirm=true&returnTo=/admin`);
  // Asked anew, though the provider knows them.
  await goOn(at, 'petro');
  expect(at.shown.url.pathname).toBe('/admin');
  expect(at.cookiesFor(new URL(PUBLIC))).not.toBe(before);
  expect(await whoIs(at)).toMatchObject({ username: 'petro' });

  await at.visit(`${START}?confirm=true`);
  await goOn(at, 'olena');
  expect(at.shown.url.href).toBe(`${PUBLIC}/?signIn=oidc_failed`);
});

test('signing out goes on to the provider', async () => {
  const at = await signIn('petro');
  expect((await as(at, 'DELETE', '/api/v1/session')).status).toBe(204);
  const sent = await at.step(`${PUBLIC}/api/v1/session/oidc/end`);
  const url = new URL(sent.headers.get('location') ?? '');
  expect(url.origin).toBe(provider.issuer);
  expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC}/`);
});

test('who signs out at the provider is signed out here, on every device, sockets too', async () => {
  provider.allow(PUBLIC, server.origin);
  const at = await signIn('olena');
  const elsewhere = await signIn('olena');
  const other = await signIn('petro');
  const socket = await server.connect('/console', { headers: { cookie: at.cookiesFor(new URL(PUBLIC)) } });
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
  await at.visit(`${PUBLIC}/api/v1/session/oidc/end`);
  await at.submit({ logout: 'yes' });
  await vi.waitFor(async () => {
    expect(await whoIs(at)).toBeUndefined();
    expect(await whoIs(elsewhere)).toBeUndefined();
  }, SOON);
  await gone;
  expect((await whoIs(other))?.username).toBe('petro');
  const { items } = AuditPage.parse(
    (await oversight.get('/api/v1/audit/entries?chain=nation&order=desc&limit=20')).body,
  );
  expect(items).toContainEqual(
    expect.objectContaining({ action: 'session.end', resource: 'account:olena', outcome: 'done' }),
  );
  provider.allow(PUBLIC);
});

test.each([
  ['nothing', ''],
  ['no token', 'logout_token=no-token'],
  ['one that nobody has signed', `logout_token=${btoa('{"alg":"none"}')}.${btoa('{"sub":"olena"}')}.`],
])('a logout token that is %s ends nothing', async (_, body) => {
  const at = await signIn('olena');
  const reply = await fetch(`${server.origin}/api/v1/session/oidc/signed-out`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect((await whoIs(at))?.username).toBe('olena');
});

test('nothing of it is in the log: no secret, no code, no name', () => {
  const log = server.log();
  expect(log.length).toBeGreaterThan(100);
  for (const secret of [provider.clientSecret, 'code=', 'Зразкова', 'varta.oidc', 'id_token'])
    expect(log).not.toContain(secret);
});

test('a provider that is away is said to be, and local accounts go on', async () => {
  const file = join(folder, 'rights.json');
  await using other = await startTestServer({
    redisUrl: redis.url,
    environment: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'varta', OIDC_RIGHTS_FILE: file },
  });
  const reply = await other.stranger().get('/api/v1/session/oidc/start');
  expect(reply.body).toMatchObject({ code: 'oidc_unreachable' });
  await other.signIn('admin');
});

test('without a provider there is no such way', async () => {
  await using other = await startTestServer({ redisUrl: redis.url });
  expect((await other.stranger().get('/api/v1/session/ways')).body).toEqual({ provider: null });
  for (const step of ['start', 'callback', 'finish', 'end'])
    expect((await other.stranger().get(`/api/v1/session/oidc/${step}`)).status, step).toBe(404);
});
