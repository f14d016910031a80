import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { Layer } from '#contract/nation.ts';
import type { CameraInput } from '../edge/camera.ts';
import { FeedUplink } from '../edge/feed-uplink.ts';
import { RtpCamera } from '../edge/rtp-camera.ts';
import { type SrtpDemand, Uplink } from '../edge/uplink.ts';
import { EdgeFeeds } from '../ingest/edge/edge-feeds.ts';
import { PacketPoller } from '../ingest/packet-poller.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { testFeed } from './fixtures/authority.ts';
import { startFacilityCameras } from './fixtures/edge.ts';
import { eventually } from './fixtures/eventually.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let owned = new AsyncDisposableStack();
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
const CELL = 'cell-1';

/** A bad line between an edge and a node: every so manieth packet of the edge is lost. */
async function openBadLine(target: FeedDemand['target'], loseEvery: number) {
  const [inner, outer] = [createSocket('udp4'), createSocket('udp4')];
  const line = { port: 0, sent: 0, lost: 0 };
  let edge: RemoteInfo | undefined;
  inner.on('message', (packet, from) => {
    edge = from;
    line.sent += 1;
    if (line.sent % loseEvery === 0) line.lost += 1;
    else outer.send(packet, target.port, target.ip);
  });
  outer.on('message', (packet) => {
    if (edge) inner.send(packet, edge.port, edge.address);
  });
  owned.defer(() => void inner.close());
  owned.defer(() => void outer.close());
  inner.bind(0, '127.0.0.1');
  await once(inner, 'listening');
  line.port = inner.address().port;
  return line;
}

async function startPool(first: number): Promise<WorkerPool> {
  const pool = owned.use(
    new WorkerPool({
      workers: 1,
      firstPort: 0,
      worker: {
        workerBin: process.env.MEDIASOUP_WORKER_BIN,
        listen: undefined,
        portRange: { min: first, max: first + 9 },
      },
      log,
      now: Date.now,
      onDied: () => undefined,
    }),
  );
  await pool.start();
  return pool;
}

it('what gets lost on the way from an edge is sent again', async () => {
  const first = await findFreePorts(20);
  const [home, edge] = [await startPool(first), await startPool(first + 10)];
  const cameras = owned.use(await startFacilityCameras([CELL], await encodeTestVideo()));
  const demands: FeedDemand[] = [];
  const feeds = owned.use(
    new EdgeFeeds({
      nodeId: 'sfu-test',
      listen: { ip: '127.0.0.1' },
      news: {
        demand: (demand) => demands.push(demand),
        release: () => undefined,
        report: () => undefined,
        available: () => undefined,
      },
      isSecured: async () => true,
      onSuccessor: () => undefined,
      onStranger: () => undefined,
      log,
      now: Date.now,
    }),
  );
  const opening = feeds.open(testFeed(CELL), home.leastLoaded());
  const demand = await eventually('the demand', () => demands[0]);
  if (!demand.srtp) throw new Error('no SRTP is asked for');
  const line = await openBadLine(demand.target, 25);

  const poller = owned.use(new PacketPoller());
  const streams = cameras.list.get(CELL) ?? {};
  const camera = owned.use(
    new RtpCamera({
      ...{ feedId: CELL, streams, pool: edge, ip: '127.0.0.1' },
      ...{ poller, log, now: Date.now },
    }),
  );
  await camera.start();
  const throughLine: SrtpDemand = {
    ...demand,
    srtp: demand.srtp,
    target: { ip: '127.0.0.1', port: line.port },
  };
  const uplink = await Uplink.open({ input: await camera.open(), demand: throughLine, ip: '127.0.0.1' });
  owned.defer(() => uplink.close());
  await feeds.handleSending(testFeed(CELL), uplink.sending);
  const source = await opening;
  owned.defer(() => source.close());
  await uplink.want(['high']);

  await eventually('a few hundred packets', async () => line.sent > 400, { withinMs: 30_000 });
  const repaired = await eventually('what was lost has come', async () => {
    const stats = await source.producer.getStats();
    const sum = stats.reduce((total, it) => total + it.packetsRepaired, 0);
    // Reports get lost as well, and what was lost last may still be on its way.
    return sum >= line.lost * 0.8 ? sum : undefined;
  });
  expect(line.lost).toBeGreaterThan(15);
  expect(repaired).toBeGreaterThan(10);
});

it('a port that was asked for is let go with the feed’s home, and a new claim gets another one', async () => {
  const home = await startPool(await findFreePorts(10));
  const heard: string[] = [];
  const asked: FeedDemand[] = [];
  const feeds = owned.use(
    new EdgeFeeds({
      nodeId: 'sfu-test',
      listen: { ip: '127.0.0.1' },
      news: {
        demand: (demand) => asked.push(demand),
        release: ({ feedId }) => heard.push(`release ${feedId}`),
        report: ({ state }) => heard.push(state),
        available: () => undefined,
      },
      isSecured: async () => true,
      onSuccessor: () => undefined,
      onStranger: () => undefined,
      log,
      now: Date.now,
    }),
  );
  const ask = () => feeds.open(testFeed(CELL), home.leastLoaded());
  await expect(ask()).rejects.toMatchObject({ code: 'feed_not_live' });
  expect(heard).toEqual(['lost']);
  feeds.handleGivenUp(CELL);
  expect(heard).toEqual(['lost', `release ${CELL}`, 'idle']);
  await expect(ask()).rejects.toMatchObject({ code: 'feed_not_live' });
  // Its number may be the same: the first one is free again.
  expect(new Set(asked.map(({ srtp }) => srtp?.transportId)).size).toBe(2);
});

