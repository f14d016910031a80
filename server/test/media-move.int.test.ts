import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import {
  ConsumersClosed,
  Done,
  FeedAvailable,
  MEDIA_MESSAGES,
  MediaJoined,
  MediaMove,
  MediaWatching,
  ViewerClosed,
} from '#contract/media.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { ControlNode } from './fixtures/control-node.ts';
import { areaStatus } from './fixtures/live-records.ts';
import {
  createGrantKeys,
  type MediaReplica,
  type Page,
  readAudit,
  startMediaReplica,
} from './fixtures/media-replica.ts';
import { person } from './fixtures/nation.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const CELL_1 = 'ua-68-itt-1-cell-1-cam-1';
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
const situation = person('situation');
const grantKeys = createGrantKeys();
const soon = { timeout: 5_000, interval: 5 };

let stack: AsyncDisposableStack;
let redis: TestRedis;
let node: ControlNode;
let replica: MediaReplica;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  redis = stack.use(await startTestRedis());
  node = await startNode('sfu-1');
  replica = await startReplica();
});
afterEach(() => stack.disposeAsync());

async function startNode(nodeId: string, record = {}): Promise<ControlNode> {
  const options = { nodeId, redis: await redis.connect(), keys: grantKeys.publicJwks, record };
  const started = stack.use(await ControlNode.start(options));
  for (const feedId of [CELL_1, CELL_2]) started.live.add(feedId);
  return started;
}

async function startReplica(): Promise<MediaReplica> {
  const started = stack.use(await startMediaReplica(redis, grantKeys));
  await vi.waitFor(() => expect(started.module.ready()).toBeUndefined(), soon);
  return started;
}

/** Another node, that the replica has found; farther away than the first, so that nobody goes there unasked. */
async function startOther(record = {}): Promise<ControlNode> {
  const other = await startNode('sfu-2', { load: 0.5, ...record });
  await vi.waitFor(() => expect(other.connections).toBe(1), soon);
  return other;
}

async function join(page: Page, request: object = {}) {
  const joined = await page.ask(MEDIA_MESSAGES.join, request, MediaJoined);
  if (!joined.ok) throw new Error(`not joined: ${joined.code}`);
  return joined.result;
}

/** Joins anew and gives the transport's id. */
async function joinNew(page: Page, request: object = {}) {
  const joined = await join(page, request);
  if (joined.adopted) throw new Error('adopted');
  return { nodeId: joined.nodeId, transportId: joined.transport.id };
}

async function watch(page: Page, ...feedIds: string[]): Promise<Record<string, string>> {
  const feeds = feedIds.map((feedId) => ({ feedId, layer: 'low' }));
  const watched = await page.ask(MEDIA_MESSAGES.watch, { rtpCapabilities: {}, feeds }, MediaWatching);
  if (!watched.ok) throw new Error(`not watched: ${watched.code}`);
  return Object.fromEntries(
    watched.result.feeds.map((feed) => [feed.feedId, feed.ok ? feed.consumer.id : feed.code]),
  );
}

function collect<S extends z.ZodType>(page: Page, name: string, schema: S): z.infer<S>[] {
  const heard: z.infer<S>[] = [];
  page.socket.on(name, (payload: unknown) => heard.push(schema.parse(payload)));
  return heard;
}

const consumersOf = (at: ControlNode) =>
  [...at.viewers.values()].flatMap(({ consumers }) => [...consumers.values()]).sort();

