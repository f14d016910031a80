import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { accessPage } from '../../config/roles/access-page.ts';
import {
  ACTIONS,
  type Action,
  ANONYMOUS_ACTIONS,
  DISPLAY_ACTIONS,
  FACILITY_ACTIONS,
  INTAKE_ACTIONS,
  ROLE_ACTIONS,
} from '../../config/roles/roles.ts';
import { DISPLAY_ROUTES, MESSAGES, ROUTES, URL_DESCRIPTIONS } from '../../config/roles/surface.ts';
import { keptRoutes } from '../wall/kept/kept-routes.ts';
import * as kinds from '../wall/kept/kinds.ts';
import { readModules } from './imports/read-modules.ts';
import { findStrays } from './surface/find-strays.ts';
import { readFrom, readRoutes, toRouteName, type WrittenRoute } from './surface/read-routes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = [...(await readModules(root)).keys()].filter(
  (path) => path.startsWith('server/') && !/(?:^server\/(?:test|bench)\/|\.test\.ts$)/.test(path),
);
/** Routes that are the same for several kinds of things: made, and read as they are made. */
const FAMILY = 'server/wall/kept/kept-routes.ts';
const NOBODY = { store: {} as never, audit: {} as never, now: Date.now };
const nowhere = { area: () => undefined };
const made: WrittenRoute[] = [
  ...keptRoutes(kinds.scenes(nowhere), NOBODY),
  ...keptRoutes(kinds.layouts(nowhere), NOBODY),
  ...keptRoutes(kinds.filters(), NOBODY),
  ...keptRoutes(kinds.tours(nowhere), NOBODY),
  ...keptRoutes(kinds.walls(), NOBODY),
].map(({ method, path, action, authentication, displays }) => ({
  path: FAMILY,
  name: toRouteName(method, path),
  action,
  authentication,
  displays: displays === true,
}));
const written = [
  ...(await readRoutes(
    modules.filter((path) => path !== FAMILY),
    readFrom(root),
  )),
  ...made,
];

const contracts: object[] = await Promise.all(
  readdirSync(join(root, 'server/contract'))
    .filter((name) => /^(?!.*\.test\.ts$).*\.ts$/.test(name))
    .map((name) => import(join(root, 'server/contract', name))),
);

const actionsByRoute = new Map(
  Object.entries(ROUTES).flatMap(([action, names]) => names.map((name) => [name, action] as const)),
);

/** What is wrong with routes, held against the table. */
function complaintsOf(routes: readonly WrittenRoute[]): string[] {
  return routes.flatMap(({ path, name, action, authentication, displays }) => {
    // Its two addresses are made at run time; the walk over the API document sees them.
    if (name === undefined && path === 'server/media/whip/sdp-http.ts' && authentication === 'none')
      return [];
    if (name === undefined) return [`${path}: the address of a route cannot be read`];
    const rule = actionsByRoute.get(name);
    if (rule === undefined) return [`${name}: no rule in config/roles/surface.ts`];
    if (action !== rule) return [`${name}: asks about ${action}, the rule says ${rule}`];
    if (displays !== DISPLAY_ROUTES.includes(name)) return [`${name}: for displays, or not?`];
    return mayBe(authentication, rule as Action) ? [] : [`${name}: nobody who calls it may ${action}`];
  });
}

/** Whether anybody who comes this way has the right that is asked for. */
function mayBe(authentication: string | undefined, action: Action): boolean {
  switch (authentication) {
    case 'none':
      return ANONYMOUS_ACTIONS.includes(action);
    case 'facility-key':
      return FACILITY_ACTIONS.includes(action);
    case 'intake-key':
      return INTAKE_ACTIONS.includes(action);
    case 'display':
      return DISPLAY_ACTIONS.includes(action);
    default:
      return Object.values(ROLE_ACTIONS).some((actions) => actions.includes(action));
  }
}

