import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FeedReport, SFU_KEYS } from '#contract/registry.ts';
import { startTestRedis } from '../../server/test/fixtures/redis.ts';
import { createTestAuthority } from './fixtures/authority.ts';
import { ControlClient } from './fixtures/control-client.ts';
import { eventually } from './fixtures/eventually.ts';
import { startNodeProcess } from './fixtures/node-process.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { RedisWitness } from './fixtures/redis-witness.ts';
import { CAMERA_PASSWORD, CAMERA_USER, RtspCameras } from './fixtures/rtsp-cameras.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';

const owned = new AsyncDisposableStack();
let cameras: RtspCameras;
let node: TestNode;
let browser: TestBrowser;
let camerasFile: string;
let logged = '';
/** What the node has told its server, and how it has answered it. */
let told = '';
let witness: RedisWitness;

beforeAll(async () => {
  cameras = owned.use(await RtspCameras.start(await findFreePorts(1)));
  camerasFile = await writeCameras();
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const redis = owned.use(await startTestRedis());
  witness = owned.use(await RedisWitness.watch(redis));
  const authority = await createTestAuthority({ nodeId: 'sfu-test' });
  const log = pino({ level: 'trace' }, sink);
  [node, browser] = await Promise.all([
    startTestNode({ SFU_CAMERAS_FILE: camerasFile }, { redis, authority }, log),
    launchTestBrowser(),
  ]);
  node.control.socket.io.engine.on('packet', ({ data }) => {
    told += `${data}\n`;
  });
  owned.use(node);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

/** A camera of each kind, with the password in a file that is mounted beside the list. */
async function writeCameras(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'varta-cameras-'));
  owned.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'password'), `${CAMERA_PASSWORD}\n`);
  await writeFile(join(folder, 'wrong'), 'not-the-password');
  const credentials = { username: CAMERA_USER, passwordFile: 'password' };
  const camera = (high: string, low?: string) => ({
    high: { url: cameras.url(high) },
    ...(low ? { low: { url: cameras.url(low) } } : {}),
    credentials,
  });
  const list = {
    'cell-1': camera('/main', '/sub'),
    'cell-2': camera('/main', '/sub'),
    bare: camera('/bare'),
    'b-frames': camera('/b-frames'),
    'long-gop': camera('/long-gop'),
    h265: camera('/h265'),
    missing: camera('/nothing'),
    locked: { ...camera('/main'), credentials: { username: CAMERA_USER, passwordFile: 'wrong' } },
  };
  const file = join(folder, 'cameras.json');
  await writeFile(file, JSON.stringify(list));
  return file;
}

/** Twice the bar for a node that dies: this machine may be busy with other tests. */
const BACK_WITHIN_MS = 10_000;

const both = (id: string) => ({ id, source: 'rtsp' as const });
const single = (id: string) => ({ id, source: 'rtsp' as const, layers: ['low' as const] });