describe('a node that drains', () => {
  test('has its pages told to move, which they do make before break', async () => {
    const page = await replica.openPage(situation);
    const moves = collect(page, MEDIA_MESSAGES.move, MediaMove);
    const first = await joinNew(page);
    const { [CELL_1]: old1 = '', [CELL_2]: old2 = '' } = await watch(page, CELL_1, CELL_2);
    const other = await startOther();
    await node.register({ draining: true });
    await vi.waitFor(() => expect(moves).toEqual([{ transportId: first.transportId }]), soon);

    const second = await joinNew(page, { beside: true });
    expect(second.nodeId).toBe('sfu-2');
    expect(node.viewers.size).toBe(1);
    const dtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: 'AA' }] };
    await page.ask(MEDIA_MESSAGES.connect, { transportId: second.transportId, dtlsParameters }, Done);
    expect(other.heard).toContain('viewer:connect');

    const { [CELL_1]: new1 = '', [CELL_2]: new2 = '' } = await watch(page, CELL_1, CELL_2);
    expect([consumersOf(node), consumersOf(other)]).toEqual([[old1, old2].sort(), [new1, new2].sort()]);
    // Each message goes to whoever has the consumer.
    const resumed: unknown[] = [];
    for (const at of [node, other])
      at.answers['viewer:resume'] = ({ consumerIds }) => {
        resumed.push([at.nodeId, consumerIds]);
        return { ok: true, result: {} };
      };
    await page.ask(MEDIA_MESSAGES.resume, { consumerIds: [old2, new1] }, Done);
    expect(resumed.sort()).toEqual([
      ['sfu-1', [old2]],
      ['sfu-2', [new1]],
    ]);
    await page.ask(MEDIA_MESSAGES.unwatch, { consumerIds: [old1] }, Done);
    expect([consumersOf(node), consumersOf(other)]).toEqual([[old2], [new1, new2].sort()]);

    expect(await page.ask(MEDIA_MESSAGES.leave, { transportId: first.transportId }, Done)).toMatchObject({
      ok: true,
    });
    expect([node.viewers.size, other.viewers.size]).toEqual([0, 1]);
    expect(moves).toHaveLength(1);
  });

  test('keeps its pages when there is no other, and has them told as soon as there is one', async () => {
    const page = await replica.openPage(situation);
    const moves = collect(page, MEDIA_MESSAGES.move, MediaMove);
    const { transportId } = await joinNew(page);
    await node.register({ draining: true });
    await vi.waitFor(() => expect(replica.module.ready()).toBeDefined(), soon);
    expect(await page.ask(MEDIA_MESSAGES.join, { beside: true }, MediaJoined)).toMatchObject({
      code: 'no_sfu',
    });
    expect(moves).toEqual([]);
    await watch(page, CELL_1);
    await startOther();
    await vi.waitFor(() => expect(moves).toEqual([{ transportId }]), soon);
  });
});

describe('a page with two transports', () => {
  async function setUp() {
    const page = await replica.openPage(situation);
    const closed = {
      consumers: collect(page, MEDIA_MESSAGES.consumersClosed, ConsumersClosed),
      viewers: collect(page, MEDIA_MESSAGES.viewerClosed, ViewerClosed),
    };
    const first = await joinNew(page);
    const { [CELL_1]: old = '' } = await watch(page, CELL_1);
    const second = await joinNew(page, { beside: true });
    const { [CELL_1]: now = '' } = await watch(page, CELL_1);
    return { page, closed, first, second, old, now };
  }

  test('may have both on the same node, when that one is well', async () => {
    const { page, first, second, old, now } = await setUp();
    expect([first.nodeId, second.nodeId]).toEqual(['sfu-1', 'sfu-1']);
    expect(node.viewers.size).toBe(2);
    expect(consumersOf(node)).toEqual([old, now].sort());
    await page.ask(MEDIA_MESSAGES.leave, { transportId: first.transportId }, Done);
    expect([...node.viewers.values()].map(({ transportId }) => transportId)).toEqual([second.transportId]);
    // And back again: the ids of the two take turns.
    const third = await joinNew(page, { beside: true });
    expect(node.viewers.size).toBe(2);
    await page.ask(MEDIA_MESSAGES.leave, { transportId: second.transportId }, Done);
    expect([...node.viewers.values()].map(({ transportId }) => transportId)).toEqual([third.transportId]);
  });

  test('loses what it still had on the one that it leaves, and nothing else', async () => {
    const { closed, old, now } = await setUp();
    const [viewerId] = node.viewers.keys();
    node.emit('viewer:closed', { viewerId, code: 'shutting_down' });
    await vi.waitFor(
      () =>
        expect(closed.consumers).toEqual([
          { consumers: [{ consumerId: old, feedId: CELL_1, code: 'shutting_down' }] },
        ]),
      soon,
    );
    expect(closed.viewers).toEqual([]);
    expect(consumersOf(node)).toContain(now);
  });

  test('is told of the end of both, when the new one ends', async () => {
    const { page, closed } = await setUp();
    const [, viewerId = ''] = node.viewers.keys();
    node.viewers.delete(viewerId);
    node.emit('viewer:closed', { viewerId, code: 'internal' });
    await vi.waitFor(
      () => expect(closed.viewers).toEqual([{ code: 'internal' }, { code: 'internal' }]),
      soon,
    );
    expect((await joinNew(page)).nodeId).toBe('sfu-1');
    await vi.waitFor(() => expect(node.viewers.size).toBe(1), soon);
  });

  test('stays where it was, when it gives the new one up', async () => {
    const { page, second, old } = await setUp();
    await page.ask(MEDIA_MESSAGES.leave, { transportId: second.transportId }, Done);
    expect(consumersOf(node)).toEqual([old]);
    expect(await watch(page, CELL_1)).toEqual({ [CELL_1]: old });
  });

  test('loses an area that becomes confidential on both at once', async () => {
    await setUp();
    await replica.live.writer.commit('UA-68', {
      areas: [areaStatus('ua-68-itt-1-cell-1', { confidentialSince: new Date().toISOString() })],
    });
    await vi.waitFor(() => expect(consumersOf(node)).toEqual([]), { timeout: 250, interval: 1 });
  });

  test('hears once of a feed that can be had', async () => {
    const { page } = await setUp();
    const available = collect(page, MEDIA_MESSAGES.available, FeedAvailable);
    node.live.delete(CELL_2);
    expect(await watch(page, CELL_2)).toEqual({ [CELL_2]: 'feed_not_live' });
    node.emit('feed:available', { nodeId: node.nodeId, feedId: CELL_2 });
    await vi.waitFor(() => expect(available).toEqual([{ feedId: CELL_2 }]), soon);
  });

  test('sees a feed once, without a break, by the record', async () => {
    const { page, first } = await setUp();
    await page.ask(MEDIA_MESSAGES.leave, { transportId: first.transportId }, Done);
    await page.ask(MEDIA_MESSAGES.leave, {}, Done);
    await vi.waitFor(
      async () => {
        const entries = (await readAudit(redis, 'UA-68')).filter(({ action }) =>
          action.startsWith('viewing'),
        );
        const viewings = entries.flatMap(({ details }) => (details && CELL_1 in details ? [details] : []));
        expect(viewings).toHaveLength(2);
      },
      { timeout: 8_000, interval: 20 },
    );
  });

  test.each(['first', 'second'] as const)(
    'comes back to its %s transport on another replica',
    async (which) => {
      const [sessionId, tabId] = [randomUUID(), randomUUID()];
      const page = await replica.openPage(situation, { sessionId, tabId });
      const transports = { first: await joinNew(page), second: await joinNew(page, { beside: true }) };
      const { [CELL_1]: consumerId = '' } = await watch(page, CELL_1);
      const other = await startReplica();
      await replica.kill();
      const back = await other.openPage(situation, { sessionId, tabId });
      const joined = await join(back, { have: { ...transports[which], feeds: [CELL_1] } });
      expect(joined.adopted).toBe(true);
      if (which === 'second') expect(await watch(back, CELL_1)).toEqual({ [CELL_1]: consumerId });
    },
  );
});

