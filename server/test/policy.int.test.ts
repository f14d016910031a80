import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Pairing } from '#contract/displays.ts';
import { Problem } from '#contract/errors.ts';
import { RoleId } from '#contract/session.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import {
  type Action,
  ANONYMOUS_ACTIONS,
  DISPLAY_ACTIONS,
  FACILITY_ACTIONS,
  ROLE_ACTIONS,
} from '../../config/roles/roles.ts';
import { DISPLAY_ROUTES, MESSAGES, ROUTES, URL_DESCRIPTIONS } from '../../config/roles/surface.ts';
import { AuditPage } from '../audit/routes.ts';
import { eventually } from './fixtures/eventually.ts';
import { issueIntakeKey } from './fixtures/intake.ts';
import { createAccount } from './fixtures/people.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const ACCOUNT_OF: Record<RoleId, string> = {
  situation: 'situation',
  duty: 'duty-68',
  oncall: 'oncall',
  inspector: 'inspector',
  oversight: 'oversight',
  prosecutor: 'prosecutor',
  ombudsman: 'ombudsman',
  hotline: 'hotline',
  admin: 'admin',
};

/** Where strangers become somebody. */
const SESSION_PATH = '/api/v1/session';
const isDoor = ({ path }: Route) => path === SESSION_PATH || path.startsWith(`${SESSION_PATH}/oidc/`);

const Operation = z.looseObject({
  'x-varta-action': z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});
const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

interface Route {
  name: string;
  method: string;
  path: string;
  action: Action;
  scheme: string | undefined;
}

