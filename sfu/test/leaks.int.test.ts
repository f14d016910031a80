import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { observer } from 'mediasoup';
import type { Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playerOffer } from '../../server/test/fixtures/player-offer.ts';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { OBS } from './fixtures/offers.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';

const CYCLES = 1_000;
/** Cycles before anything is compared: allocators, pools and compiled code find their size. */
const WARM_UP = 200;
const AT_ONCE = 100;
/** Cycles share their feeds with every fourth: a feed that is opened has a bounded queue. */
const CELLS = 4;
const FEEDS = ['cam-1', 'cam-2', 'cam-3'];
/**
 * What memory may grow by over all cycles, in MiB. A cycle opens four transports (DTLS and SRTP state: tens of KiB each
 * in a worker) and eight consumers (some KiB each, at both ends): if one transport a cycle stayed, the workers would grow
 * by 20 MiB or more, and the heap by 5. What remains is the grants of all viewers, remembered for as long as they could
 * be shown again, fragmentation, and how V8 keeps its pages, none of which grows with cycles.
 */
const GROWTH = { workers: 8, heap: 4, process: 24 };
/** Either node may keep a connection to the other for a while, as pages turn and come back; both ends are in this process. */
const IDLE_FDS = 4;

let node: TestNode;
let other: TestNode;
const workers: Worker[] = [];
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  observer.on('newworker', (worker) => workers.push(worker));
  owned.defer(() => void observer.removeAllListeners('newworker'));
  node = owned.use(await startTestNode({ SFU_WORKERS: '2', SFU_LINGER_MS: '0' }));
  other = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-other', SFU_LINGER_MS: '0' }, node));
});
afterAll(() => owned.disposeAsync());

/** What is open in the workers, by their own account: routers, transports, producers, consumers. */
async function countHandlers(): Promise<number> {
  const dumps = await Promise.all(workers.map((worker) => worker.dump()));
  return dumps.reduce((sum, dump) => sum + dump.channelMessageHandlers.channelRequestHandlers.length, 0);
}

function fileDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  // The most thorough there is: what is left after it is in use.
  runInNewContext("gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })");
}

/** What there is now of everything that could be left behind; memory in MiB. */
async function takeStock() {
  collectGarbage();
  return {
    handlers: await countHandlers(),
    fds: workers.map(({ pid }) => fileDescriptors(pid)),
    ownFds: fileDescriptors(process.pid),
    memory: {
      workers: workers.reduce((sum, { pid }) => sum + residentMiB(pid), 0),
      heap: process.memoryUsage().heapUsed / 2 ** 20,
      process: residentMiB(process.pid),
    },
  };
}

async function watchAndLeave(at: TestNode, viewerId: string, feedIds: readonly string[]): Promise<void> {
  const viewer = await HeadlessViewer.join(at, viewerId);
  const consumerIds = await viewer.watch(feedIds);
  expect(consumerIds).toHaveLength(FEEDS.length);
  await viewer.unwatch(consumerIds.slice(0, 1));
  await viewer.leave();
}

async function playAndStop(viewerId: string, feedIds: readonly string[]): Promise<void> {
  const { authority, control } = node;
  await control.ask('whep:play', {
    grant: await authority.view(viewerId, feedIds.slice(0, 1)),
    sdpOffer: playerOffer(),
  });
  await control.ask('viewer:leave', { viewerId });
}

async function publishAndStop(feedId: string): Promise<void> {
  const { authority, control } = node;
  const feed = testFeed(feedId, { source: 'whip' });
  const { resourceId } = await control.ask('whip:publish', {
    grant: await authority.publish(feed),
    sdpOffer: OBS,
  });
  await control.ask('whip:stop', { grant: await authority.publish(feed), resourceId });
}

/** A page here, a page at the other node, a standard player and an encoder come and go, many at once, again and again. */
async function cycle(count: number, run: string): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const id = `${run}-${done + index}`;
        const feedIds = FEEDS.map((camera) => `cell-${index % CELLS}-${camera}`);
        await Promise.all([
          watchAndLeave(node, `viewer-${id}`, feedIds),
          watchAndLeave(other, `far-${id}`, feedIds),
          playAndStop(`player-${id}`, feedIds),
          publishAndStop(`whip-${id}`),
        ]);
      }),
    );
    // So that sources, relays and routers of players come and go with every batch.
    await untilNobodyIsLeft();
  }
}