/** Renews a viewer's grant until it is disposed of, as the server does. */
function keepGrant(viewer: TestViewer, feed: Parameters<TestViewer['watch']>[0][number]): Disposable {
  const timer = setInterval(() => void viewer.renew([feed]), 3_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function faultsOf(feedId: string): Promise<FeedReport['faults']> {
  return (await node.reports(feedId)).at(-1)?.faults;
}

describe('a camera that is pulled by RTSP', () => {
  it('is left alone while nobody watches, plays the substream, then the main stream, and is left again', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    expect(cameras.lines).toEqual([]);

    await viewer.watch([both('cell-1')]);
    await viewer.resume('cell-1');
    await viewer.sees('cell-1', 10);
    expect((await viewer.stats('cell-1')).width).toBe(320);
    expect(await node.reaches('cell-1', 'live')).toMatchObject({ layers: ['low'] });
    expect(cameras.count('play /sub')).toBe(1);
    expect(cameras.count('describe /main')).toBe(0);

    await viewer.prefer('cell-1', 'high');
    await eventually('the large picture', async () => (await viewer.stats('cell-1')).width === 640);
    await eventually('the substream is not pulled any more', () => cameras.count('teardown /sub') === 1);
    await viewer.sees('cell-1', 10);
    expect(cameras.connections).toBe(1);

    await viewer.prefer('cell-1', 'low');
    await eventually('the small picture', async () => (await viewer.stats('cell-1')).width === 320);
    await viewer.sees('cell-1', 10);

    await viewer.unwatch('cell-1');
    await cameras.left();
    await node.reaches('cell-1', 'idle');
    expect(cameras.count('teardown /main')).toBe(1);
    expect(cameras.count('teardown /sub')).toBe(2);
    expect((await node.reports('cell-1')).filter(({ faults }) => faults)).toEqual([]);
  });

  it('is pulled by the node that has it, once, and seen from another one', async () => {
    await using other = await startTestNode({ SFU_NODE_ID: 'sfu-other' }, node);
    const [near, far] = await Promise.all([
      TestViewer.join(node, browser, 'viewer-near'),
      TestViewer.join(other, browser, 'viewer-far'),
    ]);
    await far.watch([both('cell-1')]);
    await far.resume('cell-1');
    await far.sees('cell-1', 10);
    await near.watch([both('cell-1')]);
    await near.resume('cell-1');
    await near.sees('cell-1', 10);
    expect(cameras.connections).toBe(1);
    expect((await node.reports('cell-1')).at(-1)).toMatchObject({ nodeId: 'sfu-test', state: 'live' });
    await Promise.all([near.unwatch('cell-1'), far.unwatch('cell-1')]);
    await cameras.left();
  });

  it('is pulled by another node that has it, too, when the one that pulled it dies', async () => {
    const feed = both('cell-1');
    const play = async (viewer: TestViewer) => {
      await eventually('it can be had', async () => (await viewer.watch([feed])).every(({ ok }) => ok), {
        withinMs: BACK_WITHIN_MS,
      });
      await viewer.resume('cell-1');
      await viewer.sees('cell-1', 3, BACK_WITHIN_MS);
    };
    const homeOf = () => node.client.hGet(SFU_KEYS.homes, 'cell-1');
    await using home = await startNodeProcess('sfu-home', node, { SFU_CAMERAS_FILE: camerasFile });
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const viewer = await TestViewer.join(node, browser, 'viewer-left');
    await play(viewer);
    using _grant = keepGrant(viewer, feed);
    expect([await homeOf(), node.node.figures().relaysIn, cameras.connections]).toEqual(['sfu-home', 1, 1]);

    const diedAt = performance.now();
    home.child.kill('SIGKILL');
    const isOurs = ({ viewerId }: { viewerId: string }) => viewerId === viewer.viewerId;
    await node.control.heard('viewer:consumers-closed', isOurs);
    await play(viewer);
    const backMs = performance.now() - diedAt;
    process.stdout.write(`the node that pulls dies: pictures after ${(backMs / 1_000).toFixed(1)} s\n`);
    expect(backMs).toBeLessThan(BACK_WITHIN_MS);
    expect([await homeOf(), node.node.figures().relaysIn, cameras.connections]).toEqual(['sfu-test', 0, 1]);
    await viewer.unwatch('cell-1');
    await cameras.left();
  });

  it('decodes with parameter sets from the description and packets that are too long', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-bare');
    await viewer.watch([single('bare')]);
    await viewer.resume('bare');
    await viewer.sees('bare', 10);
    expect((await viewer.stats('bare')).width).toBe(640);
    await viewer.unwatch('bare');
    await cameras.left();
  });

  it('is told as stalled and lost when it dies, and comes back by itself to the same consumer', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-two');
    await viewer.watch([both('cell-2')]);
    await viewer.resume('cell-2');
    await viewer.sees('cell-2');
    using _grant = keepGrant(viewer, both('cell-2'));

    await cameras.kill();
    await node.reaches('cell-2', 'stalled', 5_000);
    expect(await node.reaches('cell-2', 'lost', 10_000)).toMatchObject({ faults: ['unreachable'] });
    await cameras.start();
    await node.reaches('cell-2', 'live', 20_000);
    expect((await node.reaches('cell-2', 'live')).faults).toBeUndefined();
    await viewer.sees('cell-2', 10);
    expect(
      node.control.news('viewer:consumers-closed').filter(({ viewerId }) => viewerId === 'viewer-two'),
    ).toEqual([]);

    // Within the time in which nobody calls it lost: the player gets no packet of it twice and none out of order.
    await cameras.kill();
    await node.reaches('cell-2', 'stalled', 5_000);
    await cameras.start();
    await node.reaches('cell-2', 'live', 20_000);
    await viewer.sees('cell-2', 30);
    await viewer.unwatch('cell-2');
    await cameras.left();
  });
});

