import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { FeedId } from '#contract/ids.ts';
import {
  ConsumersClosed,
  Done,
  FeedAvailable,
  MAX_WATCHED,
  MEDIA_MESSAGES,
  MediaJoined,
  MediaWatching,
  ViewerClosed,
} from '#contract/media.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { ControlNode } from './fixtures/control-node.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { type MediaReplica, readAudit } from './fixtures/media-replica.ts';
import { collect, join, type MediaWorld, SOON, startMediaWorld, watch } from './fixtures/media-world.ts';
import { person } from './fixtures/nation.ts';
import type { TestRedis } from './fixtures/redis.ts';

const CELL_1 = 'ua-68-itt-1-cell-1-cam-1';
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
const MEDICAL = 'ua-68-itt-1-medical-cam-1';
const ELSEWHERE = 'ua-46-itt-1-cell-1-cam-1';

const situation = person('situation');
const duty68 = person('duty', { kind: 'regions', regionIds: ['UA-68'] });

let world: MediaWorld;
let redis: TestRedis;
let node: ControlNode;
let replica: MediaReplica;

beforeEach(async () => {
  world = await startMediaWorld([CELL_1, CELL_2, MEDICAL, ELSEWHERE]);
  ({ redis, node, replica } = world);
});
afterEach(() => world[Symbol.asyncDispose]());

const viewerOf = (sessionId: string, tabId: string) => `${sessionId}.${tabId}`;
const only = () => {
  const [viewer, ...more] = node.viewers.values();
  if (!viewer || more.length > 0) throw new Error(`${node.viewers.size} viewers`);
  return viewer;
};

describe('what a page may see', () => {
  test('a feed of the own region is given, one of another region is not, and neither spoils the other', async () => {
    const page = await replica.openPage(duty68);
    await join(page);
    const answers = await watch(page, CELL_1, ELSEWHERE, 'ua-68-itt-1-cell-9-cam-1');
    expect(answers).toEqual({
      [CELL_1]: expect.stringMatching(/^consumer-/),
      [ELSEWHERE]: 'forbidden',
      'ua-68-itt-1-cell-9-cam-1': 'unknown_feed',
    });
    expect(only().granted).toEqual([CELL_1]);
  });

  test('what was asked for out of scope is on record', async () => {
    const page = await replica.openPage(duty68);
    await join(page);
    await watch(page, ELSEWHERE);
    await vi.waitFor(async () => {
      const entries = await readAudit(redis, 'UA-46');
      expect(entries).toMatchObject([
        { actor: { id: 'duty' }, action: 'feed.watch', outcome: 'refused', details: { code: 'forbidden' } },
      ]);
    }, SOON);
  });

  test('a role without video does not even get a transport', async () => {
    const page = await replica.openPage(person('admin'));
    expect(await page.ask(MEDIA_MESSAGES.join, {}, MediaJoined)).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    expect(node.viewers.size).toBe(0);
  });

  test('nothing without having joined', async () => {
    const page = await replica.openPage(situation);
    const feeds = [{ feedId: CELL_1, layer: 'low' }];
    expect(await page.ask(MEDIA_MESSAGES.watch, { rtpCapabilities: {}, feeds }, MediaWatching)).toMatchObject(
      { ok: false, code: 'unknown_viewer' },
    );
  });

  test('an area that may not be watched while occupied opens when custody says that it is empty', async () => {
    const page = await replica.openPage(situation);
    const available = collect(page, MEDIA_MESSAGES.available, FeedAvailable);
    await join(page);
    expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: 'confidential' });
    await replica.live.writer.commit('UA-68', { areas: [areaStatus('ua-68-itt-1-medical')] });
    await vi.waitFor(() => expect(available).toEqual([{ feedId: MEDICAL }]), SOON);
    expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: expect.stringMatching(/^consumer-/) });
  });

  test('a feed that is not live yet is waited for, and no longer once it is given up', async () => {
    node.live.delete(CELL_1);
    const page = await replica.openPage(situation);
    const available = collect(page, MEDIA_MESSAGES.available, FeedAvailable);
    await join(page);
    expect(await watch(page, CELL_1)).toEqual({ [CELL_1]: 'feed_not_live' });
    expect(only().granted).toEqual([CELL_1]);
    node.emit('feed:available', { nodeId: node.nodeId, feedId: CELL_2 });
    node.emit('feed:available', { nodeId: node.nodeId, feedId: CELL_1 });
    await vi.waitFor(() => expect(available).toEqual([{ feedId: CELL_1 }]), SOON);

    await page.ask(MEDIA_MESSAGES.unwatch, { consumerIds: [], feedIds: [CELL_1] }, Done);
    expect(only().granted).toEqual([]);
  });
});

