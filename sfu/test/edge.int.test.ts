import { createSocket } from 'node:dgram';
import { pino } from 'pino';
import { connect, type Socket } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FACILITY_MESSAGES, type FacilityHandshake, type FeedSending } from '#contract/facility-link.ts';
import type { Layer } from '#contract/nation.ts';
import { type FeedReport, SFU_KEYS } from '#contract/registry.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { EdgeSettings } from '../../config/settings/edge.ts';
import { parseSettings } from '../../config/settings/parse.ts';
import { facilityKey, startMediaReplica } from '../../server/test/fixtures/media-replica.ts';
import { startEdgeNode } from '../edge/edge-node.ts';
import { testFeed } from './fixtures/authority.ts';
import { edgeEnvironment, startFacilityCameras } from './fixtures/edge.ts';
import {
  CELL,
  EdgeWorld,
  FACILITY,
  feed,
  OTHER_CELL,
  packets,
  play,
  playAgain,
} from './fixtures/edge-world.ts';
import { eventually, passes } from './fixtures/eventually.ts';
import { followTransports, shower } from './fixtures/garbage.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { RedisWitness } from './fixtures/redis-witness.ts';
import { CAMERA_PASSWORD, CAMERA_USER, RtspCameras } from './fixtures/rtsp-cameras.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

let video: Record<Layer, Picture[]>;
let browser: TestBrowser;
let owned = new AsyncDisposableStack();

beforeAll(async () => {
  [video, browser] = await Promise.all([encodeTestVideo(), launchTestBrowser()]);
  return () => browser[Symbol.asyncDispose]();
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

const createWorld = (options: { hasUplink?: boolean } = {}) => EdgeWorld.create({ owned, video, ...options });

describe('an edge in a facility', () => {
  it('sends nothing unwatched, the wanted layer when watched, and nothing again afterwards', async () => {
    const world = await createWorld();
    const [node, edge] = [await world.startNode('sfu-home'), await world.startEdge()];
    const low = world.cameras.camera(CELL, 'low');
    await eventually('the camera has sent a while', () => low.counts.packets.low > 100);
    expect(await edge.figures()).toEqual(new Map());

    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    expect((await viewer.stats(CELL)).width).toBe(320);
    await eventually('the wanted layer goes on', async () => (await packets(edge, 'low')) > 40);
    expect(await packets(edge, 'high')).toBe(0);
    expect([...(await edge.figures()).keys()]).toEqual([CELL]);
    expect(low.counts.keyframeRequests).toBeGreaterThan(0);

    await viewer.prefer(CELL, 'high');
    await eventually('the large picture', async () => (await viewer.stats(CELL)).width === 640);
    await eventually('low is not asked for any more', async () =>
      (await node.demands()).get(CELL)?.layers.every(({ layer, wanted }) => wanted === (layer === 'high')),
    );
    const lowPackets = await packets(edge, 'low');
    await viewer.sees(CELL, 20);
    expect(await packets(edge, 'low')).toBe(lowPackets);

    await viewer.pause(CELL);
    await eventually('nothing is wanted', async () =>
      (await node.demands()).get(CELL)?.layers.every(({ wanted }) => !wanted),
    );
    await eventually('nothing is sent', async () => {
      const before = (await edge.figures()).get(CELL)?.mediaBytes;
      const sent = low.counts.packets.low;
      await eventually('the camera goes on', () => low.counts.packets.low > sent + 30);
      return (await edge.figures()).get(CELL)?.mediaBytes === before;
    });
    await viewer.resume(CELL);
    await viewer.sees(CELL, 5);

    await viewer.unwatch(CELL);
    await eventually('the uplink is closed', async () => (await edge.figures()).size === 0);
    expect((await node.demands()).size).toBe(0);
  });

  it('crosses the uplink once for viewers on two nodes', async () => {
    const world = await createWorld();
    const [home, other] = [await world.startNode('sfu-home'), await world.startNode('sfu-other')];
    const edge = await world.startEdge();
    const places = [home, home, other, other];
    const viewers: TestViewer[] = [];
    for (const [index, node] of places.entries())
      viewers.push(await TestViewer.join(node, browser, `viewer-${index}-of-many`));
    for (const [index, viewer] of viewers.entries()) await play(places[index] ?? home, viewer);
    expect([home, other].map(({ node }) => node.figures().homes)).toEqual([1, 0]);

    const camera = world.cameras.camera(CELL, 'low');
    const before = { sent: await packets(edge, 'low'), made: camera.counts.packets.low };
    await Promise.all(viewers.map((viewer) => viewer.sees(CELL, 30, 15_000)));
    const made = camera.counts.packets.low - before.made;
    const sent = (await packets(edge, 'low')) - before.sent;
    expect(made).toBeGreaterThan(50);
    expect(sent / made).toBeGreaterThan(0.9);
    expect(sent / made).toBeLessThan(1.1);
    expect(await packets(edge, 'high')).toBe(0);
  });

  it('is found by a node that had taken its feed for plain RTP', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const viewer = await TestViewer.join(node, browser, 'viewer-early');
    const [watched] = await viewer.watch([feed(CELL)]);
    expect(watched).toMatchObject({ ok: true });
    expect((await node.demands()).get(CELL)).not.toHaveProperty('srtp');
    await world.startEdge();
    await node.control.heard('viewer:consumers-closed', ({ viewerId }) => viewerId === 'viewer-early');
    await play(node, viewer);
    expect((await node.demands()).get(CELL)).toHaveProperty('srtp');
  });

  it('is asked for until it is there: lost meanwhile, and seen without anybody’s doing', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    await node.client.sAdd(SFU_KEYS.secured, CELL);
    const viewer = await TestViewer.join(node, browser, 'viewer-patient');
    expect(await viewer.watch([feed(CELL)])).toMatchObject([{ ok: false, code: 'feed_not_live' }]);
    await node.reaches(CELL, 'lost');
    await world.startEdge();
    await node.control.heard('feed:available', ({ feedId }) => feedId === CELL);
    await play(node, viewer);
    await node.reaches(CELL, 'live');
  });
});