describe('what a camera sends wrongly', () => {
  it.each([
    ['b-frames', 'b-frames'],
    ['long-gop', 'keyframe-interval'],
  ])('%s is a fault of the feed', async (feedId, fault) => {
    const viewer = await TestViewer.join(node, browser, `viewer-${feedId}`);
    await viewer.watch([single(feedId)]);
    await viewer.resume(feedId);
    await eventually('the fault', async () => (await faultsOf(feedId))?.includes(fault as never), {
      withinMs: 14_000,
    });
    expect(await node.reaches(feedId, 'live')).toMatchObject({ faults: [fault] });
    await viewer.unwatch(feedId);
    await cameras.left();
  });

  it('H.265 is not live, with the reason, and is not asked for again and again', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-h265');
    await viewer.watch([single('h265')]);
    await viewer.resume('h265');
    expect(await node.reaches('h265', 'lost', 3_000)).toMatchObject({ faults: ['codec'], layers: [] });
    expect(await describedDuring(viewer, 'h265', '/h265')).toBe(1);
    expect(logged).toMatch(/"feedId":"h265","layer":"low","code":"codec"/);
  });

  it.each([
    ['locked', '/main', 'unauthorized', ['auth']],
    ['missing', '/nothing', 'not-found', ['stream']],
  ])(
    '%s: it refuses, which is told with a code, and is not asked again and again',
    async (feedId, path, code, faults) => {
      const viewer = await TestViewer.join(node, browser, `viewer-${feedId}`);
      await viewer.watch([single(feedId)]);
      await viewer.resume(feedId);
      expect((await node.reaches(feedId, 'lost', 3_000)).faults).toEqual(faults);
      expect(logged).toMatch(new RegExp(`"feedId":"${feedId}","layer":"low","code":"${code}"`));
      const connected = cameras.count('connected');
      await describedDuring(viewer, feedId, path);
      expect(cameras.count('connected')).toBe(connected);
    },
  );

  /** How often a stream was asked for, while one viewer left it and came back. */
  async function describedDuring(viewer: TestViewer, feedId: string, path: string): Promise<number> {
    await viewer.unwatch(feedId);
    await node.reaches(feedId, 'idle');
    await viewer.watch([single(feedId)]);
    await viewer.resume(feedId);
    await node.reaches(feedId, 'lost', 3_000);
    await viewer.unwatch(feedId);
    await node.reaches(feedId, 'idle');
    await cameras.left();
    return cameras.count(`describe ${path}`);
  }
});