describe('rights that end', () => {
  test('an area becomes confidential: its picture ends within 250 ms, others go on', async () => {
    const page = await replica.openPage(situation);
    const closed = collect(page, MEDIA_MESSAGES.consumersClosed, ConsumersClosed);
    await join(page);
    const { [CELL_1]: consumerId } = await watch(page, CELL_1, CELL_2);

    const since = performance.now();
    await replica.live.writer.commit('UA-68', {
      areas: [areaStatus('ua-68-itt-1-cell-1', { confidentialSince: new Date().toISOString() })],
    });
    await vi.waitFor(() => expect([...only().consumers.keys()]).toEqual([CELL_2]), {
      timeout: 3000,
      interval: 1,
    });
    expect(performance.now() - since).toBeLessThan(250);
    await vi.waitFor(
      () => expect(closed).toEqual([{ consumers: [{ consumerId, feedId: CELL_1, code: 'confidential' }] }]),
      SOON,
    );
    expect(await watch(page, CELL_1)).toEqual({ [CELL_1]: 'confidential' });
  });

  test('an area becomes confidential: nodes hear at once to look at it no more', async () => {
    const told: FeedId[][] = [];
    node.answers['feed:unlook'] = ({ feedIds }) => {
      told.push(feedIds);
      return { ok: true, result: {} };
    };
    await world.startReplica({ lookEveryMs: 60_000 });
    const confidentialSince = new Date().toISOString();
    await replica.live.writer.commit('UA-68', {
      areas: [
        areaStatus('ua-68-itt-1-cell-1', { confidentialSince }),
        areaStatus('ua-68-itt-1-yard', { confidentialSince }),
      ],
    });
    await vi.waitFor(() => expect(told).toEqual([['ua-68-itt-1-yard-cam-1']]), SOON);
  });

  test('the end of a session ends its viewers on this replica, and only those', async () => {
    const [mine, other] = [
      await replica.openPage(situation, { sessionId: 'a-session' }),
      await replica.openPage(duty68),
    ];
    const closed = collect(mine, MEDIA_MESSAGES.viewerClosed, ViewerClosed);
    await join(mine);
    await join(other);
    const since = performance.now();
    replica.module.endSession('a-session');
    await vi.waitFor(() => expect(node.viewers.size).toBe(1), { timeout: 3000, interval: 1 });
    expect(performance.now() - since).toBeLessThan(250);
    await vi.waitFor(() => expect(closed).toEqual([{ code: 'unauthenticated' }]), SOON);
    expect(await mine.ask(MEDIA_MESSAGES.join, {}, MediaJoined)).toMatchObject({ code: 'unauthenticated' });
  });

  test('also of a page that has just gone, whether we put it out or the line broke', async () => {
    for (const leave of ['disconnect', 'break'] as const) {
      const page = await replica.openPage(situation, { sessionId: `session-${leave}` });
      await join(page);
      await vi.waitFor(() => expect(node.viewers.size).toBe(1), SOON);
      // `disconnect` of the engine is what a broken line looks like; the namespace hears no goodbye.
      page.socket.io.engine.close();
      await vi.waitFor(() => expect(replica.module.viewerCount()).toBe(0), SOON);
      expect(node.viewers.size).toBe(1);
      replica.module.endSession(`session-${leave}`);
      await vi.waitFor(() => expect(node.viewers.size).toBe(0), SOON);
    }
  });

  test('a page that leaves is gone at once', async () => {
    const page = await replica.openPage(situation);
    await join(page);
    await page.ask(MEDIA_MESSAGES.leave, {}, Done);
    expect(node.viewers.size).toBe(0);
    const again = await replica.openPage(situation);
    await join(again);
    again.socket.disconnect();
    await vi.waitFor(() => expect(node.viewers.size).toBe(0), SOON);
  });
});

