import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#contract/errors.ts';
import { RoleId } from '#contract/session.ts';
import { type Action, ROLE_ACTIONS } from '../../config/roles/roles.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

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

/** What everybody may ask, without saying who they are. */
const OPEN = [
  'GET /api/docs',
  'GET /api/openapi.json',
  // Whoever has an exported audit may check it.
  'GET /api/v1/audit/keys',
  'GET /api/v1/custody/events/schema.json',
  'GET /healthz',
  'GET /metrics',
  'GET /readyz',
  // What WHIP can do here (RFC 9725 §4.2), the same for everybody.
  'OPTIONS /whep/{feedId}',
  'OPTIONS /whep/{feedId}/{player}',
  'OPTIONS /whip/{feedId}',
  'OPTIONS /whip/{feedId}/{resource}',
  // A fresh screen asks for a code; the code opens nothing until somebody enrols it.
  'POST /api/v1/display/pairing',
];
/** The one path on which strangers become somebody. */
const SESSION_PATH = '/api/v1/session';

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

// None of these calls has a body, and their ids lead nowhere: whoever is let in changes nothing.
const knock = (caller: Caller, { method, path }: Route, headers = {}) =>
  caller.call(method, path, { headers });

describe('every route of the API document', () => {
  test('without an identity is open on purpose, or closed', async () => {
    expect(routes.length).toBeGreaterThan(15);
    const open = routes.filter(({ scheme }) => scheme === undefined).map(({ name }) => name);
    expect(open.toSorted()).toEqual(OPEN);
    for (const route of routes.filter(({ scheme, path }) => scheme !== undefined && path !== SESSION_PATH)) {
      const reply = await knock(server.stranger(), route);
      expect(reply.status, route.name).toBe(401);
      expect(Problem.parse(reply.body).code, route.name).toBe('unauthenticated');
    }
  });

  test.each(RoleId.options)('lets role %s do what its table says, and nothing else', async (role) => {
    const caller = await server.signIn(ACCOUNT_OF[role]);
    for (const route of routes.filter(({ scheme, path }) => scheme === 'session' && path !== SESSION_PATH)) {
      const reply = await knock(caller, route);
      if (ROLE_ACTIONS[role].includes(route.action))
        expect([401, 405], route.name).not.toContain(reply.status);
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

  test('of people takes no facility key', async () => {
    const authorization = `Bearer ${await server.facilityKey('ua-68-itt-1')}`;
    for (const route of routes.filter(({ scheme, path }) => scheme === 'session' && path !== SESSION_PATH))
      expect((await knock(server.stranger(), route, { authorization })).status, route.name).toBe(401);
  });
});