async function untilNobodyIsLeft(): Promise<void> {
  const none = { viewers: 0, consumers: 0, feeds: 0, pipes: 0, dialects: 0 };
  const noRelays = { nodePipes: 0, relaysIn: 0, relaysOut: 0, homes: 0, outbox: 0 };
  const isOver = ({ node: { figures } }: TestNode) => {
    const now = figures();
    return Object.entries({ ...none, ...noRelays }).every(
      ([name, value]) => now[name as keyof typeof now] === value,
    );
  };
  await eventually('nothing is left', () => isOver(node) && isOver(other)).catch(() => undefined);
  for (const { node: it } of [node, other]) expect(it.figures()).toMatchObject({ ...none, ...noRelays });
}

it('leaves nothing behind after a thousand times of everybody coming and going', {
  timeout: 120_000,
}, async () => {
  await cycle(WARM_UP, 'warm');
  const before = await takeStock();
  await cycle(CYCLES, 'run');
  const after = await takeStock();
  expect(after.handlers).toBe(before.handlers);
  expect(after.fds).toEqual(before.fds);
  expect(after.ownFds - before.ownFds).toBeLessThanOrEqual(IDLE_FDS);
  for (const part of ['workers', 'heap', 'process'] as const)
    expect(after.memory[part] - before.memory[part], `growth of ${part}, MiB`).toBeLessThan(GROWTH[part]);
  for (const { demands } of [node, other]) expect((await demands()).size).toBe(0);
});

it('handles what one viewer is told in the order in which it was told', async () => {
  const { authority, control } = node;
  const grants = [];
  for (const feeds of [['cell-1'], ['cell-1', 'cell-2'], ['cell-2']])
    grants.push(await authority.view('viewer-z', feeds));
  const [first, second, third] = grants;
  const answers = await Promise.all([
    control.send('viewer:join', { grant: first }),
    control.send('viewer:renew', { grant: second }),
    control.send('viewer:renew', { grant: third }),
    control.send('viewer:renew', { grant: second }),
    control.send('viewer:leave', { viewerId: 'viewer-z' }),
    control.send('viewer:renew', { grant: third }),
  ]);
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual([
    ...['ok', 'ok', 'ok', 'grant_invalid', 'ok', 'unknown_viewer'],
  ]);
  expect(node.node.figures().viewers).toBe(0);
});

it('refuses feeds for which no port is left, one by one, and takes them when there is room again', async () => {
  const first = await findFreePorts(3);
  const range = { SFU_INGEST_PORT_MIN: String(first), SFU_INGEST_PORT_MAX: String(first + 2) };
  await using small = await startTestNode({ ...range, SFU_NODE_ID: 'sfu-small', SFU_LINGER_MS: '0' });
  const { authority, control } = small;
  const ids = ['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5'];
  const joined = await control.ask('viewer:join', { grant: await authority.view('viewer-s', []) });
  if (joined.adopted) throw new Error('expected a new viewer');
  const watch = async () => {
    const { feeds } = await control.ask('viewer:watch', {
      grant: await authority.view('viewer-s', ids),
      rtpCapabilities: joined.routerRtpCapabilities,
      feeds: ids.map((feedId) => ({ feedId, layer: 'low' })),
    });
    return feeds;
  };
  const watched = await watch();
  expect(watched.filter(({ ok }) => ok)).toHaveLength(3);
  expect(watched.flatMap((feed) => (feed.ok ? [] : [feed.code]))).toEqual(['limit_reached', 'limit_reached']);

  const consumerIds = watched.flatMap((feed) => (feed.ok ? [feed.consumer.id] : [])).slice(0, 2);
  await control.ask('viewer:unwatch', { viewerId: 'viewer-s', consumerIds });
  await eventually('the ports are free', () => small.node.figures().feeds === 1);
  expect((await watch()).filter(({ ok }) => ok)).toHaveLength(3);
});