describe('grants', () => {
  test('are renewed while the page is there, and not any more when it is gone', async () => {
    const page = await replica.openPage(situation);
    await join(page);
    await watch(page, CELL_1);
    const before = only().grants;
    await vi.waitFor(() => expect(only().grants).toBeGreaterThan(before), { timeout: 8_000 });
    expect(only().granted).toEqual([CELL_1]);

    page.socket.io.engine.close();
    await vi.waitFor(() => expect(replica.module.viewerCount()).toBe(0), SOON);
    const heardBefore = node.heard.length;
    const other = await replica.openPage(situation);
    await join(other);
    // By the time the second page is renewed, the first would have been too.
    await vi.waitFor(() => expect(node.heard.slice(heardBefore)).toContain('viewer:renew'), {
      timeout: 8_000,
    });
    expect(node.heard.slice(heardBefore).filter((name) => name === 'viewer:renew')).toHaveLength(1);
  });

  test('what may not be watched with somebody inside closes when nobody knows: Redis is away', async () => {
    await replica.live.writer.commit('UA-68', { areas: [areaStatus('ua-68-itt-1-medical')] });
    const page = await replica.openPage(situation);
    await join(page);
    await vi.waitFor(
      async () =>
        expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: expect.stringMatching(/^consumer-/) }),
      SOON,
    );
    await watch(page, CELL_1);
    const since = performance.now();
    await redis.kill();
    await vi.waitFor(() => expect([...only().consumers.keys()]).toEqual([CELL_1]), {
      timeout: 5_000,
      interval: 1,
    });
    // Long before its grant ends: that is for when the server is gone, too.
    expect(performance.now() - since).toBeLessThan(2_000);
    await redis.start();
    await vi.waitFor(
      async () =>
        expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: expect.stringMatching(/^consumer-/) }),
      { timeout: 10_000 },
    );
  });

  test('and when the record goes on and nobody turns it into status', async () => {
    await replica.live.writer.commit('UA-68', { areas: [areaStatus('ua-68-itt-1-medical')] });
    const page = await replica.openPage(situation);
    const closed = collect(page, MEDIA_MESSAGES.consumersClosed, ConsumersClosed);
    await join(page);
    await vi.waitFor(
      async () =>
        expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: expect.stringMatching(/^consumer-/) }),
      SOON,
    );
    await watch(page, CELL_1);
    // There is no projector here.
    const connection = await redis.connect();
    const streamId = await connection.xAdd(keys.custody('UA-68'), '*', { json: '{}' });
    await vi.waitFor(() => expect([...only().consumers.keys()]).toEqual([CELL_1]), { timeout: 10_000 });
    await vi.waitFor(
      () =>
        expect(closed.flatMap(({ consumers }) => consumers)).toMatchObject([
          { feedId: MEDICAL, code: 'confidential' },
        ]),
      SOON,
    );
    await connection.set(keys.custodyPosition('UA-68'), `any ${streamId}`);
    await vi.waitFor(
      async () =>
        expect(await watch(page, MEDICAL)).toEqual({ [MEDICAL]: expect.stringMatching(/^consumer-/) }),
      SOON,
    );
  });

  test('nothing new is shown while nobody knows what is confidential; what is shown survives a short outage', async () => {
    const page = await replica.openPage(situation);
    await join(page);
    const { [CELL_1]: consumerId } = await watch(page, CELL_1);
    await redis.kill();
    await vi.waitFor(() => expect(replica.live.view.current).toBe(false), SOON);
    const feeds = [{ feedId: CELL_2, layer: 'low' }];
    expect(await page.ask(MEDIA_MESSAGES.watch, { rtpCapabilities: {}, feeds }, MediaWatching)).toMatchObject(
      { ok: false, code: 'store_unavailable' },
    );
    await redis.start();
    await vi.waitFor(() => expect(replica.live.view.current).toBe(true), { timeout: 10_000 });
    expect(await watch(page, CELL_1, CELL_2)).toEqual({
      [CELL_1]: consumerId,
      [CELL_2]: expect.stringMatching(/^consumer-/),
    });
  });
});

