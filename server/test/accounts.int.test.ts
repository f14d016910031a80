import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccountList, AccountWithPassword, IssuedFacilityKey, SessionList } from '#contract/accounts.ts';
import { Problem } from '#contract/errors.ts';
import { Goodbye, LIVE_MESSAGES } from '#contract/live.ts';
import { WhoAmI } from '#contract/session.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createTestSigner } from './fixtures/audit-key.ts';
import { codeOf, createAccount, PASSWORD, SESSION, setUp } from './fixtures/people.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, heard, type Reply, startTestServer, type TestServer } from './fixtures/server.ts';

const STEP_MS = 30_000;
const MINUTE_MS = 60_000;
const ACCOUNTS = '/api/v1/accounts';
const FACILITY = 'ua-68-itt-1';
const KEYS = `/api/v1/facilities/${FACILITY}/keys`;

let redis: TestRedis;
let server: TestServer;
let clockMs = Date.now();
let admin: Caller;
let adminSecret: string;

beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({
    redisUrl: redis.url,
    now: () => clockMs,
    environment: {
      SAMPLE: 'false',
      HOST: '127.0.0.1',
      NATION_FILE: 'config/nation/sample-ua.json',
      AUDIT_PRIVATE_JWK: createTestSigner('audit').privateJwk,
    },
  });
  const oneTime = await createAccount(redis, 'boss', { role: 'admin' });
  ({ caller: admin, secret: adminSecret } = await setUp(server, 'boss', oneTime, clockMs));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const problemOf = ({ body }: Reply) => Problem.parse(body).code;
const signIn = (body: object, caller = server.stranger()) => caller.call('POST', SESSION, { body });

/** The administrator proves again who they are, with the next code. */
async function proveAdmin() {
  clockMs += STEP_MS;
  const proof = { body: { totp: codeOf(adminSecret, clockMs) } };
  expect((await admin.call('POST', `${SESSION}/confirm`, proof)).status).toBe(204);
}
beforeEach(async () => {
  // All tests come from one address, whose tries are not what they are about.
  await (await redis.connect()).del(keys.triesOfAddress('127.0.0.1'));
  await proveAdmin();
});

async function makeDuty(username: string): Promise<Caller> {
  const reply = await admin.call('POST', ACCOUNTS, {
    body: {
      username,
      displayName: { uk: username, en: username },
      role: 'duty',
      scope: { kind: 'regions', regionIds: ['UA-68'] },
    },
  });
  const { oneTimePassword } = AccountWithPassword.parse(reply.body);
  return (await setUp(server, username, oneTimePassword)).caller;
}
const viewOf = async (username: string) =>
  AccountList.parse((await admin.get(ACCOUNTS)).body).items.find((one) => one.username === username);

test('outside sample mode no sample account is there', async () => {
  expect((await signIn({ username: 'situation', password: 'varta-sample' })).status).toBe(401);
  expect(AccountList.parse((await admin.get(ACCOUNTS)).body).items.map(({ username }) => username)).toEqual([
    'boss',
  ]);
});

describe('the first sign-in', () => {
  test('lets somebody do nothing before password and second factor are set up', async () => {
    const oneTime = await createAccount(redis, 'second', { role: 'admin' });
    const caller = server.stranger();
    const who = WhoAmI.parse((await signIn({ username: 'second', password: oneTime }, caller)).body);
    expect(who.setup).toEqual(['password', 'totp']);
    expect(problemOf(await caller.get(ACCOUNTS))).toBe('setup_required');
    expect(problemOf(await caller.call('POST', '/api/v1/account/totp', { body: {} }))).toBe('setup_required');
    const change = (next: string, current = oneTime) =>
      caller.call('POST', '/api/v1/account/password', { body: { current, next } });
    expect(problemOf(await change(PASSWORD, 'wrong'))).toBe('bad_credentials');
    for (const weak of ['short', oneTime, 'password12345678', 'second-and-more-9', 'aaaaaaaaaaaaaa'])
      expect(problemOf(await change(weak)), weak).toBe('weak_password');
    expect((await change(PASSWORD)).status).toBe(204);
    expect(WhoAmI.parse((await caller.get(SESSION)).body).setup).toEqual(['totp']);
    expect(problemOf(await caller.get(ACCOUNTS))).toBe('setup_required');
    // The one-time password is none any more.
    expect((await signIn({ username: 'second', password: oneTime })).status).toBe(401);
  });

  test('a session id of before the change is worth nothing', async () => {
    const oneTime = await createAccount(redis, 'fixed', { role: 'duty' });
    const thief = server.stranger();
    await signIn({ username: 'fixed', password: oneTime }, thief);
    await setUp(server, 'fixed', oneTime);
    expect((await thief.get(SESSION)).status).toBe(401);
  });
});

