import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { createTestAuthority, testFeed } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { ControlClient } from './fixtures/control-client.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let node: TestNode;
let browser: TestBrowser;
const owned = new AsyncDisposableStack();
const seconds = () => Math.floor(Date.now() / 1000);
const LINE = 'cell-1';

beforeAll(async () => {
  const [started, launched, video] = await Promise.all([
    startTestNode(),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  const cameras = Object.fromEntries(
    ['cell-1', 'cell-2', 'cell-3'].map((id) => [id, owned.use(new Camera(video))]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

describe('the control port', () => {
  const dataOf = (auth: object) =>
    ControlClient.connect(node.node.controlUrl, auth).then(
      () => 'let in',
      (error: { data?: { code?: string } }) => error.data?.code,
    );

  it('lets nobody in without a control grant of this protocol', async () => {
    const { authority } = node;
    const stranger = await createTestAuthority({ nodeId: 'sfu-test' });
    const grant = await authority.control();
    expect(await dataOf({ protocol: PROTOCOL_VERSION, grant })).toBe('let in');
    expect(await dataOf({})).toBe('protocol_unsupported');
    expect(await dataOf({ protocol: 99, grant })).toBe('protocol_unsupported');
    expect(await dataOf({ protocol: PROTOCOL_VERSION })).toBe('invalid');
    expect(await dataOf({ protocol: PROTOCOL_VERSION, grant: await authority.view('viewer-x', []) })).toBe(
      'grant_invalid',
    );
    expect(await dataOf({ protocol: PROTOCOL_VERSION, grant: await stranger.control() })).toBe(
      'grant_invalid',
    );
    const expired = await authority.control({ iat: seconds() - 60, exp: seconds() - 45 });
    expect(await dataOf({ protocol: PROTOCOL_VERSION, grant: expired })).toBe('grant_expired');
  });

  it('answers every bad message with a code, and lives on', async () => {
    const { control } = node;
    const wrong: unknown[] = [
      undefined,
      null,
      0,
      'text',
      [],
      {},
      { grant: 7 },
      { viewerId: {} },
      { grant: 'a.b.c' },
    ];
    for (const name of [
      'viewer:join',
      'viewer:watch',
      'viewer:resume',
      'viewer:layers',
      'whip:publish',
      'whip:stop',
    ]) {
      for (const payload of wrong)
        expect(await control.send(name, payload)).toMatchObject({ ok: false, code: 'invalid' });
      expect(await control.send(name)).toMatchObject({ ok: false, code: 'invalid' });
    }
    const token = `${'a'.repeat(30)}.b.c`;
    expect(await control.send('viewer:join', { grant: token })).toMatchObject({ code: 'grant_invalid' });
    expect(await control.send('no:such', {})).toMatchObject({ ok: false, code: 'not_found' });
    const ids = { viewerId: 'nobody-here', consumerIds: ['a'] };
    expect(await control.send('viewer:resume', ids)).toMatchObject({ code: 'unknown_viewer' });
    expect(await control.send('viewer:leave', { viewerId: 'nobody-here' })).toEqual({ ok: true, result: {} });
    expect(node.node.figures().workersReady).toBe(1);
  });

  it('refuses parameters that mediasoup does not take', async () => {
    const { authority, control } = node;
    const joined = await control.ask('viewer:join', { grant: await authority.view('viewer-bad', [LINE]) });
    if (joined.adopted) throw new Error('expected a new viewer');
    const transportId = joined.transport.id;
    const fingerprints = [{ algorithm: 'rot13', value: 'AA' }];
    expect(
      await control.send('viewer:connect', {
        viewerId: 'viewer-bad',
        transportId,
        dtlsParameters: { fingerprints },
      }),
    ).toMatchObject({ ok: false, code: 'invalid' });
    const watch = async (rtpCapabilities: object) =>
      control.send('viewer:watch', {
        grant: await authority.view('viewer-bad', [LINE]),
        rtpCapabilities,
        feeds: [{ feedId: LINE, layer: 'low' }],
      });
    expect(await watch({ codecs: 5 })).toMatchObject({ ok: false, code: 'invalid' });
    expect(await watch({ codecs: [] })).toMatchObject({
      ok: true,
      result: { feeds: [{ ok: false, feedId: LINE, code: 'codec_unsupported' }] },
    });
    await control.ask('viewer:leave', { viewerId: 'viewer-bad' });
  });
});

describe('a view grant', () => {
  it('is the limit: a feed that it does not name is refused, and spoils no other', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    const grant = await node.authority.view('viewer-one', ['cell-1']);
    const { feeds } = await node.control.ask('viewer:watch', {
      grant,
      rtpCapabilities: viewer.capabilities,
      feeds: ['cell-1', 'cell-2', 'nowhere'].map((feedId) => ({ feedId, layer: 'low' })),
    });
    expect(feeds).toMatchObject([
      { ok: true, feedId: 'cell-1' },
      { ok: false, feedId: 'cell-2', code: 'grant_not_covering' },
      { ok: false, feedId: 'nowhere', code: 'grant_not_covering' },
    ]);
    await node.control.ask('viewer:leave', { viewerId: 'viewer-one' });
  });

  it('that is not renewed ends everything when it runs out', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-two');
    const exp = seconds() + 4;
    await viewer.watch(['cell-1'], 'low', { exp });
    await viewer.resume('cell-1');
    await viewer.sees('cell-1');
    const consumerId = viewer.consumerId('cell-1');
    const endsAt = performance.now() + (exp * 1000 - Date.now());
    const lateMs = await viewer.silentSince(consumerId, endsAt);
    expect(lateMs).toBeLessThan(5_000);
    expect(lateMs).toBeGreaterThan(-1_000);
    expect(await node.control.heard('viewer:closed', (it) => it.viewerId === 'viewer-two')).toMatchObject({
      code: 'grant_expired',
    });
    const grant = await node.authority.view('viewer-two', ['cell-1']);
    expect(await node.control.send('viewer:renew', { grant })).toMatchObject({ code: 'unknown_viewer' });
  });

  it('that is renewed goes on, beyond the life of a single one', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-three');
    const first = seconds() + 3;
    await viewer.watch(['cell-1'], 'low', { exp: first });
    await viewer.resume('cell-1');
    await viewer.renew(['cell-1']);
    await eventually('the first grant is over', () => seconds() > first + 1, { withinMs: 10_000 });
    await viewer.sees('cell-1');
    await node.control.ask('viewer:leave', { viewerId: 'viewer-three' });
  });

  it('that drops a feed ends that feed within a second, and no other', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-four');
    await viewer.watch(['cell-1', 'cell-2']);
    await viewer.resume('cell-1', 'cell-2');
    await Promise.all([viewer.sees('cell-1'), viewer.sees('cell-2')]);
    const dropped = viewer.consumerId('cell-2');
    const revokedAt = performance.now();
    await viewer.renew(['cell-1']);
    const lateMs = await viewer.silentSince(dropped, revokedAt);
    expect(lateMs).toBeLessThan(5_000);
    await viewer.sees('cell-1');
    expect(
      await node.control.heard('viewer:consumers-closed', (it) => it.viewerId === 'viewer-four'),
    ).toMatchObject({ consumers: [{ consumerId: dropped, feedId: 'cell-2', code: 'grant_not_covering' }] });
    await node.control.ask('viewer:leave', { viewerId: 'viewer-four' });
  });

  it('that is older than another one gives nothing back: not by renewing, watching, joining, or leaving first', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-five');
    const wide = await node.authority.view('viewer-five', ['cell-1', 'cell-2'], {
      iat: seconds() - 1,
      exp: seconds() + 10,
    });
    await viewer.watch(['cell-1']);
    const stale = { ok: false, code: 'grant_invalid' };
    expect(await node.control.send('viewer:renew', { grant: wide })).toMatchObject(stale);
    expect(
      await node.control.send('viewer:watch', {
        grant: wide,
        rtpCapabilities: viewer.capabilities,
        feeds: [{ feedId: 'cell-2', layer: 'low' }],
      }),
    ).toMatchObject(stale);
    expect(await node.control.send('viewer:join', { grant: wide })).toMatchObject(stale);
    await node.control.ask('viewer:leave', { viewerId: 'viewer-five' });
    expect(await node.control.send('viewer:join', { grant: wide })).toMatchObject(stale);
  });

  it('that comes late is refused and no attack; one that was in force before and is shown again is told to a server', async () => {
    const { authority, control } = node;
    const at = (iat: number) => authority.view('viewer-late', ['cell-1'], { iat, exp: seconds() + 10 });
    const [first, late, present] = await Promise.all([-3, -2, -1].map((before) => at(seconds() + before)));
    await control.ask('viewer:join', { grant: first });
    await control.ask('viewer:renew', { grant: present });
    const told = (where: string) =>
      control.news('grant:refused').filter((it) => it.where === where && it.code === 'grant_invalid').length;
    const before = { renew: told('viewer:renew'), join: told('viewer:join') };
    const refused = { ok: false, code: 'grant_invalid' };
    expect(await control.send('viewer:renew', { grant: late })).toMatchObject(refused);
    expect(await control.send('viewer:join', { grant: first, adoptOnly: true })).toMatchObject(refused);
    await eventually('it is told that one was shown again', () => told('viewer:join') > before.join);
    expect(told('viewer:renew')).toBe(before.renew);
    await control.ask('viewer:leave', { viewerId: 'viewer-late' });
  });

  it('lets a page that reconnects keep its transport and its consumers, from any server', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-six');
    await viewer.watch(['cell-1', 'cell-3']);
    await viewer.resume('cell-1', 'cell-3');
    await viewer.sees('cell-1');
    const consumerId = viewer.consumerId('cell-1');

    using other = await ControlClient.withGrant(
      node.node.controlUrl,
      await node.authority.control({ sub: 'replica-2' }),
    );
    const grant = await node.authority.view('viewer-six', ['cell-1']);
    expect(await other.ask('viewer:join', { grant, have: viewer.transportId })).toEqual({
      ...{ adopted: true, viewerId: 'viewer-six', nodeId: 'sfu-test' },
    });
    const [again] = await viewer.watch(['cell-1']);
    expect(again).toMatchObject({ ok: true, consumer: { id: consumerId } });
    await viewer.sees('cell-1');
    expect(await other.heard('viewer:consumers-closed', (it) => it.viewerId === 'viewer-six')).toMatchObject({
      consumers: [{ feedId: 'cell-3', code: 'grant_not_covering' }],
    });

    const fresh = await node.authority.view('viewer-six', ['cell-1']);
    const replaced = await other.ask('viewer:join', { grant: fresh });
    expect(replaced).toMatchObject({ adopted: false });
    expect(other.news('viewer:closed')).toEqual([]);
    await node.control.ask('viewer:leave', { viewerId: 'viewer-six' });
  });
});

describe('a publish grant', () => {
  it('publishes only what comes by WHIP', async () => {
    const grant = await node.authority.publish(testFeed('cell-1'));
    expect(await node.control.send('whip:publish', { grant, sdpOffer: 'v=0' })).toMatchObject({
      ok: false,
      code: 'grant_not_covering',
    });
  });
});
