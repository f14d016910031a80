import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIVE_MESSAGES, LiveSubscribed } from '#contract/live.ts';
import { Nation } from '#contract/nation.ts';
import { createApi } from '../../client/session/api.ts';
import { createLiveStore, isCurrent } from '../../client/store/live-store.ts';
import { createLiveSync } from '../../client/store/live-sync.ts';
import { askServer } from './fixtures/console-link.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const STAYS = 'ua-68-itt-1-cell-1';
const REMOVED = 'ua-68-itt-1-cell-2';
const ADDED = 'ua-68-itt-1-cell-77';

let redis: TestRedis;
let folder: string;
beforeAll(async () => {
  redis = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'varta-nation-'));
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The sample nation with one area less and one more. */
async function changedNation(): Promise<string> {
  const nation = Nation.parse(
    JSON.parse(await readFile(new URL('../../config/nation/sample-ua.json', import.meta.url), 'utf8')),
  );
  const like = nation.areas.find(({ id }) => id === STAYS);
  if (!like) throw new Error(`no ${STAYS}`);
  const added = {
    ...like,
    id: ADDED,
    name: { uk: 'Камера 77', en: 'Cell 77' },
    feeds: like.feeds.map((feed) => ({ ...feed, id: feed.id.replace(STAYS, ADDED) })),
  };
  const areas = [...nation.areas.filter(({ id }) => id !== REMOVED), added];
  const path = join(folder, 'nation.json');
  // Outlines stand in a file of their own beside the nation's.
  await writeFile(path, JSON.stringify({ ...nation, areas, geometry: undefined }));
  return path;
}

/** What a page runs on, without a browser: its own code, at whichever server there is. */
function openPage() {
  let at: { server: TestServer; caller: Caller; socket: Socket } | undefined;
  const { call } = createApi({
    fetch: async (path, init) => {
      if (!at) throw new Error('no server');
      const headers = new Headers(init?.headers);
      headers.set('cookie', at.caller.cookie);
      return fetch(`${at.server.origin}${String(path)}`, { ...init, headers });
    },
    timeoutMs: 10_000,
    onUnauthenticated: () => {},
  });
  const asked: string[] = [];
  const store = createLiveStore();
  const sync = createLiveSync({
    store,
    api: {
      call: (path, options) => {
        asked.push(path);
        return call(path, options);
      },
    },
    subscribe: async () => {
      if (!at) throw new Error('no server');
      const about = { name: LIVE_MESSAGES.subscribe, reply: LiveSubscribed };
      return { ok: true, value: await askServer(at.socket, about, { regions: [], batched: true }) };
    },
    observeServerTime: () => {},
    serverNowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
  });
  return {
    store,
    sync,
    async connect(server: TestServer) {
      const caller = await server.signIn('situation');
      const socket = await server.connect('/console', { caller });
      at = { server, caller, socket };
      sync.handleOpen();
    },
    knows: () => [STAYS, REMOVED, ADDED].map((id) => store.getState().registry?.areaById[id] !== undefined),
    registriesAsked: () => asked.filter((path) => path.includes('/registry')).length,
  };
}

test('a page that stays open through a restart with another nation file knows the new areas, and not the old ones', async () => {
  const page = openPage();
  const first = await startTestServer({ redisUrl: redis.url });
  const twin = await startTestServer({ redisUrl: redis.url });
  await page.connect(first);
  page.sync.start();
  await eventually(page.knows).toEqual([true, true, false]);
  await eventually(() => isCurrent(page.store.getState())).toBe(true);

  // Another replica of the same nation knows the same.
  page.sync.handleLost('offline');
  await first[Symbol.asyncDispose]();
  await page.connect(twin);
  await eventually(() => isCurrent(page.store.getState())).toBe(true);
  expect(page.registriesAsked()).toBe(1);

  page.sync.handleLost('offline');
  await twin[Symbol.asyncDispose]();
  await using changed = await startTestServer({
    redisUrl: redis.url,
    environment: { NATION_FILE: await changedNation() },
  });
  await page.connect(changed);
  await eventually(page.knows).toEqual([true, false, true]);
  await eventually(() => isCurrent(page.store.getState())).toBe(true);
  expect(page.registriesAsked()).toBe(2);
  page.sync[Symbol.dispose]();
});
