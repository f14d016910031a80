import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let node: TestNode;
let browser: TestBrowser;
let cameras: Record<string, Camera>;
let stranger: Socket;
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  const [started, launched, video] = await Promise.all([
    startTestNode(),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  cameras = Object.fromEntries(['cell-1', 'cell-2'].map((id) => [id, owned.use(new Camera(video))]));
  await connectCameras(node.redis, cameras);
  stranger = owned.adopt(createSocket('udp4'), (socket) => void socket.close());
});
afterAll(() => owned.disposeAsync());

/** Datagrams that look like nothing, like RTP, RTCP, STUN and DTLS, of all lengths. */
function* garbage(): Generator<Buffer> {
  const firstBytes = [
    [0x80, 96],
    [0x80, 200],
    [0x81, 206],
    [0xbf, 0xff],
    [0, 1],
    [22, 254],
    [0xff, 0xff],
  ];
  for (let length = 0; length < 1_400; length += 7) {
    for (const bytes of firstBytes) {
      const datagram = randomBytes(length);
      datagram.set(bytes.slice(0, length));
      yield datagram;
    }
  }
}

async function shower(port: number): Promise<void> {
  for (const datagram of garbage()) {
    await new Promise<void>((resolve) => stranger.send(datagram, port, '127.0.0.1', () => resolve()));
  }
}

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
    expect((await node.reports('cell-1')).map(({ state }) => state)).toEqual(['connecting', 'live']);
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
});