it('a hundred demands one after another leave one uplink, and a release none', async () => {
  const first = await findFreePorts(10);
  const pool = await startPool(first);
  const cameras = owned.use(await startFacilityCameras([CELL], await encodeTestVideo()));
  const poller = owned.use(new PacketPoller());
  const camera = owned.use(
    new RtpCamera({
      ...{ feedId: CELL, streams: cameras.list.get(CELL) ?? {}, pool, ip: '127.0.0.1' },
      ...{ poller, log, now: Date.now },
    }),
  );
  await camera.start();
  const { router } = pool.leastLoaded();
  const transports = async () => (await router.dump()).transportIds.length;
  const idle = await transports();
  const told: string[] = [];
  const uplink = owned.use(
    new FeedUplink({
      camera,
      ip: '127.0.0.1',
      say: async ({ transportId }) => {
        told.push(transportId);
        return 'heard';
      },
      log,
      now: Date.now,
    }),
  );
  const demand = (transportId: string, nodeId = 'sfu-test'): FeedDemand => ({
    feedId: CELL,
    facilityId: 'facility-1',
    target: { ip: '127.0.0.1', port: 9 },
    payloadType: 0,
    layers: [{ layer: 'low', ssrc: 1, wanted: true }],
    nodeId,
    srtp: { transportId, cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'A'.repeat(59)}=` },
    at: new Date().toISOString(),
  });
  for (let index = 1; index <= 100; index += 1) {
    uplink.handleDemand(demand(`transport-${index}`));
    // Some come while the one before is being followed, some afterwards.
    if (index % 3 === 0) await eventually('it is followed', () => told.at(-1) === `transport-${index}`);
  }
  await eventually('the last one counts', () => told.at(-1) === 'transport-100');
  expect(uplink.uplink?.transportId).toBe('transport-100');
  expect(await transports()).toBe(idle + 1);

  // To another node it goes in addition, until those who see it at the former one have had the time to change over.
  const former = uplink.uplink;
  uplink.handleDemand(demand('transport-elsewhere', 'sfu-other'));
  await eventually('it is followed', () => told.at(-1) === 'transport-elsewhere');
  expect(former?.crossing).toEqual(['low']);
  expect(await transports()).toBe(idle + 2);
  await eventually('the former node gets no more', () => former?.closed === true);
  expect(uplink.crossing).toEqual(['low']);
  expect(await transports()).toBe(idle + 1);

  // And both end at once when nobody may see it any more.
  uplink.handleDemand(demand('transport-back'));
  await eventually('it is followed', () => told.at(-1) === 'transport-back');
  expect(await transports()).toBe(idle + 2);
  uplink.handleRelease();
  await eventually('nothing is left', async () => (await transports()) === idle);
  expect(uplink.uplink).toBeUndefined();

  // A demand for plain RTP is not followed: nothing leaves unencrypted.
  const { srtp: _, ...plain } = demand('transport-101');
  uplink.handleDemand(plain);
  uplink.handleDemand(demand('transport-102'));
  await eventually('it is followed', () => told.at(-1) === 'transport-102');
  uplink.handleDemand(plain);
  await eventually('nothing is sent', async () => (await transports()) === idle);
  expect(told).not.toContain('transport-101');
});

it('a layer that is silent by itself leaves the other one alone, and its sender may be another one afterwards', async () => {
  const pool = await startPool(await findFreePorts(10));
  const cameras = owned.use(await startFacilityCameras([CELL], await encodeTestVideo()));
  const poller = owned.use(new PacketPoller());
  const lines: string[] = [];
  const listening = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const camera = owned.use(
    new RtpCamera({
      ...{ feedId: CELL, streams: cameras.list.get(CELL) ?? {}, pool, ip: '127.0.0.1' },
      ...{ poller, log: listening, now: Date.now },
    }),
  );
  await camera.start();
  const [low, high] = [cameras.camera(CELL, 'low'), cameras.camera(CELL, 'high')];
  const brings = async (input: CameraInput, layer: Layer) => {
    const producer = input.layers.find((it) => it.layer === layer)?.producer;
    const count = async () =>
      ((await producer?.getStats()) ?? []).reduce((sum, { packetCount }) => sum + packetCount, 0);
    const before = await count();
    await eventually(`${layer} comes`, async () => (await count()) > before + 10);
  };
  const isOpen = (input: CameraInput) => input.layers.some(({ producer }) => !producer.closed);
  const said = (what: string) => lines.filter((line) => line.includes(what)).length;

  const input = await camera.open();
  await brings(input, 'low');
  await brings(input, 'high');
  high.cut = true;
  await eventually('high is silent', () => said('is silent') === 1, { withinMs: 15_000 });
  await brings(input, 'low');
  high.cut = false;
  await brings(input, 'high');

  // The program that sends it was started anew: it can be heard at a port that has no sender yet.
  high.restart();
  await eventually('the ports are opened anew', () => !isOpen(input), { withinMs: 15_000 });
  const again = await eventually('they are open', () => camera.open().catch(() => undefined));
  await brings(again, 'low');
  await brings(again, 'high');

  low.cut = true;
  high.cut = true;
  await eventually('the ports are opened anew', () => !isOpen(again), { withinMs: 15_000 });
  expect(said('opened anew')).toBe(2);
});