let redis: TestRedis;
let server: TestServer;
let routes: Route[];
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  const { paths } = Document.parse((await server.stranger().get('/api/openapi.json')).body);
  routes = Object.entries(paths).flatMap(([template, item]) =>
    Object.entries(item).map(([verb, operation]) => ({
      name: `${verb.toUpperCase()} ${template}`,
      method: verb.toUpperCase(),
      path: template.replace(/\{\w+\}/g, 'no-such-thing'),
      action: operation['x-varta-action'] as Action,
      scheme: Object.keys(operation.security[0] ?? {})[0],
    })),
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** Whoever has a right gets to the handler, which answers something else: none of these routes is asked about a place. */
const NOT_LET_IN = [401, 403, 405];

/** What a reply was refused with; '' when it was not. */
const refusalOf = ({ body }: { body: unknown }): string => Problem.safeParse(body).data?.code ?? '';

// None of these calls has a body, and their ids lead nowhere: whoever is let in changes nothing.
const knock = (caller: Caller, { method, path }: Route, headers = {}) =>
  caller.call(method, path, { headers });

describe('every route of the API document', () => {
  test('stands in the table of routes, under the right that it asks about, and nothing else does', () => {
    const rules = Object.entries(ROUTES).flatMap(([action, names]) => names.map((name) => [name, action]));
    const descriptions = URL_DESCRIPTIONS.map((name) => [name, 'service.probe']);
    expect(Object.fromEntries(routes.map(({ name, action }) => [name, action]))).toEqual(
      Object.fromEntries([...rules, ...descriptions]),
    );
  });

  test('without an identity is open on purpose, or closed', async () => {
    const open = routes.filter(({ scheme }) => scheme === undefined);
    for (const { name, action } of open) expect(ANONYMOUS_ACTIONS, name).toContain(action);
    for (const route of routes.filter((one) => one.scheme !== undefined && !isDoor(one))) {
      const reply = await knock(server.stranger(), route);
      expect(reply.status, route.name).toBe(401);
      expect(Problem.parse(reply.body).code, route.name).toBe('unauthenticated');
    }
  });

  test.each(RoleId.options)('lets role %s do what its table says, and nothing else', async (role) => {
    const caller = await server.signIn(ACCOUNT_OF[role]);
    for (const route of routes.filter((one) => one.scheme === 'session' && !isDoor(one))) {
      const reply = await knock(caller, route);
      if (ROLE_ACTIONS[role].includes(route.action))
        expect(NOT_LET_IN, `${route.name}: ${refusalOf(reply)}`).not.toContain(reply.status);
      else expect(reply.status, route.name).toBe(403);
    }
  });

  test('of facilities takes no session and no made-up key', async () => {
    const caller = await server.signIn('situation');
    const own = routes.filter(({ scheme }) => scheme === 'facilityKey');
    expect(own.length).toBeGreaterThan(0);
    for (const route of own) {
      expect((await knock(caller, route)).status, route.name).toBe(401);
      const reply = await knock(caller, route, {
        authorization: `Bearer vk_ua-68-itt-1_${'A'.repeat(43)}`,
      });
      expect(Problem.parse(reply.body).code, route.name).toBe('bad_facility_key');
    }
  });

  test('of facilities lets the key of a facility through', async () => {
    const authorization = `Bearer ${await server.facilityKey('ua-68-itt-1')}`;
    for (const route of routes.filter(({ scheme }) => scheme === 'facilityKey')) {
      expect(FACILITY_ACTIONS, route.name).toContain(route.action);
      const reply = await knock(server.stranger(), route, { authorization });
      expect(NOT_LET_IN, `${route.name}: ${refusalOf(reply)}`).not.toContain(reply.status);
      // Its own handler answers: what is asked for is not there, or is not said.
      expect(refusalOf(reply), route.name).toMatch(/^(?:invalid|unsupported_media_type|unknown_\w+)$/);
    }
  });

  test('of players lets a viewer’s token through, for the feed that it names', async () => {
    const person = await server.signIn('situation');
    const feedId = 'ua-68-itt-1-cell-1-cam-1';
    const given = await person.call('POST', `/api/v1/feeds/${feedId}/viewer-token`);
    const { token } = z.looseObject({ token: z.string() }).parse(given.body);
    for (const route of routes.filter(({ scheme }) => scheme === 'viewerToken')) {
      const path = route.path.replace('/no-such-thing', `/${feedId}`);
      const reply = await knock(server.stranger(), { ...route, path }, { authorization: `Bearer ${token}` });
      expect(NOT_LET_IN, `${route.name}: ${refusalOf(reply)}`).not.toContain(reply.status);
      expect(refusalOf(reply), route.name).toMatch(
        /^(?:|invalid|unsupported_media_type|offer_unusable|precondition_required|unknown_\w+|no_sfu)$/,
      );
    }
  });

  test('without an identity is answered by its handler where it is open', async () => {
    for (const route of routes.filter(({ scheme }) => scheme === undefined)) {
      const reply = await knock(server.stranger(), route);
      expect(NOT_LET_IN, `${route.name}: ${refusalOf(reply)}`).not.toContain(reply.status);
    }
  });

  test('of players takes no session, no facility key and no made-up token', async () => {
    const caller = await server.signIn('situation');
    const own = routes.filter(({ scheme }) => scheme === 'viewerToken');
    expect(own.length).toBeGreaterThan(0);
    for (const route of own) {
      expect((await knock(caller, route)).status, route.name).toBe(401);
      for (const secret of [await server.facilityKey('ua-68-itt-1'), 'a.b.c', 'x'.repeat(5_000)]) {
        const reply = await knock(caller, route, { authorization: `Bearer ${secret}` });
        expect(Problem.parse(reply.body).code, route.name).toBe('bad_viewer_token');
      }
    }
  });

  test('of outside hotlines takes no session, no facility key and no made-up key', async () => {
    const caller = await server.signIn('hotline');
    const own = routes.filter(({ scheme }) => scheme === 'intakeKey');
    expect(own.length).toBeGreaterThan(0);
    for (const route of own) {
      expect((await knock(caller, route)).status, route.name).toBe(401);
      for (const secret of [
        await server.facilityKey('ua-68-itt-1'),
        `vi_0123456789abcdef_${'A'.repeat(43)}`,
        'vi_',
      ]) {
        const reply = await knock(caller, route, { authorization: `Bearer ${secret}` });
        expect(Problem.parse(reply.body).code, route.name).toBe('bad_intake_key');
      }
    }
  });

  test('takes the key of an outside hotline on the routes of hotlines, and nowhere else', async () => {
    const { key, view } = await issueIntakeKey(server);
    const headers = { authorization: `Bearer ${key}` };
    for (const route of routes.filter((one) => one.scheme !== undefined && !isDoor(one))) {
      const reply = await knock(server.stranger(), route, headers);
      if (route.scheme === 'intakeKey') expect(NOT_LET_IN, route.name).not.toContain(reply.status);
      else expect(reply.status, route.name).toBe(401);
    }
    expect(JSON.stringify(view)).not.toContain(key);
  });

  test('of people takes no facility key', async () => {
    const authorization = `Bearer ${await server.facilityKey('ua-68-itt-1')}`;
    for (const route of routes.filter((one) => one.scheme === 'session' && !isDoor(one)))
      expect((await knock(server.stranger(), route, { authorization })).status, route.name).toBe(401);
  });
});

/** A screen that somebody has enrolled. */
async function enrolDisplay(): Promise<Caller> {
  const by = await server.signIn('situation');
  const screen = server.stranger();
  const { code } = Pairing.parse((await screen.call('POST', '/api/v1/display/pairing')).body);
  const body = { code, name: 'Ліва', place: 'Зала', diagonalInches: 55, distanceM: 4 };
  expect((await by.call('POST', '/api/v1/displays', { body })).status).toBe(201);
  return screen;
}

test('a display gets through to what displays may call, and to nothing else', async () => {
  const screen = await enrolDisplay();
  for (const route of routes.filter((one) => one.scheme === 'session' && !isDoor(one))) {
    const { status } = await knock(screen, route, { 'x-varta-display': '1' });
    if (DISPLAY_ROUTES.includes(route.name)) expect([401, 403], route.name).not.toContain(status);
    else expect(status, route.name).toBe(403);
  }
  for (const route of routes.filter(({ scheme }) => scheme === 'display')) {
    expect(DISPLAY_ACTIONS, route.name).toContain(route.action);
    expect([401, 403], route.name).not.toContain((await knock(screen, route)).status);
    // Nobody’s session is a display.
    expect((await knock(await server.signIn('situation'), route)).status, route.name).toBe(401);
  }
});

describe('every message of a socket', () => {
  const Answer = z.union([
    z.looseObject({ ok: z.literal(true) }),
    z.looseObject({ ok: z.literal(false), code: z.string() }),
  ]);
  /** What a message that says nothing is refused with; undefined when it is taken. Being refused shows no effect. */
  const codeFor = async (socket: Socket, name: string) => {
    const answer = Answer.parse(await ask(socket, name, { nothing: 'that is known' }));
    return answer.ok ? undefined : answer.code;
  };
  const handshake = () => ({ protocol: PROTOCOL_VERSION, tabId: randomUUID() });

  async function walk(socket: Socket, may: readonly Action[], denied = 'forbidden') {
    const allowed: string[] = [];
    for (const [name, action] of Object.entries(MESSAGES)) {
      const code = await codeFor(socket, name);
      if (may.includes(action)) {
        // What only equipment listens to, pages cannot send whatever they may do.
        expect(['invalid', 'not_found'], name).toContain(code);
        if (code === 'invalid') allowed.push(name);
      } else expect(code, name).toBe(denied);
    }
    socket.disconnect();
    return allowed;
  }

  test.each(RoleId.options)('does for role %s what its table says, and nothing else', async (role) => {
    const caller = await server.signIn(ACCOUNT_OF[role]);
    const socket = await server.connect('/console', { caller, auth: handshake() });
    const allowed = await walk(socket, ROLE_ACTIONS[role]);
    const expected = Object.entries(MESSAGES).filter(
      ([name, action]) => name !== 'feed:sending' && ROLE_ACTIONS[role].includes(action),
    );
    expect(allowed).toEqual(expected.map(([name]) => name));
  });

  test('does for a display what its table says, and nothing else', async () => {
    const caller = await enrolDisplay();
    const socket = await server.connect('/console', { caller, auth: { ...handshake(), display: true } });
    const allowed = await walk(socket, DISPLAY_ACTIONS);
    expect(allowed).toContain('media:watch');
    expect(allowed).not.toContain('alerts:follow');
  });

  test('does nothing for whoever still has to set up the account', async () => {
    const password = await createAccount(redis, 'newcomer', { role: 'situation' });
    const caller = server.stranger();
    await caller.call('POST', SESSION_PATH, { body: { username: 'newcomer', password } });
    await walk(await server.connect('/console', { caller, auth: handshake() }), [], 'setup_required');
  });

  test('does for the equipment of a facility nothing but to say how it sends', async () => {
    const auth = {
      protocol: PROTOCOL_VERSION,
      facilityId: 'ua-68-itt-1',
      key: await server.facilityKey('ua-68-itt-1'),
      feeds: ['ua-68-itt-1-cell-1-cam-1'],
      media: 'srtp',
    };
    const socket = await server.connect('/facility', { auth });
    expect(await walk(socket, FACILITY_ACTIONS)).toEqual(['feed:sending']);
  });

  test('that is refused stands in the audit, with who, what and why', async () => {
    const oversight = await server.signIn('oversight');
    const refused = async () =>
      AuditPage.parse(
        (await oversight.get('/api/v1/audit/entries?chain=nation&outcome=refused&order=desc&limit=500')).body,
      ).items.filter(({ actor }) => actor.id === 'situation-2');
    const caller = await server.signIn('situation-2');
    const socket = await server.connect('/console', { caller, auth: handshake() });
    expect(await codeFor(socket, 'feed:sending')).toBe('forbidden');
    await eventually(async () => (await refused()).length).toBe(1);
    expect((await refused())[0]).toMatchObject({ action: 'feed.publish', details: { code: 'forbidden' } });
  });
});