describe('cameras of an edge that are pulled by RTSP', () => {
  it('are left alone until somebody watches, and then pulled in that layer only', async () => {
    const world = await createWorld();
    const rtsp = owned.use(await RtspCameras.start(await findFreePorts(1)));
    const node = await world.startNode('sfu-home');
    const edge = await world.startEdge(
      new Map([
        [
          CELL,
          {
            streams: { low: new URL(rtsp.url('/sub')), high: new URL(rtsp.url('/main')) },
            credentials: () => ({ username: CAMERA_USER, password: CAMERA_PASSWORD }),
          },
        ],
      ]),
    );
    expect(rtsp.lines).toEqual([]);
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    expect([rtsp.count('play /sub'), rtsp.count('play /main')]).toEqual([1, 0]);
    expect(await packets(edge, 'high')).toBe(0);
    const lowWidth = (await viewer.stats(CELL)).width;
    await viewer.prefer(CELL, 'high');
    await eventually(
      'the large picture',
      async () => ((await viewer.stats(CELL)).width ?? 0) > (lowWidth ?? 0),
      {
        withinMs: 15_000,
      },
    );
    expect(rtsp.count('play /main')).toBe(1);
    await viewer.unwatch(CELL);
    await rtsp.left();
    expect((await edge.figures()).size).toBe(0);
  });
});

describe('what a camera trusts an edge with', () => {
  it('is in no log of it, and in nothing that Redis is told, also where the camera refuses it', async () => {
    const world = await createWorld();
    using witness = await RedisWitness.watch(world.redis);
    const rtsp = owned.use(await RtspCameras.start(await findFreePorts(1)));
    const node = await world.startNode('sfu-home');
    const camera = (password: string) => ({
      streams: { low: new URL(rtsp.url('/sub')) },
      credentials: () => ({ username: CAMERA_USER, password }),
    });
    let logged = '';
    const sink = {
      write(line: string) {
        logged += line;
      },
    };
    await world.startEdge(
      new Map([
        [CELL, camera(CAMERA_PASSWORD)],
        [OTHER_CELL, camera('not-the-password')],
      ]),
      {},
      pino({ level: 'trace' }, sink),
    );
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    await viewer.watch([CELL, OTHER_CELL].map(feed));
    await viewer.resume(OTHER_CELL);
    await eventually(
      'the refusal',
      async () => (await node.reports(OTHER_CELL)).at(-1)?.faults?.join() === 'auth',
    );
    const secrets = [CAMERA_PASSWORD, encodeURIComponent(CAMERA_PASSWORD), CAMERA_USER, 'not-the-password'];
    const told = `${witness.commands}${await witness.contents()}`;
    for (const [where, text] of Object.entries({ logged, told })) {
      for (const secret of secrets) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
      expect(text).not.toMatch(/Digest |nonce/);
      expect(text).toContain(CELL);
    }
  });
});

