import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ConsumersClosed,
  Done,
  FeedAvailable,
  MEDIA_MESSAGES,
  MediaJoined,
  MediaMove,
  ViewerClosed,
} from '#contract/media.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import type { ControlNode } from './fixtures/control-node.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { type MediaReplica, type Page, readAudit } from './fixtures/media-replica.ts';
import { collect, join, type MediaWorld, SOON, startMediaWorld, watch } from './fixtures/media-world.ts';
import { person } from './fixtures/nation.ts';
import type { TestRedis } from './fixtures/redis.ts';

const CELL_1 = 'ua-68-itt-1-cell-1-cam-1';
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
const situation = person('situation');

let world: MediaWorld;
let redis: TestRedis;
let node: ControlNode;
let replica: MediaReplica;

beforeEach(async () => {
  world = await startMediaWorld([CELL_1, CELL_2]);
  ({ redis, node, replica } = world);
});
afterEach(() => world[Symbol.asyncDispose]());

/** Another node, that the replica has found; farther away than the first, so that nobody goes there unasked. */
async function startOther(record = {}): Promise<ControlNode> {
  const other = await world.startNode('sfu-2', { load: 0.5, ...record });
  await vi.waitFor(() => expect(other.connections).toBe(1), SOON);
  return other;
}

/** Joins anew and gives the transport's id. */
async function joinNew(page: Page, request: object = {}) {
  const joined = await join(page, request);
  if (joined.adopted) throw new Error('adopted');
  return { nodeId: joined.nodeId, transportId: joined.transport.id };
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
    await vi.waitFor(() => expect(moves).toEqual([{ transportId: first.transportId }]), SOON);

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
    await vi.waitFor(() => expect(replica.module.ready()).toBeDefined(), SOON);
    expect(await page.ask(MEDIA_MESSAGES.join, { beside: true }, MediaJoined)).toMatchObject({
      code: 'no_sfu',
    });
    expect(moves).toEqual([]);
    await watch(page, CELL_1);
    await startOther();
    await vi.waitFor(() => expect(moves).toEqual([{ transportId }]), SOON);
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
      SOON,
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
      SOON,
    );
    expect((await joinNew(page)).nodeId).toBe('sfu-1');
    await vi.waitFor(() => expect(node.viewers.size).toBe(1), SOON);
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
    await vi.waitFor(() => expect(available).toEqual([{ feedId: CELL_2 }]), SOON);
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
      const other = await world.startReplica();
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
    await vi.waitFor(() => expect(moves).toEqual(joined.map(({ transportId }) => [{ transportId }])), SOON);
    // Nodes that get nothing from there either may know.
    await vi.waitFor(async () => expect(await client.pTTL(SFU_KEYS.aside('sfu-1'))).toBeGreaterThan(0), SOON);
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
