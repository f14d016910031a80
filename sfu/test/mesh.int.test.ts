import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PROOFS, MESH_MESSAGES, type MeshMessage } from '#contract/mesh.ts';
import type { Layer } from '#contract/nation.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { createTestAuthority, testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { type NodePair, play, startNodePair } from './fixtures/node-pair.ts';
import { OBS } from './fixtures/offers.ts';
import { meterPipes } from './fixtures/pipes.ts';
import type { TestNode } from './fixtures/test-node.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

let video: Record<Layer, Picture[]>;
let owned = new AsyncDisposableStack();

beforeAll(async () => {
  video = await encodeTestVideo();
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

const setUp = async (settings: Parameters<typeof startNodePair>[1] = {}): Promise<NodePair> =>
  owned.use(await startNodePair(video, settings));

/** An encoder in a page publishes a feed at a node. */
async function publish(
  pair: NodePair,
  node: TestNode,
  feedId: string,
  layers = 1,
): Promise<() => Promise<void>> {
  const { page } = await pair.browser.open();
  const feed = testFeed(feedId, { source: 'whip' });
  const sdpOffer = await page.evaluate((it) => window.publisher.offer(it), { codec: 'video/VP8', layers });
  const grant = await node.authority.publish(feed);
  const { sdpAnswer, resourceId } = await node.control.ask('whip:publish', { grant, sdpOffer });
  await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
  return async () => {
    await node.control.ask('whip:stop', { grant: await node.authority.publish(feed), resourceId });
  };
}

/** The same sequence for the same seed (mulberry32), from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a feed that enters one node', () => {
  it('is seen by viewers of another one, crosses once, and no longer than somebody is there', async () => {
    const meter = owned.use(meterPipes());
    const { home, other, browser, camera } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const viewers = [];
    for (const id of ['viewer-one', 'viewer-two', 'viewer-three'])
      viewers.push(await TestViewer.join(other, browser, id));
    for (const viewer of viewers) await play(viewer);
    expect(home.node.figures()).toMatchObject({ homes: 1, relaysOut: 1, relaysIn: 0, nodePipes: 1 });
    expect(other.node.figures()).toMatchObject({
      ...{ homes: 0, relaysOut: 0, relaysIn: 1, nodePipes: 1 },
      ...{ viewers: 3, consumers: 3, feeds: 1 },
    });
    expect(await home.client.hGet(SFU_KEYS.homes, 'cell-1')).toBe('sfu-home');
    // The camera is asked by the feed's home alone.
    expect((await other.demands()).size).toBe(0);
    expect(camera.counts.releases).toBe(0);

    // What crosses is what the camera sends, once, for all three of them.
    const before = { sent: camera.totalBytes, crossed: await meter.sentBytes() };
    for (const viewer of viewers) await viewer.sees('cell-1', 20);
    const sent = camera.totalBytes - before.sent;
    const crossed = (await meter.sentBytes()) - before.crossed;
    expect(crossed / sent).toBeGreaterThan(0.8);
    expect(crossed / sent).toBeLessThan(1.4);

    for (const viewer of viewers) await viewer.unwatch('cell-1');
    await eventually('the relay ends', () => home.node.figures().relaysOut === 0);
    expect(home.node.figures()).toMatchObject({ nodePipes: 0, feeds: 1 });
    await eventually('nothing is left over there', () => other.node.figures().nodePipes === 0);
    expect(other.node.figures()).toMatchObject({ feeds: 0, relaysIn: 0 });
  });

  it('goes with others through one pipe, into one worker of the other node, and on from there', async () => {
    const { home, other, browser } = await setUp({ other: { SFU_WORKERS: '2' } });
    const near = await TestViewer.join(home, browser, 'viewer-home');
    await near.watch(['cell-1', 'cell-2']);
    await near.resume('cell-1', 'cell-2');
    await near.seesAll(['cell-1', 'cell-2']);
    const one = await TestViewer.join(other, browser, 'viewer-one');
    await play(one, 'cell-1');
    await play(await TestViewer.join(other, browser, 'viewer-two'), 'cell-1');
    expect(other.node.figures()).toMatchObject({ relaysIn: 1, nodePipes: 1, pipes: 1 });
    await one.watch(['cell-1', 'cell-2']);
    await one.resume('cell-2');
    await one.seesAll(['cell-1', 'cell-2']);
    expect(other.node.figures()).toMatchObject({ relaysIn: 2, nodePipes: 1 });
    expect(home.node.figures()).toMatchObject({ relaysOut: 2, nodePipes: 1 });
  });

  it('comes with a whole wall of others at once', async () => {
    const { home, other } = await setUp();
    const feedIds = Array.from({ length: 150 }, (_, index) => `wall-${index}`);
    const near = await HeadlessViewer.join(home, 'viewer-near');
    expect(await near.watch(feedIds)).toHaveLength(150);
    const far = await HeadlessViewer.join(other, 'viewer-far');
    expect(await far.watch(feedIds)).toHaveLength(150);
    expect(other.node.figures()).toMatchObject({ relaysIn: 150, nodePipes: 1, consumers: 150 });
    expect(home.node.figures()).toMatchObject({ relaysOut: 150, nodePipes: 1, homes: 150 });
    await other.control.ask('viewer:leave', { viewerId: 'viewer-far' });
    await eventually('nothing is left', () => other.node.figures().nodePipes === 0);
    await home.control.ask('viewer:leave', { viewerId: 'viewer-near' });
    await eventually('nobody is at home', async () => (await home.client.hLen(SFU_KEYS.homes)) === 0);
    expect(home.node.figures()).toMatchObject({ homes: 0, feeds: 0 });
  });

  it('leaves nothing behind, whoever comes and goes in whatever order', async () => {
    const meter = owned.use(meterPipes());
    const { home, other } = await setUp({
      home: { SFU_WORKERS: '2', SFU_LINGER_MS: '0' },
      other: { SFU_WORKERS: '2', SFU_LINGER_MS: '0' },
    });
    const random = seededRandom(20_261_122);
    const feedIds = Array.from({ length: 12 }, (_, index) => `busy-${index}`);
    const viewers = await Promise.all(
      [home, home, other, other, other].map(async (node, index) => ({
        node,
        viewer: await HeadlessViewer.join(node, `viewer-${index}`),
      })),
    );
    for (let round = 0; round < 60; round += 1) {
      // All at once: what one of them asks for, another one has just let go of.
      await Promise.all(
        viewers.map(async ({ viewer }) => {
          const wanted = feedIds.filter(() => random() < 0.4);
          if (wanted.length === 0 || random() < 0.3) await viewer.renew(wanted);
          // A feed whose home changes at this very moment is asked for again by a page.
          else await viewer.watch(wanted).catch(() => undefined);
        }),
      );
    }
    const [{ viewer: last }] = viewers as [(typeof viewers)[number]];
    expect(await last.watch(feedIds)).toHaveLength(feedIds.length);
    for (const { node, viewer } of viewers)
      await node.control.ask('viewer:leave', { viewerId: viewer.viewerId });
    for (const { node } of [home, other])
      await eventually('nothing is left', () => {
        const { feeds, homes, relaysIn, relaysOut, nodePipes, pipes, consumers } = node.figures();
        return feeds + homes + relaysIn + relaysOut + nodePipes + pipes + consumers === 0;
      });
    expect(meter.open).toBe(0);
    expect(await home.client.hLen(SFU_KEYS.homes)).toBe(0);
  });

  it('costs the link the layers that are watched over there, and nothing while its tiles are hidden', async () => {
    const meter = owned.use(meterPipes());
    const { home, other, browser, camera } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const far = await TestViewer.join(other, browser, 'viewer-far');
    await play(far);
    const wanted = () => camera.demand?.layers.filter((layer) => layer.wanted).map(({ layer }) => layer);
    expect(wanted()).toEqual(['low']);
    await far.prefer('cell-1', 'high');
    await eventually('the large picture', async () => (await far.stats('cell-1')).width === 640);
    expect(wanted()).toEqual(['low', 'high']);
    await far.prefer('cell-1', 'low');
    await eventually('the small picture', async () => (await far.stats('cell-1')).width === 320);
    await eventually('high is not asked for any more', () => wanted()?.join() === 'low');

    await far.pause('cell-1');
    let last = -1;
    await eventually(
      'nothing crosses',
      async () => {
        const before = last;
        last = await meter.sentBytes();
        return last === before;
      },
      { everyMs: 500 },
    );
    expect(home.node.figures()).toMatchObject({ relaysOut: 1 });
    await far.resume('cell-1');
    await far.sees('cell-1');
  });

  it('is asked for a keyframe across the link when somebody comes over there', async () => {
    const { home, other, browser, camera } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    await play(await TestViewer.join(other, browser, 'viewer-early'));
    const { keyframeRequests } = camera.counts;
    const late = await TestViewer.join(other, browser, 'viewer-late');
    await late.watch(['cell-1']);
    await late.resume('cell-1');
    await eventually('the request', () => camera.counts.keyframeRequests > keyframeRequests);
    await late.sees('cell-1');
  });

  it('is published at one node and seen at another, whoever comes first', async () => {
    const pair = await setUp();
    const { home, other, browser } = pair;
    const feed = testFeed('whip-1', { source: 'whip' });
    const far = await TestViewer.join(other, browser, 'viewer-far');
    expect(await far.watch([feed])).toMatchObject([{ ok: false, code: 'feed_not_live' }]);
    const stop = await publish(pair, home, 'whip-1');
    // Servers hear it from the home, and tell pages of every node.
    await home.control.heard('feed:available', ({ feedId }) => feedId === 'whip-1');
    await far.watch([feed]);
    await far.resume('whip-1');
    await far.sees('whip-1');
    expect(await home.client.hGet(SFU_KEYS.homes, 'whip-1')).toBe('sfu-home');

    await stop();
    const closed = await other.control.heard('viewer:consumers-closed');
    expect(closed.consumers).toMatchObject([{ feedId: 'whip-1', code: 'feed_not_live' }]);
    expect(await home.client.hGet(SFU_KEYS.homes, 'whip-1')).toBeNull();
    await far.renew([feed]);
    expect(await far.watch([feed])).toMatchObject([{ ok: false, code: 'feed_not_live' }]);

    // Published again, elsewhere.
    await publish(pair, other, 'whip-1', 2);
    await far.watch([feed]);
    await far.resume('whip-1');
    await far.sees('whip-1');
    const near = await TestViewer.join(home, browser, 'viewer-near');
    await near.watch([feed], 'high');
    await near.resume('whip-1');
    await near.sees('whip-1');
    expect(other.node.figures()).toMatchObject({ homes: 1, relaysOut: 1 });
  });

  it('that is published at one node is published at no other meanwhile, unless it is to take its place', async () => {
    const pair = await setUp();
    const { home, other } = pair;
    const feed = testFeed('whip-1', { source: 'whip' });
    await publish(pair, home, 'whip-1');
    await home.reaches('whip-1', 'live');
    const grant = await other.authority.publish(feed);
    const request = (whenBusy: 'refuse' | 'replace') =>
      other.control.send('whip:publish', { grant, sdpOffer: OBS, whenBusy });
    expect(await request('refuse')).toMatchObject({ ok: false, code: 'feed_busy' });
    expect(other.node.figures()).toMatchObject({ homes: 0, feeds: 0 });
    expect(home.node.figures().states).toEqual({ live: 1 });

    expect(await request('replace')).toMatchObject({ ok: true });
    expect(await home.client.hGet(SFU_KEYS.homes, 'whip-1')).toBe('sfu-other');
    await eventually('its first home has given it up', () => home.node.figures().feeds === 0);
  });

  it('comes again by itself when its worker at home dies', async () => {
    const { home, other, browser } = await setUp({ home: { SFU_WORKERS: '2' } });
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const far = await TestViewer.join(other, browser, 'viewer-far');
    await play(far);
    for (const pid of home.node.workerPids()) process.kill(pid, 'SIGKILL');
    const closed = await other.control.heard('viewer:consumers-closed');
    expect(closed.consumers).toMatchObject([{ feedId: 'cell-1', code: 'internal' }]);
    await other.control.heard('feed:available', ({ feedId }) => feedId === 'cell-1');
    await eventually('new workers', () => home.node.workerPids().length === 2);
    await play(far);
  });
});

describe('a stranger at the door', () => {
  interface Door {
    socket: Socket;
    /** The code of the refusal, or what was granted. */
    ask(message: MeshMessage, payload: unknown): Promise<{ code?: string; result?: unknown }>;
  }

  /** Connects as whoever it says it is; rejects with the coded refusal. */
  async function knock(at: TestNode, auth: object): Promise<Door> {
    const socket = io(`${at.node.controlUrl}/mesh`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { protocol: PROTOCOL_VERSION, to: at.node.nodeId, ...auth },
    });
    owned.defer(() => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return { socket, ask: (message, payload) => socket.timeout(5_000).emitWithAck(message, payload) };
  }
  const refusedWith = (code: string) => expect.objectContaining({ data: expect.objectContaining({ code }) });
  const key = Buffer.alloc(30, 1).toString('base64');
  const end = (ip: string) => ({
    ip,
    port: 40_000,
    srtpParameters: { cryptoSuite: 'AES_CM_128_HMAC_SHA1_80', keyBase64: key },
  });
  const jtiOf = (grant: string) =>
    JSON.parse(Buffer.from(grant.split('.')[1] ?? '', 'base64url').toString()).jti as string;

  it('is not let in without a grant of a viewer, in force, of a node that is registered', async () => {
    const { home, other } = await setUp();
    const nodeId = other.node.nodeId;
    const good = await other.authority.view('viewer-1', ['cell-1']);
    const now = Math.floor(Date.now() / 1000);
    const forger = await createTestAuthority({ nodeId });
    for (const [auth, code] of [
      [{}, 'invalid'],
      [{ nodeId, grant: 'no.grant.at-all-but-long-enough' }, 'grant_invalid'],
      [{ nodeId, grant: await forger.view('viewer-1', ['cell-1']) }, 'grant_invalid'],
      [{ nodeId, grant: await other.authority.control() }, 'grant_invalid'],
      [
        { nodeId, grant: await other.authority.view('viewer-1', [], { iat: now - 60, exp: now - 30 }) },
        'grant_expired',
      ],
      // Another's grant, and one's own under another's name.
      [{ nodeId, grant: await home.authority.view('viewer-1', ['cell-1']) }, 'grant_invalid'],
      [{ nodeId: 'sfu-home', grant: good }, 'grant_invalid'],
      [
        { nodeId: 'sfu-9', grant: await home.authority.to('sfu-9').view('viewer-1', ['cell-1']) },
        'forbidden',
      ],
      [{ nodeId, grant: good, to: 'sfu-elsewhere' }, 'conflict'],
      [{ nodeId, grant: good, protocol: 99 }, 'protocol_unsupported'],
    ] as const) {
      await expect(knock(home, auth)).rejects.toEqual(refusedWith(code));
    }
    await knock(home, { nodeId, grant: good });
  });

  it('gets no feed that its grant does not name, and none to an address that is not registered', async () => {
    const { home, other, browser } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const grant = await other.authority.view('viewer-1', ['cell-1']);
    const door = await knock(home, { nodeId: other.node.nodeId, grant });
    const open = (change: object = {}) =>
      door.ask('relay:open', {
        ...{ relayId: randomUUID(), feedId: 'cell-1', proof: jtiOf(grant), lane: 'x', layers: ['low'] },
        ...change,
      });
    expect(await open({ feedId: 'cell-2' })).toMatchObject({ code: 'grant_not_covering' });
    expect(await open({ proof: randomUUID() })).toMatchObject({ code: 'grant_invalid' });
    const stolen = await home.authority.view('viewer-1', ['cell-2']);
    expect(await door.ask('relay:prove', { grant: stolen })).toMatchObject({ code: 'grant_invalid' });
    expect(await open({ feedId: 'cell-2', proof: jtiOf(stolen) })).toMatchObject({ code: 'grant_invalid' });

    const opened = await open();
    const { pipe } = MESH_MESSAGES['relay:open'].reply.parse(opened.result);
    expect(await door.ask('relay:connect', { pipeId: pipe.pipeId, end: end('127.0.0.2') })).toMatchObject({
      code: 'forbidden',
    });
    expect(await door.ask('relay:connect', { pipeId: randomUUID(), end: end('127.0.0.1') })).toMatchObject({
      code: 'unknown_resource',
    });
    expect(home.node.figures()).toMatchObject({ relaysOut: 1, nodePipes: 1 });
    // What was opened on a connection ends with it.
    door.socket.disconnect();
    await eventually('nothing is left', () => home.node.figures().nodePipes === 0);
    expect(home.node.figures()).toMatchObject({ relaysOut: 0, consumers: 1 });
  });

  it('has its youngest grants remembered, by when they were shown last', async () => {
    const { home, other } = await setUp();
    const nodeId = other.node.nodeId;
    const grant = await other.authority.view('viewer-1', ['cell-1']);
    const door = await knock(home, { nodeId, grant });
    const show = async (count: number) => {
      for (let shown = 0; shown < count; shown += 1) {
        const another = await other.authority.view(`viewer-${shown}`, []);
        expect(await door.ask('relay:prove', { grant: another })).toMatchObject({ ok: true });
      }
    };
    await show(MAX_PROOFS - 1);
    expect(await door.ask('relay:prove', { grant })).toMatchObject({ ok: true });
    await show(1);
    const open = () =>
      door.ask('relay:open', {
        ...{ relayId: randomUUID(), feedId: 'cell-1', proof: jtiOf(grant), lane: 'x', layers: ['low'] },
      });
    expect(await open()).toMatchObject({ ok: true });
    await show(MAX_PROOFS);
    expect(await open()).toMatchObject({ code: 'grant_invalid' });
  });

  it('gets nothing of a feed by way of a node that is not its home', async () => {
    const { home, other, browser } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    await play(await TestViewer.join(other, browser, 'viewer-far'));
    const grant = await home.authority.view('viewer-1', ['cell-1']);
    const door = await knock(other, { nodeId: home.node.nodeId, grant });
    expect(
      await door.ask('relay:open', {
        ...{ relayId: randomUUID(), feedId: 'cell-1', proof: jtiOf(grant), lane: 'x', layers: ['low'] },
      }),
    ).toMatchObject({ code: 'conflict' });
    expect(other.node.figures().relaysOut).toBe(0);
  });

  it('may send what it likes: a coded refusal each, and the node goes on', async () => {
    const { home, other, browser } = await setUp();
    const grant = await other.authority.view('viewer-1', ['cell-1']);
    const door = await knock(home, { nodeId: other.node.nodeId, grant });
    const things = [undefined, null, 1, 'x', [], { relayId: 'x' }, { grant: 5 }, { feedId: '../..' }];
    for (const message of Object.keys(MESH_MESSAGES) as MeshMessage[]) {
      if (message === 'mesh:ping') continue;
      for (const thing of things) expect(await door.ask(message, thing)).toMatchObject({ code: 'invalid' });
    }
    expect(await door.ask('relay:everything' as MeshMessage, {})).toMatchObject({ code: 'not_found' });
    expect(await door.ask('relay:close', { relayId: randomUUID() })).toMatchObject({ ok: true });
    await play(await TestViewer.join(home, browser, 'viewer-home'));
  });
});