describe('a second factor', () => {
  test('is asked for after the password, and each step counts once', async () => {
    const oneTime = await createAccount(redis, 'inspector-1', { role: 'inspector' });
    const { secret, recoveryCodes } = await setUp(server, 'inspector-1', oneTime, clockMs);
    const who = { username: 'inspector-1', password: PASSWORD };
    expect(problemOf(await signIn(who))).toBe('totp_required');
    expect(problemOf(await signIn({ ...who, password: 'wrong', totp: codeOf(secret, clockMs) }))).toBe(
      'bad_credentials',
    );
    // The step that turned it on is used already.
    expect(problemOf(await signIn({ ...who, totp: codeOf(secret, clockMs) }))).toBe('bad_totp');
    clockMs += STEP_MS;
    const totp = codeOf(secret, clockMs);
    const both = await Promise.all([signIn({ ...who, totp }), signIn({ ...who, totp })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(problemOf(await signIn({ ...who, totp }))).toBe('bad_totp');

    const [recoveryCode = ''] = recoveryCodes;
    expect(recoveryCodes.length).toBe(10);
    expect((await signIn({ ...who, recoveryCode: recoveryCode.toUpperCase() })).status).toBe(200);
    expect(problemOf(await signIn({ ...who, recoveryCode }))).toBe('bad_totp');
    const kept = await (await redis.connect()).hGet(keys.accounts, 'inspector-1');
    for (const secretText of [...recoveryCodes, PASSWORD]) expect(kept).not.toContain(secretText);
  });

  test('cannot be guessed by who knows the password: the tries are not given back', async () => {
    const oneTime = await createAccount(redis, 'inspector-2', { role: 'inspector' });
    const { secret } = await setUp(server, 'inspector-2', oneTime, clockMs);
    const who = { username: 'inspector-2', password: PASSWORD };
    const codes: string[] = [];
    for (let tries = 0; tries < 11; tries += 1)
      codes.push(problemOf(await signIn(tries % 2 === 0 ? who : { ...who, totp: '000000' })));
    expect(codes.at(-1)).toBe('rate_limited');
    clockMs += STEP_MS * 2;
    expect((await signIn({ ...who, totp: codeOf(secret, clockMs) })).status).toBe(200);
  });
});

describe('wrong passwords', () => {
  test('make an account wait longer and longer, until it is unlocked', async () => {
    await makeDuty('late');
    const guess = () => signIn({ username: 'late', password: 'guess' });
    for (let tries = 0; tries < 10; tries += 1) expect((await guess()).status).toBe(401);
    expect(Number((await guess()).headers.get('retry-after'))).toBe(30);
    clockMs += 30_000;
    expect((await guess()).status).toBe(401);
    expect(Number((await guess()).headers.get('retry-after'))).toBe(60);
    expect((await viewOf('late'))?.lockedUntil).not.toBeNull();
    await proveAdmin();
    expect((await admin.call('POST', `${ACCOUNTS}/late/unlock`)).status).toBe(200);
    expect((await viewOf('late'))?.lockedUntil).toBeNull();
    expect((await signIn({ username: 'late', password: PASSWORD })).status).toBe(200);
  });

  test('ten thousand of them are nearly all refused unseen, and others still get in', async () => {
    await makeDuty('busy');
    let looked = 0;
    for (let round = 0; round < 100; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          signIn({ username: `u${(round * 100 + index) % 500}`, password: 'guess' }),
        ),
      );
      looked += replies.filter(({ status }) => status === 401).length;
    }
    expect(looked).toBeLessThanOrEqual(100);
    clockMs += 15 * MINUTE_MS;
    expect((await signIn({ username: 'busy', password: PASSWORD })).status).toBe(200);
  }, 120_000);
});