describe('what is wrong with a camera behind an edge', () => {
  it('is told by the home: a password that is refused, and a camera that is away until it is back', async () => {
    const world = await createWorld();
    const rtsp = owned.use(await RtspCameras.start(await findFreePorts(1)));
    const node = await world.startNode('sfu-home');
    const camera = (password: string) => ({
      streams: { low: new URL(rtsp.url('/sub')) },
      credentials: () => ({ username: CAMERA_USER, password }),
    });
    await world.startEdge(
      new Map([
        [CELL, camera(CAMERA_PASSWORD)],
        [OTHER_CELL, camera('not the password')],
      ]),
    );
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    const both = [CELL, OTHER_CELL].map(feed);
    await eventually('both are asked for', async () => {
      const watched = await viewer.watch(both);
      return watched.every(({ ok }) => ok);
    });
    await viewer.resume(CELL, OTHER_CELL);
    const keepAlive = setInterval(() => void viewer.renew(both).catch(() => undefined), 3_000);
    owned.defer(() => clearInterval(keepAlive));
    const faultsOf = async (id: string) => (await node.reports(id)).at(-1)?.faults;

    await viewer.sees(CELL);
    await eventually('the refusal', async () => (await faultsOf(OTHER_CELL))?.join() === 'auth');
    // Nobody waits ten seconds for a camera that has refused.
    expect(await node.reaches(OTHER_CELL, 'lost', 5_000)).toMatchObject({ faults: ['auth'] });
    expect(await faultsOf(CELL)).toBeUndefined();

    await rtsp.kill();
    await eventually('it is away', async () => (await faultsOf(CELL))?.join() === 'unreachable');
    await rtsp.start();
    await eventually('it is back', async () => (await faultsOf(CELL)) === undefined, { withinMs: 20_000 });
    await viewer.sees(CELL, 5, 20_000);
  });

  it('is told by the home: keyframes that are too rare, while the picture goes on', async () => {
    const world = await createWorld();
    const rtsp = owned.use(await RtspCameras.start(await findFreePorts(1)));
    const node = await world.startNode('sfu-home');
    const streams = { low: new URL(rtsp.url('/long-gop')) };
    const credentials = () => ({ username: CAMERA_USER, password: CAMERA_PASSWORD });
    await world.startEdge(new Map([[CELL, { streams, credentials }]]));
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const keepAlive = setInterval(() => void viewer.renew([feed(CELL)]).catch(() => undefined), 3_000);
    owned.defer(() => clearInterval(keepAlive));
    const isTold = ({ faults }: FeedReport) => faults?.join() === 'keyframe-interval';
    // The home by itself needs three intervals of six seconds.
    await eventually('it is told', async () => (await node.reports(CELL)).some(isTold), { withinMs: 8_000 });
    // What the home sees of it does not take that back; it looks every three seconds.
    await passes(4_000);
    const reports = await node.reports(CELL);
    expect(reports.slice(reports.findIndex(isTold)).every(isTold)).toBe(true);
    expect(reports.at(-1)).toMatchObject({ state: 'live' });
  });
});

