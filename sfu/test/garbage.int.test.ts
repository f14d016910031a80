import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { followTransports, garbage, type OpenTransports, shower } from './fixtures/garbage.ts';
import { play } from './fixtures/node-pair.ts';
import { playerPage } from './fixtures/player-page.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { CAMERA_PASSWORD, CAMERA_USER, RtspCameras } from './fixtures/rtsp-cameras.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let node: TestNode;
let browser: TestBrowser;
let cameras: Record<string, Camera>;
let transports: OpenTransports;
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  transports = owned.use(followTransports());
  const [started, launched, video] = await Promise.all([
    startTestNode({ SFU_CAMERAS_FILE: await writeCameras() }),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  cameras = Object.fromEntries(
    ['cell-1', 'cell-2', 'cell-3'].map((id) => [id, owned.use(new Camera(video))]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

/** The list of one camera that is pulled by RTSP, which runs. */
async function writeCameras(): Promise<string> {
  const rtsp = owned.use(await RtspCameras.start(await findFreePorts(1)));
  const folder = await mkdtemp(join(tmpdir(), 'varta-cameras-'));
  owned.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'password'), CAMERA_PASSWORD);
  const credentials = { username: CAMERA_USER, passwordFile: 'password' };
  const file = join(folder, 'cameras.json');
  await writeFile(
    file,
    JSON.stringify({
      pulled: { high: { url: rtsp.url('/main') }, low: { url: rtsp.url('/sub') }, credentials },
    }),
  );
  return file;
}

/** The states that a feed was in so far. */
const statesOf = async (feedId: string) => (await node.reports(feedId)).map(({ state }) => state);

describe('garbage from a stranger', () => {
  it('on media ports, UDP and TCP, disturbs nobody', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await viewer.watch(['cell-1']);
    await viewer.resume('cell-1');
    await viewer.sees('cell-1');
    const [pid] = node.node.workerPids();
    await shower(node.settings.SFU_PORT);
    await shower(cameras['cell-1']?.demand?.target.port ?? 0);
    const tcp = connect(node.settings.SFU_PORT, '127.0.0.1');
    tcp.on('error', () => undefined);
    for (const datagram of garbage()) tcp.write(datagram);
    await new Promise<void>((resolve) => tcp.end(resolve));
    await viewer.sees('cell-1', 10);
    expect(node.node.workerPids()).toEqual([pid]);
    expect(await statesOf('cell-1')).toEqual(['connecting', 'live']);
    await node.control.ask('viewer:leave', { viewerId: 'viewer-one' });
  });

  it('that takes the place of a camera before it sends is thrown out with the port', async () => {
    const camera = cameras['cell-2'];
    if (!camera) throw new Error('no camera');
    camera.cut = true;
    const viewer = await TestViewer.join(node, browser, 'viewer-two');
    await viewer.watch(['cell-2']);
    await viewer.resume('cell-2');
    const port = await eventually('a demand', () => camera.demand?.target.port);
    await shower(port);
    camera.cut = false;
    await node.control.heard('feed:available', (it) => it.feedId === 'cell-2', 15_000);
    await eventually('another port', () => camera.demand?.target.port !== port);
    await viewer.watch(['cell-2']);
    await viewer.resume('cell-2');
    await viewer.sees('cell-2');
  });

  it('on both ends of a pipe between nodes changes nothing of what crosses', async () => {
    await using other = await startTestNode({ SFU_NODE_ID: 'sfu-other' }, node);
    const here = await TestViewer.join(node, browser, 'viewer-home');
    const there = await TestViewer.join(other, browser, 'viewer-other');
    await play(here);
    await play(there);
    const pids = [node, other].map((it) => it.node.workerPids());
    const ends = transports.pipe().filter(({ srtpParameters }) => srtpParameters);
    expect(ends).toHaveLength(2);
    await shower(...ends.map(({ tuple }) => tuple.localPort));
    await there.sees('cell-1', 10);
    await here.sees('cell-1', 10);
    expect(transports.pipe()).toEqual(expect.arrayContaining(ends));
    expect([node, other].map((it) => it.node.workerPids())).toEqual(pids);
    expect(other.control.news('viewer:consumers-closed')).toEqual([]);
    expect((await statesOf('cell-1')).at(-1)).toBe('live');
    await node.control.ask('viewer:leave', { viewerId: 'viewer-home' });
  });

  it('on pipes between workers of one node, and into the routers of players, changes nothing of what crosses', async () => {
    const before = new Set(transports.pipe());
    await using two = await startTestNode({ SFU_NODE_ID: 'sfu-two', SFU_WORKERS: '2' }, node);
    const viewers = [
      await TestViewer.join(two, browser, 'viewer-near'),
      await TestViewer.join(two, browser, 'viewer-far'),
    ];
    for (const viewer of viewers) await play(viewer, 'cell-3');
    const { page } = await browser.open();
    const player = await playerPage(page);
    const { sdpAnswer } = await two.control.ask('whep:play', {
      grant: await two.authority.view('player-one', ['cell-3']),
      sdpOffer: await player.offer({ audio: true }),
    });
    await player.answer(sdpAnswer);
    const playsMore = async () => {
      const { frames } = await player.stats();
      await eventually('the player goes on', async () => (await player.stats()).frames > frames + 10);
    };
    await playsMore();
    const pids = two.node.workerPids();
    // Both ends of each: from worker to worker, and from the player's worker into the router of its formats.
    const ends = transports.pipe().filter((pipe) => !before.has(pipe) && !pipe.srtpParameters);
    expect(ends.length).toBeGreaterThanOrEqual(4);
    await shower(...ends.map(({ tuple }) => tuple.localPort));
    for (const viewer of viewers) await viewer.sees('cell-3', 10);
    await playsMore();
    expect(transports.pipe()).toEqual(expect.arrayContaining(ends));
    expect(two.node.workerPids()).toEqual(pids);
    expect(two.control.news('viewer:consumers-closed')).toEqual([]);
  });

  it('on the loopback ports of a camera that is pulled, of the node and of the worker, changes nothing', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-pulled');
    const before = new Set(transports.plain());
    await viewer.watch([{ id: 'pulled', source: 'rtsp' }]);
    await viewer.resume('pulled');
    await viewer.sees('pulled', 5, 15_000);
    const opened = transports.plain().filter((transport) => !before.has(transport));
    expect(opened).toHaveLength(1);
    const pids = node.node.workerPids();
    await shower(...opened.flatMap(({ tuple }) => [tuple.localPort, tuple.remotePort ?? 0]));
    await viewer.sees('pulled', 10);
    expect(node.node.workerPids()).toEqual(pids);
    expect((await statesOf('pulled')).at(-1)).toBe('live');
    expect(
      node.control.news('viewer:consumers-closed').filter(({ viewerId }) => viewerId === 'viewer-pulled'),
    ).toEqual([]);
    await node.control.ask('viewer:leave', { viewerId: 'viewer-pulled' });
  });

  it('on the control port is answered or cut off, and servers go on', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-control');
    await play(viewer);
    const { hostname, port } = new URL(node.node.controlUrl);
    const requests = [
      Buffer.concat([...garbage()].slice(0, 200)),
      Buffer.from('GET /control HTTP/1.1\r\n\r\n'),
      Buffer.from(
        'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\xff\x00ab',
      ),
      Buffer.concat([
        Buffer.from(
          'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
        ),
        ...[...garbage()].slice(0, 50),
      ]),
    ];
    for (const request of requests) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname);
        let read = '';
        socket.on('data', (data) => {
          read += data.toString('latin1');
        });
        socket.on('error', () => undefined);
        socket.once('close', () => resolve(read));
        socket.write(request);
      });
      expect(answer).toMatch(/^HTTP\/1\.1 (?:101|4\d\d) /);
    }
    await viewer.renew(['cell-1']);
    await viewer.sees('cell-1', 10);
    expect((await statesOf('cell-1')).at(-1)).toBe('live');
    await node.control.ask('viewer:leave', { viewerId: 'viewer-control' });
  });
});