describe('a viewer outlives its socket and its server', () => {
  test('another replica adopts it; the page gets the consumers that it has', async () => {
    const [sessionId, tabId] = [randomUUID(), randomUUID()];
    const page = await replica.openPage(situation, { sessionId, tabId });
    const joined = await join(page);
    if (joined.adopted) throw new Error('adopted out of nothing');
    const before = await watch(page, CELL_1, CELL_2);
    await replica.kill();

    const second = await world.startReplica();
    const back = await second.openPage(situation, { sessionId, tabId });
    const have = { nodeId: node.nodeId, transportId: joined.transport.id, feeds: [CELL_1, CELL_2] };
    expect(await join(back, { have })).toEqual({
      adopted: true,
      viewerId: viewerOf(sessionId, tabId),
      nodeId: node.nodeId,
    });
    expect([...only().consumers.keys()]).toEqual([CELL_1, CELL_2]);
    expect(await watch(back, CELL_1, CELL_2)).toEqual(before);
  });

  test('what the page may not see any more is not adopted with it', async () => {
    const [sessionId, tabId] = [randomUUID(), randomUUID()];
    const page = await replica.openPage(situation, { sessionId, tabId });
    const joined = await join(page);
    if (joined.adopted) throw new Error('adopted out of nothing');
    await watch(page, CELL_1, ELSEWHERE);
    const back = await replica.openPage(duty68, { sessionId, tabId });
    await join(back, {
      have: { nodeId: node.nodeId, transportId: joined.transport.id, feeds: [CELL_1, ELSEWHERE] },
    });
    expect([...only().consumers.keys()]).toEqual([CELL_1]);
  });

  test('a transport that does not live any more is replaced', async () => {
    const page = await replica.openPage(situation);
    const joined = await join(page, {
      have: { nodeId: node.nodeId, transportId: 'long-gone', feeds: [CELL_1] },
    });
    expect(joined.adopted).toBe(false);
  });

  test('the replica that lost the page does not speak for it any more', async () => {
    const [sessionId, tabId] = [randomUUID(), randomUUID()];
    const second = await world.startReplica();
    const old = await replica.openPage(situation, { sessionId, tabId });
    await join(old);
    const now = await second.openPage(situation, { sessionId, tabId });
    await join(now);
    await vi.waitFor(() => expect(replica.module.viewerCount()).toBe(0), SOON);
    expect(second.module.viewerCount()).toBe(1);
    expect(await old.ask(MEDIA_MESSAGES.resume, { consumerIds: ['consumer-1'] }, Done)).toMatchObject({
      code: 'unknown_viewer',
    });
  });
});