describe('what goes wrong', () => {
  it('the edge is killed: another one is seen at once', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const edge = await world.spawnEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    await edge.kill();
    await edge.start();
    await playAgain(viewer, 15_000);
    expect(edge.output).not.toContain(facilityKey(FACILITY));
    expect(edge.output).not.toMatch(/keyBase64/);
  });

  it('the edge restarts, and then a worker of the home dies: nobody waits at a port that was left behind', async () => {
    const world = await createWorld();
    // As long as in production: a home that nobody has asked again for half a second would give the feed up by then.
    const patient = { SFU_LINGER_MS: '10000' };
    const home = await world.startNode('sfu-home', patient);
    const other = await world.startNode('sfu-other', patient);
    const edge = await world.spawnEdge();
    const near = await TestViewer.join(home, browser, 'viewer-near');
    await play(home, near);
    const far = await TestViewer.join(other, browser, 'viewer-far');
    await play(other, far);
    const keepAlive = setInterval(() => {
      for (const viewer of [near, far]) void viewer.renew([feed(CELL)]).catch(() => undefined);
    }, 3_000);
    owned.defer(() => clearInterval(keepAlive));

    await edge.kill();
    await edge.start();
    // Those of the other node are the first to come back: the feed stays where it enters all the same.
    await playAgain(far, 15_000);
    expect(home.node.figures()).toMatchObject({ homes: 1 });
    expect(other.node.figures()).toMatchObject({ homes: 0, relaysIn: 1 });
    await playAgain(near, 15_000);

    const saidBefore = edge.output.length;
    for (const pid of home.node.workerPids()) process.kill(pid, 'SIGKILL');
    await playAgain(far, 15_000);
    expect(edge.output.slice(saidBefore)).not.toContain('feed_busy');
  });

  it('two edges answer for a feed on two servers: the first one sends it until it is gone', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const first = await world.spawnEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const consumer = viewer.consumerId(CELL);
    const target = (await node.demands()).get(CELL)?.target;

    const replica = owned.use(await startMediaReplica(world.redis, world.grantKeys));
    const cameras = owned.use(await startFacilityCameras([CELL], video));
    const settings = parseSettings(EdgeSettings, edgeEnvironment(replica.url, cameras));
    const lines: string[] = [];
    const counting = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
    const lists = { rtp: cameras.list, rtsp: new Map() };
    owned.use(await startEdgeNode(settings, { log: counting, now: Date.now, ...lists }));
    const refused = () => lines.filter((line) => line.includes('feed_busy')).length;
    await eventually('the second one is refused time and again', () => refused() >= 4, { withinMs: 20_000 });
    await viewer.sees(CELL, 10);
    expect(viewer.consumerId(CELL)).toBe(consumer);
    expect((await node.demands()).get(CELL)?.target).toEqual(target);
    expect(node.control.news('viewer:consumers-closed')).toEqual([]);

    await first.kill();
    await playAgain(viewer, 20_000);
  });

  it('a media worker of the edge dies: it sends on with another', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const edge = await world.spawnEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const saidBefore = edge.output.length;
    for (const pid of edge.pids.slice(1)) process.kill(pid, 'SIGKILL');
    await eventually('it is noticed', () => edge.output.slice(saidBefore).includes('an uplink broke'));
    await playAgain(viewer, 15_000);
    // It shows that it is the one that sent before, and need not wait until that one is long silent.
    expect(edge.output.slice(saidBefore)).not.toContain('feed_busy');
  });

  it('a media worker of the node dies: its feeds come in anew', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    await world.startEdge();
    await play(node, await TestViewer.join(node, browser, 'viewer-one'));
    for (const pid of node.node.workerPids()) process.kill(pid, 'SIGKILL');
    await node.control.heard('viewer:closed', ({ viewerId }) => viewerId === 'viewer-one');
    await eventually('another worker', () => node.node.workerPids().length === 1);
    await play(node, await TestViewer.join(node, browser, 'viewer-one'));
  });

  it('the home dies: the edge sends to the next one, and no more to the first', async () => {
    const world = await createWorld();
    const other = await world.startNode('sfu-other');
    const edge = await world.startEdge();
    const viewer = await TestViewer.join(other, browser, 'viewer-other');
    const home = await world.spawnNode('sfu-home');
    const grant = () => world.authority.view('viewer-home', [feed(CELL)]);
    await home.control.ask('viewer:join', { grant: await grant() });
    const { feeds } = await home.control.ask('viewer:watch', {
      grant: await grant(),
      rtpCapabilities: viewer.capabilities,
      feeds: [{ feedId: CELL, layer: 'low' }],
    });
    expect(feeds).toMatchObject([{ ok: true }]);
    await play(other, viewer);
    expect(other.node.figures()).toMatchObject({ homes: 0, relaysIn: 1 });

    home.kill();
    await playAgain(viewer, 20_000);
    expect(other.node.figures()).toMatchObject({ homes: 1, relaysIn: 0 });
    expect((await edge.figures()).size).toBe(1);
  });

  it('the server dies: pictures go on, and the next server changes nothing', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const edge = await world.startEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const consumer = viewer.consumerId(CELL);
    await world.killServer();
    await eventually('the edge has noticed', () => !edge.connected);
    await viewer.sees(CELL, 10);
    await world.startServer();
    await eventually('the edge is back', () => edge.connected);
    await viewer.renew([feed(CELL)]);
    const before = await packets(edge, 'low');
    await viewer.sees(CELL, 20);
    expect(await packets(edge, 'low')).toBeGreaterThan(before);
    expect(viewer.consumerId(CELL)).toBe(consumer);
    expect(node.control.news('viewer:consumers-closed')).toEqual([]);
  });

  it('the uplink is cut for a while: the feed is lost, and comes back by itself', async () => {
    const world = await createWorld({ hasUplink: true });
    const node = await world.startNode('sfu-home');
    const edge = await world.startEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const renewing = setInterval(() => void viewer.renew([feed(CELL)]).catch(() => undefined), 3_000);
    owned.defer(() => clearInterval(renewing));
    world.uplink.cut();
    await node.reaches(CELL, 'stalled');
    await node.reaches(CELL, 'lost');
    // The edge has noticed by itself that nobody answers any more, and looks for the server in vain.
    await eventually('the edge is alone', () => !edge.connected, { withinMs: 20_000 });
    world.uplink.mend();
    await playAgain(viewer, 20_000);
    await node.reaches(CELL, 'live');
    await eventually('the edge is connected', () => edge.connected);
  });
});