describe('what a camera trusts us with', () => {
  /** Parts of what must be nowhere that stay as they are in JSON, in an address and in a log of Redis. */
  const SECRETS = [
    's3cr3t',
    'w/rd%',
    encodeURIComponent('p@ss:w/rd%'),
    Buffer.from(`${CAMERA_USER}:${CAMERA_PASSWORD}`).toString('base64').slice(0, -4),
    Buffer.from(CAMERA_PASSWORD).toString('base64').slice(0, -4),
    'not-the-password',
  ];

  it('is in no log, in nothing that Redis holds or was told, in no message to a server and in no command line', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-secret');
    await viewer.watch([both('cell-1')]);
    await viewer.resume('cell-1');
    await viewer.sees('cell-1');
    const stored = await witness.contents();
    const { commands } = witness;
    const shown = await shownByProcesses();
    for (const [where, text] of Object.entries({ logged, stored, commands, told, shown }))
      for (const secret of SECRETS) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
    for (const text of [logged, stored, commands, told]) {
      expect(text).toContain('cell-1');
      expect(text).not.toMatch(/Digest |nonce/);
      expect(text).not.toContain(CAMERA_USER);
    }
    expect(logged).toContain('camera plays');
    await viewer.unwatch('cell-1');
    await cameras.left();
  });

  it('would be found in whatever Redis holds, and in what it only passes on', async () => {
    const { client } = node;
    const plant = {
      string: () => client.set('planted:string', 'hidden-string'),
      hash: () => client.hSet('planted:hash', 'field', 'hidden-hash'),
      list: () => client.rPush('planted:list', 'hidden-list'),
      set: () => client.sAdd('planted:set', 'hidden-set'),
      zset: () => client.zAdd('planted:zset', { score: 1, value: 'hidden-zset' }),
      stream: () => client.xAdd('planted:stream', '*', { json: 'hidden-stream' }),
    };
    for (const write of Object.values(plant)) await write();
    await client.publish('planted', 'hidden-news');
    const stored = await witness.contents();
    for (const type of Object.keys(plant)) expect(stored).toContain(`hidden-${type}`);
    await eventually('the news', () => witness.commands.includes('hidden-news'));
    await client.del(Object.keys(plant).map((type) => `planted:${type}`));
  });

  /** Command lines of every process, as anybody on the machine sees them; not of the camera itself. */
  async function shownByProcesses(): Promise<string> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    return lines.filter((line) => !line.includes('rtsp-server.py')).join('\n');
  }
});

describe('the service', () => {
  const main = new URL('../main.ts', import.meta.url).pathname;

  it('leaves no connection to a camera behind when it is killed', async () => {
    await using mine = new AsyncDisposableStack();
    const redis = mine.use(await startTestRedis());
    const authority = await createTestAuthority({ nodeId: 'sfu-pulling' });
    const first = await findFreePorts(2 + 4 + 20);
    const child = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        REDIS_URL: redis.url,
        SFU_NODE_ID: 'sfu-pulling',
        SFU_LISTEN_ADDRESS: '127.0.0.1',
        SFU_CONTROL_PORT: String(first),
        SFU_PORT: String(first + 2),
        SFU_INGEST_PORT_MIN: String(first + 6),
        SFU_INGEST_PORT_MAX: String(first + 25),
        SFU_WORKERS: '1',
        SFU_CAMERAS_FILE: camerasFile,
        GRANT_PUBLIC_JWKS: authority.publicJwks,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    mine.defer(() => void child.kill('SIGKILL'));
    const url = `http://127.0.0.1:${first}`;
    const control = mine.use(
      await eventually('the control port', async () =>
        ControlClient.withGrant(url, await authority.control()).catch(() => undefined),
      ),
    );
    const viewer = await TestViewer.join({ authority, control }, browser, 'viewer-killed');
    await viewer.watch([both('cell-1')]);
    await viewer.resume('cell-1');
    await viewer.sees('cell-1');
    expect(cameras.connections).toBe(1);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await cameras.left();
  });

  it('does not start with a list that is wrong, and says where', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'varta-cameras-'));
    owned.defer(() => rm(folder, { recursive: true }));
    const file = join(folder, 'cameras.json');
    await writeFile(
      file,
      JSON.stringify({
        'cell-1': { high: { url: 'rtsp://admin:hunter2@camera/' } },
        'cell-2': {
          high: { url: 'rtsp://camera/' },
          credentials: { username: 'admin', passwordEnv: 'NO_SUCH_VARIABLE' },
        },
      }),
    );
    const { publicJwks } = await createTestAuthority({ nodeId: 'sfu-wrong' });
    const child = spawn(process.execPath, [main, '--check'], {
      env: { REDIS_URL: 'unix:///nothing', GRANT_PUBLIC_JWKS: publicJwks, SFU_CAMERAS_FILE: file },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(errors).toContain('cell-1.high.url: must not hold a name or password');
    expect(errors).not.toContain('hunter2');
    expect(errors).not.toContain('    at ');
  });
});