describe('nodes in trouble', () => {
  test('a node that dies: its pages are told, and find another one', async () => {
    const page = await replica.openPage(situation);
    const closed = collect(page, MEDIA_MESSAGES.viewerClosed, ViewerClosed);
    await join(page);
    const other = await world.startNode('sfu-2');
    await vi.waitFor(() => expect(other.connections).toBe(1), SOON);
    await node.kill();
    await vi.waitFor(() => expect(closed).toEqual([{ code: 'no_sfu' }]), { timeout: 15_000 });
    expect((await join(page)).nodeId).toBe('sfu-2');
  });

  test('a node that comes back without its viewers: the page is told at once', async () => {
    const page = await replica.openPage(situation);
    const closed = collect(page, MEDIA_MESSAGES.viewerClosed, ViewerClosed);
    await join(page);
    await node.kill();
    node.viewers.clear();
    await node.listen();
    await vi.waitFor(() => expect(closed).toEqual([{ code: 'unknown_viewer' }]), { timeout: 5_000 });
    expect((await join(page)).adopted).toBe(false);
  });

  test('a short break of the control connection is nobody’s business', async () => {
    const page = await replica.openPage(situation);
    const closed = collect(page, MEDIA_MESSAGES.viewerClosed, ViewerClosed);
    await join(page);
    await watch(page, CELL_1);
    const before = only().grants;
    await node.kill();
    await node.listen();
    await vi.waitFor(() => expect(only().grants).toBeGreaterThan(before), { timeout: 5_000 });
    expect(closed).toEqual([]);
    expect(only().consumers.size).toBe(1);
  });

  test('no node: said so, also by ready(); and served as soon as there is one', async () => {
    await node.register({ gone: true });
    await vi.waitFor(() => expect(replica.module.ready()).toBe('no sfu node is registered'), SOON);
    const page = await replica.openPage(situation);
    expect(await page.ask(MEDIA_MESSAGES.join, {}, MediaJoined)).toMatchObject({ ok: false, code: 'no_sfu' });
    const joining = join(page);
    await world.startNode('sfu-2');
    expect((await joining).nodeId).toBe('sfu-2');
  });

  test('a draining node gets nobody new', async () => {
    await world.startNode('sfu-2', { load: 0.8 });
    await node.register({ draining: true });
    const page = await replica.openPage(situation);
    expect((await join(page)).nodeId).toBe('sfu-2');
  });

  test('a node that hangs costs a coded refusal, and holds up no other viewer', async () => {
    node.answers['viewer:watch'] = () => new Promise(() => {});
    const [stuck, other] = [await replica.openPage(situation), await replica.openPage(situation)];
    await join(stuck);
    await join(other);
    const hanging = stuck.ask(
      MEDIA_MESSAGES.watch,
      { rtpCapabilities: {}, feeds: [{ feedId: CELL_1, layer: 'low' }] },
      MediaWatching,
    );
    expect(await other.ask(MEDIA_MESSAGES.resume, { consumerIds: ['x'] }, Done)).toMatchObject({ ok: true });
    expect(await stuck.ask(MEDIA_MESSAGES.resume, { consumerIds: ['x'] }, Done)).toMatchObject({ ok: true });
    expect(await hanging).toMatchObject({ ok: false, code: 'sfu_timeout' });
  });

  test.each([
    ['nothing', undefined],
    ['a result of another shape', { ok: true, result: { feeds: 'all of them' } }],
    ['an unknown code', { ok: false, code: 'because', message: 'because' }],
    ['a number', 7],
  ])('a node that answers %s', async (_, answer) => {
    node.answers['viewer:watch'] = () => answer;
    const page = await replica.openPage(situation);
    await join(page);
    const feeds = [{ feedId: CELL_1, layer: 'low' }];
    expect(await page.ask(MEDIA_MESSAGES.watch, { rtpCapabilities: {}, feeds }, MediaWatching)).toMatchObject(
      { ok: false, code: 'internal' },
    );
    expect(await page.ask(MEDIA_MESSAGES.leave, {}, Done)).toMatchObject({ ok: true });
  });

  test('events that no contract knows change nothing', async () => {
    const page = await replica.openPage(situation);
    await join(page);
    for (const payload of [undefined, 1, {}, { viewerId: 5 }, { viewerId: 'x'.repeat(9), code: 'because' }]) {
      node.emit('viewer:closed', payload);
      node.emit('viewer:consumers-closed', payload);
      node.emit('feed:available', payload);
    }
    expect(Object.keys(await watch(page, CELL_1))).toEqual([CELL_1]);
  });
});

