import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { FACILITY_MESSAGES, FacilityHandshake, type FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';
import { createKeyRing } from '../facility/key-ring.ts';
import { openFacilityLink } from '../facility/link.ts';

const facilityId = 'ua-68-itt-2';
const FEEDS = ['ua-68-itt-2-cell-1-cam-1', 'ua-68-itt-2-cell-2-cam-1'] as const;
const OLD_KEY = 'old-key-of-the-facility-1';
const NEW_KEY = 'new-key-of-the-facility-2';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'varta-link-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** The server's end of the facility link, on a real socket. */
async function startServer({ port = 0, key }: { port?: number; key: string }) {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const connected: Socket[] = [];
  const handshakes: FacilityHandshake[] = [];
  io.of('/facility').use((socket, next) => {
    const handshake = FacilityHandshake.parse(socket.handshake.auth);
    handshakes.push(handshake);
    if (handshake.key === key) return next();
    const refusal = new VartaError('bad_facility_key').toRefusal();
    next(Object.assign(new Error(refusal.code), { data: refusal }));
  });
  io.of('/facility').on('connection', (socket) => connected.push(socket));
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const used = (http.address() as AddressInfo).port;
  return {
    port: used,
    url: `http://127.0.0.1:${used}`,
    connected,
    handshakes,
    [Symbol.asyncDispose]: () => io.close(),
  };
}

/** Cameras that only note what they are told. */
function createCameras() {
  const demands = new Map<FeedId, FeedDemand>();
  return {
    demands,
    feedIds: [...FEEDS],
    demand: (demand: FeedDemand) => void demands.set(demand.feedId, demand),
    release: (feedId: FeedId) => void demands.delete(feedId),
    demanded: () => [...demands.keys()],
  };
}

function demandOf(feedId: FeedId): FeedDemand {
  return {
    feedId,
    facilityId,
    target: { ip: '127.0.0.1', port: 45_000 },
    payloadType: 96,
    layers: [{ layer: 'low', ssrc: 1, wanted: true }],
    at: new Date().toISOString(),
  };
}

async function writeKey(key: string): Promise<string> {
  const file = join(dir, 'sample-keys.json');
  await writeFile(file, JSON.stringify({ [facilityId]: key }));
  return file;
}

async function openLink(url: string, key: string, confirmMs?: number) {
  const keys = createKeyRing(await writeKey(key));
  await keys.refresh();
  const cameras = createCameras();
  const link = openFacilityLink({
    facilityId,
    serverUrl: url,
    keys,
    cameras,
    log: pino({ level: 'silent' }),
    ...(confirmMs === undefined ? {} : { confirmMs }),
  });
  return { cameras, link, [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}

test('it says whose equipment it is, and follows demands and releases', async () => {
  await using server = await startServer({ key: OLD_KEY });
  await using opened = await openLink(server.url, OLD_KEY);
  await expect.poll(() => server.connected.length).toBe(1);
  expect(server.handshakes).toEqual([{ protocol: 1, facilityId, key: OLD_KEY, feeds: [...FEEDS] }]);
  const [socket] = server.connected;
  const demand = demandOf(FEEDS[0]);
  socket?.emit(FACILITY_MESSAGES.demand, demand);
  await expect.poll(() => opened.cameras.demands.get(FEEDS[0])).toEqual(demand);
  socket?.emit(FACILITY_MESSAGES.release, { feedId: FEEDS[0], facilityId, at: demand.at });
  await expect.poll(() => opened.cameras.demanded()).toEqual([]);
});

test('messages of a wrong shape do nothing', async () => {
  await using server = await startServer({ key: OLD_KEY });
  await using opened = await openLink(server.url, OLD_KEY);
  await expect.poll(() => server.connected.length).toBe(1);
  const [socket] = server.connected;
  for (const wrong of [null, 'x', {}, { ...demandOf(FEEDS[0]), target: { ip: 7, port: 'x' } }]) {
    socket?.emit(FACILITY_MESSAGES.demand, wrong);
    socket?.emit(FACILITY_MESSAGES.release, wrong);
  }
  // In order, so this one comes after all the wrong ones.
  socket?.emit(FACILITY_MESSAGES.demand, demandOf(FEEDS[1]));
  await expect.poll(() => opened.cameras.demanded()).toEqual([FEEDS[1]]);
  expect(opened.link.connected).toBe(true);
});

test('a refused key is read again, until there is one that is taken', async () => {
  await using server = await startServer({ key: NEW_KEY });
  await using opened = await openLink(server.url, OLD_KEY);
  await expect.poll(() => server.handshakes.length).toBeGreaterThan(0);
  expect(opened.link.connected).toBe(false);
  await writeKey(NEW_KEY);
  await expect.poll(() => opened.link.connected, { timeout: 20_000 }).toBe(true);
  expect(server.handshakes.at(-1)?.key).toBe(NEW_KEY);
});

test('pictures go on while the server restarts; what it does not ask for again stops', async () => {
  const first = await startServer({ key: OLD_KEY });
  await using opened = await openLink(first.url, OLD_KEY, 300);
  await expect.poll(() => first.connected.length).toBe(1);
  for (const feedId of FEEDS) first.connected[0]?.emit(FACILITY_MESSAGES.demand, demandOf(feedId));
  await expect.poll(() => opened.cameras.demanded().length).toBe(2);

  await first[Symbol.asyncDispose]();
  await expect.poll(() => opened.link.connected).toBe(false);
  expect(opened.cameras.demanded()).toEqual([...FEEDS]);

  await using second = await startServer({ key: OLD_KEY, port: first.port });
  await expect.poll(() => second.connected.length, { timeout: 10_000 }).toBe(1);
  second.connected[0]?.emit(FACILITY_MESSAGES.demand, demandOf(FEEDS[1]));
  await expect.poll(() => opened.cameras.demanded(), { timeout: 5_000 }).toEqual([FEEDS[1]]);
});

test('a link that the server closes comes back', async () => {
  await using server = await startServer({ key: OLD_KEY });
  await using _opened = await openLink(server.url, OLD_KEY);
  await expect.poll(() => server.connected.length).toBe(1);
  server.connected[0]?.disconnect(true);
  await expect.poll(() => server.connected.length, { timeout: 10_000 }).toBe(2);
});

test('a link that was disposed of stays away', async () => {
  await using server = await startServer({ key: OLD_KEY });
  const opened = await openLink(server.url, OLD_KEY);
  await expect.poll(() => server.connected.length).toBe(1);
  const gone = once(server.connected[0] as Socket, 'disconnect');
  await opened[Symbol.asyncDispose]();
  await gone;
  expect(opened.link.connected).toBe(false);
});