describe('strangers', () => {
  it('cannot get anything into a feed, nor take its port before the edge does', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    await node.client.sAdd(SFU_KEYS.secured, CELL);
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await viewer.watch([feed(CELL)]);
    const stranger = createSocket('udp4');
    owned.defer(() => void stranger.close());
    const demand = await eventually('the demand', async () => (await node.demands()).get(CELL));
    let sent = 0;
    const flood = setInterval(() => {
      for (const ssrc of [1, 2, 0x1234_5678]) {
        const packet = Buffer.alloc(200, 0x65);
        packet.set([0x80, 100, sent >> 8, sent & 0xff]);
        packet.writeUInt32BE(ssrc, 8);
        stranger.send(packet, demand.target.port, demand.target.ip);
      }
      sent += 1;
    }, 10);
    owned.defer(() => clearInterval(flood));
    await eventually('the stranger was first', () => sent > 20);
    await node.reaches(CELL, 'lost');

    await world.startEdge();
    await play(node, viewer);
    expect((await node.demands()).get(CELL)?.target).toEqual(demand.target);
    const before = sent;
    await viewer.sees(CELL, 20);
    expect(sent).toBeGreaterThan(before + 20);
  });

  it('and their garbage changes nothing on any port of cameras, edge and node', async () => {
    const transports = owned.use(followTransports());
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const edge = await world.startEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const target = (await node.demands()).get(CELL)?.target;
    const ports = transports.plain().map(({ tuple }) => tuple.localPort);
    // The node’s, the uplink’s, and two for each camera.
    expect(ports).toHaveLength(1 + 1 + 4);
    expect(ports).toContain(target?.port);
    const pids = [...node.node.workerPids(), ...edge.workerPids()];
    await shower(...ports);
    await viewer.sees(CELL, 10);
    await viewer.prefer(CELL, 'high');
    await eventually('the large picture', async () => (await viewer.stats(CELL)).width === 640);
    expect((await node.demands()).get(CELL)?.target).toEqual(target);
    expect([...node.node.workerPids(), ...edge.workerPids()]).toEqual(pids);
    expect(node.control.news('viewer:consumers-closed')).toEqual([]);
  });

  it('are not believed when they say how a feed is sent', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const edge = await world.startEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const transportId = (await node.demands()).get(CELL)?.srtp?.transportId ?? '';
    const sending: FeedSending = {
      feedId: CELL,
      transportId,
      srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'A'.repeat(59)}=` },
      codec: { payloadType: 100, rtxPayloadType: 101, profileLevelId: '42e01f' },
      layers: [{ layer: 'low', ssrc: 1, rtxSsrc: 2 }],
    };
    const ask = (socket: Socket, message: unknown = sending) =>
      socket.timeout(5_000).emitWithAck(FACILITY_MESSAGES.sending, message);

    // Another facility's equipment, equipment of the same facility that serves another feed, and plain equipment.
    const elsewhere = await introduce(world, {
      facilityId: 'ua-46-itt-1',
      feeds: ['ua-46-itt-1-cell-1-cam-1'],
      media: 'srtp',
    });
    expect(await ask(elsewhere)).toMatchObject({ ok: false, code: 'unknown_resource' });
    const beside = await introduce(world, { facilityId: FACILITY, feeds: [OTHER_CELL], media: 'srtp' });
    expect(await ask(beside)).toMatchObject({ ok: false, code: 'unknown_resource' });
    expect(await ask(beside, { ...sending, feedId: OTHER_CELL })).toMatchObject({ code: 'unknown_resource' });
    expect(await ask(beside, { ...sending, layers: [] })).toMatchObject({ ok: false, code: 'invalid' });
    const plain = await introduce(world, { facilityId: FACILITY, feeds: [OTHER_CELL] });
    expect(await ask(plain)).toMatchObject({ ok: false, code: 'rate_limited' });

    await viewer.sees(CELL, 10);
    expect((await edge.figures()).has(CELL)).toBe(true);
    expect(node.control.news('viewer:consumers-closed')).toEqual([]);
  });

  it('whose key is revoked are out at once: nothing of theirs is taken, and the feed is asked for elsewhere', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    await world.startEdge();
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    const before = (await node.demands()).get(CELL)?.srtp;

    const wrong = await world.authority.publish(testFeed(OTHER_CELL, { facilityId: FACILITY }));
    expect(await node.control.send('edge:stop', { grant: wrong })).toMatchObject({ ok: true });
    await viewer.sees(CELL, 5);

    const grant = await world.authority.publish(testFeed(CELL, { facilityId: FACILITY }));
    expect(await node.control.send('edge:stop', { grant })).toMatchObject({ ok: true });
    await node.control.heard('viewer:consumers-closed', ({ consumers }) =>
      consumers.some(({ feedId }) => feedId === CELL),
    );
    // Here the edge's key is still good, so that it may come back: by another port, with another key.
    await playAgain(viewer, 20_000);
    const after = (await node.demands()).get(CELL)?.srtp;
    expect(after?.transportId).not.toBe(before?.transportId);
    expect(after?.keyBase64).not.toBe(before?.keyBase64);
  });

  it('and those who hold a grant for one feed cannot say it of another', async () => {
    const world = await createWorld();
    const node = await world.startNode('sfu-home');
    const grant = await world.authority.publish(testFeed(OTHER_CELL, { facilityId: FACILITY }));
    const sending = {
      feedId: CELL,
      transportId: 'transport',
      srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'A'.repeat(59)}=` },
      codec: { payloadType: 100, rtxPayloadType: 101, profileLevelId: '42e01f' },
      layers: [{ layer: 'low', ssrc: 1, rtxSsrc: 2 }],
    };
    expect(await node.control.send('edge:sending', { grant, sending })).toMatchObject({
      code: 'grant_not_covering',
    });
    const own = { ...sending, feedId: OTHER_CELL };
    expect(await node.control.send('edge:sending', { grant, sending: own })).toMatchObject({
      code: 'unknown_resource',
    });
  });
});

/** Connects equipment of a facility that does only what the test says. */
async function introduce(
  world: EdgeWorld,
  { facilityId, ...rest }: Pick<FacilityHandshake, 'facilityId' | 'feeds' | 'media'>,
): Promise<Socket> {
  const handshake: FacilityHandshake = {
    protocol: PROTOCOL_VERSION,
    facilityId,
    key: facilityKey(facilityId),
    ...rest,
  };
  const socket = connect(`${world.way.url}/facility`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: handshake,
  });
  owned.defer(() => void socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