describe('sessions', () => {
  test('are listed and ended by their owner; what hangs on them ends at once', async () => {
    const caller = await makeDuty('olena');
    const other = server.stranger();
    const headers = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    };
    await other.call('POST', SESSION, { body: { username: 'olena', password: PASSWORD }, headers });
    const { items } = SessionList.parse((await caller.get('/api/v1/sessions')).body);
    expect(items.map(({ device, current }) => [device, current])).toEqual(
      expect.arrayContaining([
        ['Firefox, Linux', false],
        ['?', true],
      ]),
    );
    const page = await server.connect('/console', { caller: other });
    const goodbye = heard(page, LIVE_MESSAGES.goodbye);
    const theirs = items.find(({ current }) => !current)?.sessionId;
    expect((await caller.call('DELETE', `/api/v1/sessions/${theirs}`)).status).toBe(204);
    expect(Goodbye.parse(await goodbye).code).toBe('unauthenticated');
    expect((await other.get(SESSION)).status).toBe(401);
    expect((await caller.get(SESSION)).status).toBe(200);
    expect(problemOf(await caller.call('DELETE', `/api/v1/sessions/${theirs}`))).toBe('unknown_session');
  });

  test('of others cannot be ended by their handle', async () => {
    const victim = await makeDuty('victim');
    const attacker = await makeDuty('attacker');
    const [session] = SessionList.parse((await victim.get('/api/v1/sessions')).body).items;
    const reply = await attacker.call('DELETE', `/api/v1/sessions/${session?.sessionId}`);
    expect(problemOf(reply)).toBe('unknown_session');
    expect((await victim.get(SESSION)).status).toBe(200);
  });

  test('get a new id when somebody proves again who they are, and pages stay open', async () => {
    const caller = await makeDuty('maria');
    const page = await server.connect('/console', { caller });
    const before = caller.cookie;
    const proof = { body: { password: PASSWORD } };
    expect((await caller.call('POST', `${SESSION}/confirm`, proof)).status).toBe(204);
    expect(caller.cookie).not.toBe(before);
    expect((await server.stranger().call('GET', SESSION, { headers: { cookie: before } })).status).toBe(401);
    expect((await caller.get(SESSION)).status).toBe(200);
    expect(page.connected).toBe(true);
  });
});