describe('garbage from pages', () => {
  const anything: unknown[] = [
    undefined,
    null,
    1,
    'text',
    [],
    { unknown: true },
    { __proto__: null, feeds: [] },
    { feeds: [{ feedId: '../../etc', layer: 'low' }], rtpCapabilities: {} },
    { feeds: [{ feedId: CELL_1, layer: 'ultra' }], rtpCapabilities: {} },
    {
      feeds: Array.from({ length: MAX_WATCHED + 1 }, () => ({ feedId: CELL_1, layer: 'low' })),
      rtpCapabilities: {},
    },
    { consumerIds: Array.from({ length: MAX_WATCHED + 1 }, () => 'c') },
    { consumerIds: [{}] },
    { have: { nodeId: 'UPPER', transportId: '' } },
    { transportId: 't', dtlsParameters: { fingerprints: [] } },
  ];
  const messages = Object.values(MEDIA_MESSAGES).filter((name) => !/closed|available|move/.test(name));

  test.each(messages)('%s: a coded refusal each, and nothing else happens', async (name) => {
    const page = await replica.openPage(situation);
    await join(page);
    await watch(page, CELL_1);
    const before = node.heard.length;
    for (const payload of anything) {
      // To leave with nothing to say is not garbage.
      if (name === MEDIA_MESSAGES.leave && payload === undefined) continue;
      // Nor is a message that is right for this name.
      const answer = await page.ask(name, payload, z.unknown());
      expect([payload, answer]).toEqual([payload, expect.objectContaining({ ok: false, code: 'invalid' })]);
    }
    const sent = node.heard.slice(before).filter((message) => message !== 'viewer:renew');
    expect(sent).toEqual([]);
    expect(only().consumers.size).toBe(1);
  });

  test('a message without acknowledgement, and one with too many arguments', async () => {
    const page = await replica.openPage(situation);
    await join(page);
    page.socket.emit(MEDIA_MESSAGES.watch, { feeds: 7 });
    page.socket.emit(MEDIA_MESSAGES.watch, 1, 2, 3, () => {});
    expect(Object.keys(await watch(page, CELL_1))).toEqual([CELL_1]);
  });
});

describe('bounds', () => {
  test('a session has so many pages that watch, and no more', async () => {
    const sessionId = randomUUID();
    for (let count = 0; count < 16; count++) await join(await replica.openPage(situation, { sessionId }));
    const more = await replica.openPage(situation, { sessionId });
    expect(await more.ask(MEDIA_MESSAGES.join, {}, MediaJoined)).toMatchObject({ code: 'limit_reached' });
    await join(await replica.openPage(situation));
    expect(node.viewers.size).toBe(17);
  });

  test('a page that joins without end is refused, and has one transport in the end', async () => {
    const page = await replica.openPage(situation);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => page.ask(MEDIA_MESSAGES.join, {}, MediaJoined)),
    );
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]).toMatchObject({ code: 'rate_limited' });
    expect(node.viewers.size).toBe(1);
    expect(Object.keys(await watch(page, CELL_1))).toEqual([CELL_1]);
  });
});

describe('viewings', () => {
  test('who saw which feed from when to when', async () => {
    const page = await replica.openPage(duty68);
    await join(page);
    const { [CELL_1]: consumerId } = await watch(page, CELL_1, CELL_2);
    await page.ask(MEDIA_MESSAGES.unwatch, { consumerIds: [consumerId] }, Done);
    const instant = expect.stringMatching(/^\d{4}-[\d-]+T[\d:.]+Z$/);
    const interval = expect.stringMatching(/^\d{4}-[\d-]+T[\d:.]+Z\/\d{4}-[\d-]+T[\d:.]+Z$/);
    await vi.waitFor(
      async () =>
        expect(
          (await readAudit(redis, 'UA-68')).map(({ actor, action, details }) => [actor.id, action, details]),
        ).toEqual([
          ['duty', 'viewing.begin', { viewerId: expect.any(String), [CELL_1]: instant, [CELL_2]: instant }],
          ['duty', 'viewing.end', { viewerId: expect.any(String), [CELL_1]: interval }],
        ]),
      { timeout: 8_000 },
    );
    page.socket.disconnect();
    await vi.waitFor(
      async () =>
        expect((await readAudit(redis, 'UA-68')).at(-1)?.details).toMatchObject({ [CELL_2]: interval }),
      { timeout: 8_000 },
    );
  });
});