const planted = async (text: string) => complaintsOf(await readRoutes(['planted.ts'], async () => text));

describe('the table of routes', () => {
  test('has a rule for every route that is written, and they agree', () => {
    expect(written.length).toBeGreaterThan(90);
    expect(complaintsOf(written)).toEqual([]);
  });

  test('sees every kind of thing that the routes of a family are made for', () => {
    expect(Object.keys(kinds).toSorted()).toEqual(['filters', 'layouts', 'scenes', 'tours', 'walls']);
  });

  test('has no rule for what is not there', () => {
    const names = written.map(({ name }) => name);
    expect([...actionsByRoute.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(DISPLAY_ROUTES.filter((name) => !names.includes(name))).toEqual([]);
    expect(URL_DESCRIPTIONS.every((name) => name.startsWith('OPTIONS '))).toBe(true);
    expect(Object.keys(ROUTES)).toEqual(Object.keys(ACTIONS));
  });

  test.each([
    [
      'a route without a rule',
      "defineRoute({ method: 'get', path: '/api/v1/everybody', action: 'case.read', authentication: 'session' });",
      'GET /api/v1/everybody: no rule in config/roles/surface.ts',
    ],
    [
      'a route whose address is put together',
      `const base = '/api/v1';
      const one = { path: \`\${base}/secret/:id\`, authentication: 'none' } as const;
      defineRoute({ ...one, method: 'post', action: 'service.probe' });`,
      'POST /api/v1/secret/{id}: no rule in config/roles/surface.ts',
    ],
    [
      'another right than the rule says',
      "defineRoute({ method: 'get', path: '/api/v1/cases', action: 'registry.read', authentication: 'session' });",
      'GET /api/v1/cases: asks about registry.read, the rule says case.read',
    ],
    [
      'a closed route that is open to everybody',
      "defineRoute({ method: 'get', path: '/api/v1/cases', action: 'case.read', authentication: 'none' });",
      'GET /api/v1/cases: nobody who calls it may case.read',
    ],
    [
      'a route that displays may call all of a sudden',
      "defineRoute({ method: 'get', path: '/api/v1/cases', action: 'case.read', authentication: 'session', displays: true });",
      'GET /api/v1/cases: for displays, or not?',
    ],
    [
      'an address that nobody can read',
      "defineRoute({ method: 'get', path: whatever(), action: 'service.probe', authentication: 'none' });",
      'planted.ts: the address of a route cannot be read',
    ],
  ])('finds %s', async (_, text, complaint) => {
    expect(await planted(text)).toEqual([complaint]);
  });
});

describe('the way in', () => {
  test('is the table of routes alone: nothing else is put on the app, and nothing else listens', () => {
    const strays = modules.flatMap((path) => findStrays(path, readFileSync(join(root, path), 'utf8')));
    expect(strays).toEqual([]);
  });

  const ANYWHERE = 'server/custody/planted.ts';
  const APP = 'server/adapters/http/app.ts';
  const CLIENT = 'server/adapters/http/static-client.ts';
  const ROUTER = 'server/adapters/http/router.ts';
  test.each([
    [APP, "app.get('/api/v1/x', (request, response) => response.json({}));"],
    [APP, 'app.post(SOMEWHERE, handler);'],
    [APP, "app.use('/api/v1/x', handler);"],
    [APP, "app.route('/api/v1/x').get(handler);"],
    [APP, "app['get']('/api/v1/x', handler);"],
    [APP, "express().get('/api/v1/x', handler);"],
    [APP, "other.put('/x', handler);"],
    [ROUTER, "app.get('/api/v1/x', handler);"],
    [ROUTER, "app.all('/api/v1/x', handler);"],
    [ROUTER, 'app[verb](path, handler);'],
    [CLIENT, "app.get('/api/v1/x', handler);"],
    [CLIENT, "app.use('/whep', handler);"],
    [CLIENT, "const PAGES = ['/', '/api/v1/x'];\napp.get(PAGES, handler);"],
    [CLIENT, 'app.get(PAGES, handler);'],
    [CLIENT, "app.post('/', handler);"],
    [ANYWHERE, "import { Router } from 'express';"],
    [ANYWHERE, "import express from 'express';"],
    [ANYWHERE, "import type { Express, Request } from 'express';"],
    [ANYWHERE, "import { createServer } from 'node:http';\ncreateServer(listener);"],
    [ANYWHERE, "server.on('request', listener);"],
    [
      ANYWHERE,
      "const one: AnyRoute = { method: 'get', path: '/api/v1/x', action: 'service.probe', authentication: 'none', summary: '', handle: () => undefined };",
    ],
    [
      ANYWHERE,
      "routes.push({ ...shared, path: '/api/v1/x', method: 'post', handle } as unknown as AnyRoute);",
    ],
  ])('finds in %s: %s', (path, text) => {
    expect(findStrays(path, text)).not.toEqual([]);
  });

  test('finds nothing in what is as it should be', () => {
    const fine = [
      [APP, "app.use(compression({ threshold: 1 }));\napp.set('etag', false);\napp.get('etag');"],
      [ROUTER, 'app[route.method](route.path, first);\napp.all(path, second);'],
      [
        CLIENT,
        "const PAGES = ['/', '/map'];\napp.get(PAGES, page);\napp.use('/assets', files);\napp.get('/*unknown', page);",
      ],
      [ANYWHERE, "defineRoute({ method: 'get', path: '/x', action: 'service.probe', handle });"],
      [ANYWHERE, "import type { Request } from 'express';\nrequest.get('If-Match');\nbook.get('/x');"],
    ] as const;
    expect(fine.flatMap(([path, text]) => findStrays(path, text))).toEqual([]);
  });
});

/** The other end: what nodes say to us, over connections that we opened. */
const NODE_LINK = 'server/media/links/control-link.ts';

describe('the table of messages', () => {
  /** Names such as `live:subscribe`, of every `…_MESSAGES` of the contract; those between nodes are typed into the table. */
  const named = contracts.flatMap((contract) =>
    Object.entries(contract)
      .filter(([name]) => name.endsWith('_MESSAGES'))
      .flatMap(([, messages]) => Object.values(messages as object))
      .filter((name) => typeof name === 'string'),
  );

  /** What servers say and nobody else. */
  const FROM_SERVERS = [
    'live:delta',
    'live:deltas',
    'live:heartbeat',
    'live:goodbye',
    'live:build',
    'media:move',
    'media:consumers-closed',
    'media:viewer-closed',
    'media:available',
    'alerts:pending',
    'alerts:path',
    'display:changed',
    'feed:demand',
    'feed:release',
  ];

  test('has a rule for every message of the contract that does not come from a server', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.toSorted()).toEqual([...Object.keys(MESSAGES), ...FROM_SERVERS].toSorted());
  });

  test('is the only way in: nothing else listens to a socket', () => {
    const life = /\.(?:on|once)\(\s*'(?:connection|disconnect|close|packetCreate|drain|error|clientError)'/;
    const listening = modules
      .filter((path) => path !== 'server/adapters/socket/on-message.ts' && path !== NODE_LINK)
      .flatMap((path) =>
        [
          ...readFileSync(join(root, path), 'utf8').matchAll(
            /\b(?:socket|page)\.(?:on|once|onAny)\([^)]{0,40}/g,
          ),
        ]
          .map(([text]) => `${path}: ${text}`)
          .filter((text) => !life.test(text)),
      );
    expect(listening).toEqual([]);
  });
});

test('the page of who may do what is made from the tables', () => {
  const page = readFileSync(join(root, 'docs/access.md'), 'utf8');
  expect(page, 'run: node config/roles/write-access-page.ts').toBe(accessPage());
});