describe('an administrator', () => {
  test('has to prove who they are after five minutes, before anything is changed', async () => {
    clockMs += 5 * MINUTE_MS;
    expect((await admin.get(ACCOUNTS)).status).toBe(200);
    expect(problemOf(await admin.call('POST', `${ACCOUNTS}/boss/unlock`))).toBe('step_up_required');
    const wrong = await admin.call('POST', `${SESSION}/confirm`, { body: { password: 'guess' } });
    expect(problemOf(wrong)).toBe('bad_credentials');
    await proveAdmin();
    expect((await admin.call('POST', `${ACCOUNTS}/boss/unlock`)).status).toBe(200);
  });

  test('cannot change their own rights or credentials', async () => {
    for (const body of [{ role: 'situation' }, { scope: { kind: 'nation' } }, { disabled: false }])
      expect(problemOf(await admin.call('PATCH', `${ACCOUNTS}/boss`, { body }))).toBe('own_account');
    expect(problemOf(await admin.call('POST', `${ACCOUNTS}/boss/password`))).toBe('own_account');
    expect(problemOf(await admin.call('DELETE', `${ACCOUNTS}/boss/totp`))).toBe('own_account');
  });

  test.each([
    ['disabled', { disabled: true }],
    ['given another role', { role: 'oncall' }],
    ['given another scope', { scope: { kind: 'regions', regionIds: ['UA-32'] } }],
  ])('an account that is %s loses its running sessions, with their sockets', async (what, body) => {
    const username = `person-${what.length}`;
    const caller = await makeDuty(username);
    const page = await server.connect('/console', { caller });
    const goodbye = heard(page, LIVE_MESSAGES.goodbye);
    expect((await admin.call('PATCH', `${ACCOUNTS}/${username}`, { body })).status).toBe(200);
    expect(Goodbye.parse(await goodbye).code).toBe('unauthenticated');
    expect((await caller.get(SESSION)).status).toBe(401);
    const again = await signIn({ username, password: PASSWORD });
    expect(again.status).toBe('disabled' in body ? 401 : 200);
  });

  test('reset: the old password and second factor are worth nothing', async () => {
    await makeDuty('lost');
    const reply = await admin.call('POST', `${ACCOUNTS}/lost/password`);
    const { oneTimePassword } = AccountWithPassword.parse(reply.body);
    expect((await signIn({ username: 'lost', password: PASSWORD })).status).toBe(401);
    const who = WhoAmI.parse((await signIn({ username: 'lost', password: oneTimePassword })).body);
    expect(who.setup).toEqual(['password']);
  });

  test('makes no two accounts of a name, and none for a place that is not there', async () => {
    const body = {
      username: 'boss',
      displayName: { uk: 'Б', en: 'B' },
      role: 'duty',
      scope: { kind: 'regions', regionIds: ['UA-99'] },
    };
    expect(problemOf(await admin.call('POST', ACCOUNTS, { body }))).toBe('unknown_region');
    const named = { ...body, scope: { kind: 'nation' } };
    expect(problemOf(await admin.call('POST', ACCOUNTS, { body: named }))).toBe('account_exists');
  });

  test('everything is in the audit, and no password or key', async () => {
    const text = JSON.stringify(await (await redis.connect()).xRange(keys.audit('nation'), '-', '+'));
    for (const action of ['account.create', 'account.change', 'account.unlock', 'account.set-totp'])
      expect(text).toContain(action);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('vk_');
  });
});

test('another site can do none of it with our cookie', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  for (const [method, path] of [
    ['POST', ACCOUNTS],
    ['PATCH', `${ACCOUNTS}/boss`],
    ['DELETE', `${ACCOUNTS}/boss/totp`],
    ['POST', `${SESSION}/confirm`],
    ['POST', '/api/v1/account/password'],
    ['DELETE', '/api/v1/sessions'],
    ['POST', KEYS],
  ] as const)
    expect(problemOf(await admin.call(method, path, { headers })), path).toBe('origin_refused');
});

test('keys of a facility are shown once, rotate with overlap, and open nothing once revoked', async () => {
  const issue = async () =>
    IssuedFacilityKey.parse((await admin.call('POST', KEYS, { body: undefined })).body);
  const first = await issue();
  const second = await issue();
  const send = async (key: string) =>
    (
      await server.stranger().call('POST', '/api/v1/custody/events', {
        body: { events: [] },
        headers: { authorization: `Bearer ${key}` },
      })
    ).status;
  expect([await send(first.key), await send(second.key)]).not.toContain(401);
  const listed = await admin.get(KEYS);
  expect(JSON.stringify(listed.body)).not.toContain(first.key.slice(-43));
  expect((await admin.call('DELETE', `${KEYS}/${first.view.keyId}`)).status).toBe(204);
  expect(await send(first.key)).toBe(401);
  expect(await send(second.key)).not.toBe(401);
  expect(problemOf(await admin.call('DELETE', `${KEYS}/${first.view.keyId}`))).toBe('unknown_key');
});