describe('a node from which nothing comes', () => {
  const silent = (page: Page, transportId: string) => page.ask(MEDIA_MESSAGES.silent, { transportId }, Done);

  test('is left by all of its pages when half of them say so, and gets nobody new', async () => {
    const pages = await Promise.all(Array.from({ length: 4 }, () => replica.openPage(situation)));
    const moves = pages.map((page) => collect(page, MEDIA_MESSAGES.move, MediaMove));
    const joined = await Promise.all(pages.map((page) => joinNew(page)));
    const other = await startOther();
    const say = async (index: number) => {
      const [page, transport] = [pages[index], joined[index]];
      if (page && transport) await silent(page, transport.transportId);
    };
    await say(0);
    await say(0);
    expect(moves.flat()).toEqual([]);
    const client = await redis.connect();
    expect(await client.exists(SFU_KEYS.aside('sfu-1'))).toBe(0);
    await say(1);
    await vi.waitFor(() => expect(moves).toEqual(joined.map(({ transportId }) => [{ transportId }])), soon);
    // Nodes that get nothing from there either may know.
    await vi.waitFor(async () => expect(await client.pTTL(SFU_KEYS.aside('sfu-1'))).toBeGreaterThan(0), soon);
    const [page] = pages;
    expect((await joinNew(page as Page, { beside: true })).nodeId).toBe('sfu-2');
    expect((await joinNew(await replica.openPage(situation))).nodeId).toBe('sfu-2');
    expect(other.viewers.size).toBe(2);
  });

  test('stays in use when there is no other', async () => {
    const page = await replica.openPage(situation);
    const moves = collect(page, MEDIA_MESSAGES.move, MediaMove);
    const { transportId } = await joinNew(page);
    await silent(page, transportId);
    expect((await joinNew(await replica.openPage(situation))).nodeId).toBe('sfu-1');
    expect(moves).toEqual([]);
  });

  test('is not judged by transports that are none of the page’s', async () => {
    const page = await replica.openPage(situation);
    await joinNew(page);
    await startOther();
    expect(await silent(page, 'transport-999')).toMatchObject({ ok: true });
    expect((await joinNew(await replica.openPage(situation))).nodeId).toBe('sfu-1');
  });
});
