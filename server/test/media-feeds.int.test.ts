import { connect, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FACILITY_MESSAGES, FeedDemand, FeedRelease } from '#contract/facility-link.ts';
import { SFU_CHANNELS, SFU_KEYS } from '#contract/registry.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { type ControlNode, toDemand } from './fixtures/control-node.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { facilityKey, type MediaReplica, readAudit } from './fixtures/media-replica.ts';
import { type MediaWorld, SOON, startMediaWorld } from './fixtures/media-world.ts';
import type { TestRedis } from './fixtures/redis.ts';

const CELL_1 = 'ua-68-itt-1-cell-1-cam-1';
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
const YARD = 'ua-68-itt-1-yard-cam-1';
const MEDICAL = 'ua-68-itt-1-medical-cam-1';
const OFFER = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';

let world: MediaWorld;
let redis: TestRedis;
let node: ControlNode;
let replica: MediaReplica;

beforeEach(async () => {
  world = await startMediaWorld();
  ({ redis, node, replica } = world);
});
afterEach(() => world[Symbol.asyncDispose]());

describe('the facility link', () => {
  const good = {
    protocol: PROTOCOL_VERSION,
    facilityId: 'ua-68-itt-1',
    key: facilityKey('ua-68-itt-1'),
    feeds: [CELL_1, CELL_2],
  };

  /** Equipment, and what it was told: the demand of each feed that it is to send. */
  async function connectEquipment(auth: object = good, to = replica) {
    const socket: Socket = connect(`${to.url}/facility`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth,
    });
    world.owned.defer(() => void socket.disconnect());
    const wanted = new Map<string, FeedDemand>();
    const heard: FeedDemand[] = [];
    socket.on(FACILITY_MESSAGES.demand, (payload: unknown) => {
      const demand = FeedDemand.parse(payload);
      wanted.set(demand.feedId, demand);
      heard.push(demand);
    });
    socket.on(FACILITY_MESSAGES.release, (payload: unknown) =>
      wanted.delete(FeedRelease.parse(payload).feedId),
    );
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error: Error & { data?: { code?: string } }) =>
        reject(new Error(error.data?.code ?? error.message)),
      );
    });
    return { socket, wanted, heard };
  }
  const ports = (wanted: ReadonlyMap<string, FeedDemand>) =>
    Object.fromEntries([...wanted].map(([feedId, { target }]) => [feedId, target.port]));

  test('says what stands when equipment connects, and what changes', async () => {
    await node.demand(CELL_1, 45_000);
    const { wanted } = await connectEquipment();
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_1]: 45_000 }), SOON);
    await node.demand(CELL_2, 45_002);
    await node.demand(CELL_1, 45_004);
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_1]: 45_004, [CELL_2]: 45_002 }), SOON);
    await node.release(CELL_1);
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_2]: 45_002 }), SOON);
  });

  test('news that got lost are made up for', async () => {
    const { wanted } = await connectEquipment();
    await node.demand(CELL_1, 45_000, { missed: true });
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_1]: 45_000 }), SOON);
    await node.release(CELL_1, { missed: true });
    await vi.waitFor(() => expect(ports(wanted)).toEqual({}), SOON);
  });

  test('what a dead node wanted is not wanted any more; what another node wants is', async () => {
    const other = await world.startNode('sfu-2');
    const { wanted } = await connectEquipment();
    await node.demand(CELL_1, 45_000);
    await node.demand(CELL_2, 45_002);
    await vi.waitFor(() => expect(wanted.size).toBe(2), SOON);
    await other.demand(CELL_2, 46_000);
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_1]: 45_000, [CELL_2]: 46_000 }), SOON);
    await node.release(CELL_2);
    await node.lapse();
    await node.register({ gone: true });
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_2]: 46_000 }), SOON);
  });

  test('every replica serves its own equipment, and the newest connection serves the feed', async () => {
    const second = await world.startReplica();
    const old = await connectEquipment();
    const other = await connectEquipment({ ...good, feeds: [CELL_2] }, second);
    await node.demand(CELL_1, 45_000);
    await node.demand(CELL_2, 45_002);
    await vi.waitFor(() => expect(ports(old.wanted)).toEqual({ [CELL_1]: 45_000, [CELL_2]: 45_002 }), SOON);
    await vi.waitFor(() => expect(ports(other.wanted)).toEqual({ [CELL_2]: 45_002 }), SOON);

    const successor = await connectEquipment({ ...good, feeds: [CELL_1] });
    await vi.waitFor(() => expect(ports(successor.wanted)).toEqual({ [CELL_1]: 45_000 }), SOON);
    await vi.waitFor(() => expect(ports(old.wanted)).toEqual({ [CELL_2]: 45_002 }), SOON);
    successor.socket.disconnect();
    await vi.waitFor(() => expect(ports(old.wanted)).toEqual({ [CELL_1]: 45_000, [CELL_2]: 45_002 }), SOON);
  });

  test('only ever the facility’s own feeds', async () => {
    const { wanted, heard } = await connectEquipment();
    const connection = await redis.connect();
    const forged = { ...toDemand(CELL_1, 45_000), facilityId: 'ua-46-itt-1' };
    await connection.publish(SFU_CHANNELS.demands, JSON.stringify({ kind: 'demand', demand: forged }));
    for (const garbage of ['', '{', '{"kind":"demand"}', '7'])
      await connection.publish(SFU_CHANNELS.demands, garbage);
    await connection.hSet(SFU_KEYS.demands(node.nodeId), CELL_1, 'garbage');
    await node.demand(CELL_2, 45_002);
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_2]: 45_002 }), SOON);
    expect(heard.map(({ feedId }) => feedId)).toEqual([CELL_2]);
  });

  test.each([
    ['another protocol', { ...good, protocol: 2 }, 'protocol_unsupported'],
    ['a wrong key', { ...good, key: facilityKey('ua-46-itt-1') }, 'bad_facility_key'],
    ['another facility’s feed', { ...good, feeds: ['ua-46-itt-1-cell-1-cam-1'] }, 'wrong_facility'],
    ['garbage', { hello: 'world' }, 'invalid'],
    ['nothing', {}, 'invalid'],
  ])('%s is refused with a code', async (_, auth, code) => {
    await expect(connectEquipment(auth)).rejects.toThrow(code);
  });

  test('whatever equipment says is refused, and it goes on being served', async () => {
    const { socket, wanted } = await connectEquipment();
    expect(await socket.timeout(5_000).emitWithAck('feed:demand', { feedId: CELL_1 })).toMatchObject({
      ok: false,
    });
    await node.demand(CELL_1, 45_000);
    await vi.waitFor(() => expect(ports(wanted)).toEqual({ [CELL_1]: 45_000 }), SOON);
  });
});

describe('feed states', () => {
  const state = (feedId: string, at = replica) => at.live.view.feed(feedId)?.state;

  test('follow what the node reports', async () => {
    await node.report(CELL_1, 'connecting');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('connecting'), SOON);
    await node.report(CELL_1, 'live');
    await vi.waitFor(
      () => expect(replica.live.view.feed(CELL_1)).toMatchObject({ state: 'live', layers: ['low', 'high'] }),
      SOON,
    );
    await node.report(CELL_1, 'idle');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('idle'), SOON);
  });

  test('are faulty while nothing can be seen in the picture, and pages are told why', async () => {
    const told: unknown[] = [];
    world.owned.defer(
      replica.live.view.onDelta(({ feeds = [] }) => {
        for (const feed of feeds) if (feed.feedId === CELL_1) told.push([feed.state, feed.faults]);
      }),
    );
    await node.report(CELL_1, 'live');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), SOON);
    await node.report(CELL_1, 'live', { faults: ['black', 'keyframe-interval'] });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('faulty'), SOON);
    await node.report(CELL_1, 'live', { faults: ['keyframe-interval'] });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), SOON);
    expect(told).toEqual([
      ['live', undefined],
      ['faulty', ['black', 'keyframe-interval']],
      ['live', ['keyframe-interval']],
    ]);
  });

  test('are confidential while the area is, whatever the camera does', async () => {
    await node.report(CELL_1, 'live');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), SOON);
    // Nobody knows whether somebody is inside.
    await vi.waitFor(() => expect(state(MEDICAL)).toBe('confidential'), SOON);
    const area = 'ua-68-itt-1-cell-1';
    const confidentialSince = new Date().toISOString();
    await replica.live.writer.commit('UA-68', {
      areas: [areaStatus(area, { confidentialSince }), areaStatus('ua-68-itt-1-medical')],
    });
    await vi.waitFor(() => expect([state(CELL_1), state(MEDICAL)]).toEqual(['confidential', 'idle']), SOON);
    await node.report(CELL_1, 'stalled');
    await replica.live.writer.commit('UA-68', { areas: [areaStatus(area)] });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('stalled'), SOON);
  });

  test('a report that got lost is made up for', async () => {
    await node.report(CELL_1, 'live', { missed: true });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), { timeout: 15_000 });
    await node.report(CELL_1, 'idle', { missed: true });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('idle'), { timeout: 15_000 });
  });

  test('a node that dies leaves its feeds lost, until another one has them', async () => {
    const other = await world.startNode('sfu-2');
    await node.report(CELL_1, 'live');
    await other.report(CELL_2, 'live');
    await vi.waitFor(() => expect([state(CELL_1), state(CELL_2)]).toEqual(['live', 'live']), SOON);
    await node.lapse();
    await vi.waitFor(() => expect(state(CELL_1)).toBe('lost'), { timeout: 15_000 });
    expect(state(CELL_2)).toBe('live');
    await other.report(CELL_1, 'connecting');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('connecting'), SOON);
  });

  test('a node that takes its leave leaves its feeds lost at once', async () => {
    // Once a lost report is made up for, the registry is known to be relied on.
    await node.report(CELL_1, 'live', { missed: true });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), { timeout: 15_000 });
    await node.lapse();
    await node.register({ gone: true });
    await vi.waitFor(() => expect(state(CELL_1)).toBe('lost'), { timeout: 1_500 });
  });

  test('another replica goes on when the one that projected is gone, and misses nothing', async () => {
    const second = await world.startReplica();
    await node.report(CELL_1, 'live');
    await vi.waitFor(() => expect(state(CELL_1, second)).toBe('live'), SOON);
    await replica.kill();
    await node.report(CELL_1, 'stalled');
    await node.report(YARD, 'live');
    await vi.waitFor(
      () => expect([state(CELL_1, second), state(YARD, second)]).toEqual(['stalled', 'live']),
      {
        timeout: 10_000,
      },
    );
  });

  test('of several replicas one projects: a change is told once', async () => {
    const others = [await world.startReplica(), await world.startReplica()];
    await node.report(CELL_1, 'live');
    await vi.waitFor(
      () => expect(others.map((other) => state(CELL_1, other))).toEqual(['live', 'live']),
      SOON,
    );
    const before = replica.live.view.snapshot('UA-68').seq;
    await node.report(CELL_1, 'stalled');
    await node.report(YARD, 'live');
    await vi.waitFor(() => expect([state(CELL_1), state(YARD)]).toEqual(['stalled', 'live']), SOON);
    // One message or two, by when they were read; never one of each replica.
    expect(replica.live.view.snapshot('UA-68').seq - before).toBeLessThanOrEqual(2);
  });

  test('Redis dies and comes back: states and demands go on', async () => {
    await node.report(CELL_1, 'live');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), SOON);
    await redis.kill();
    await vi.waitFor(() => expect(replica.live.view.current).toBe(false), SOON);
    await redis.start();
    // The node's own connection is back when this goes through.
    await vi.waitFor(() => node.report(CELL_1, 'stalled'), SOON);
    await vi.waitFor(() => expect(state(CELL_1)).toBe('stalled'), { timeout: 10_000 });
    await node.demand(CELL_2, 45_002, { missed: true });
    const equipment = connect(`${replica.url}/facility`, {
      transports: ['websocket'],
      forceNew: true,
      auth: {
        protocol: PROTOCOL_VERSION,
        facilityId: 'ua-68-itt-1',
        key: facilityKey('ua-68-itt-1'),
        feeds: [CELL_2],
      },
    });
    world.owned.defer(() => void equipment.disconnect());
    const demand = await new Promise((resolve) => equipment.once(FACILITY_MESSAGES.demand, resolve));
    expect(demand).toMatchObject({ feedId: CELL_2, target: { port: 45_002 } });
  });

  test('a burst of changes is a handful of messages, and the last word counts', async () => {
    const before = replica.live.view.snapshot('UA-68').seq;
    for (let round = 0; round < 50; round++) {
      await node.report(CELL_1, round % 2 === 0 ? 'live' : 'stalled');
      await node.report(CELL_2, round % 2 === 0 ? 'stalled' : 'live');
    }
    await vi.waitFor(() => expect([state(CELL_1), state(CELL_2)]).toEqual(['stalled', 'live']), SOON);
    expect(replica.live.view.snapshot('UA-68').seq - before).toBeLessThan(10);
  });

  test('garbage in the stream is passed over', async () => {
    const connection = await redis.connect();
    for (const json of ['', '{', '{}', '{"feedId":7}'])
      await connection.xAdd(SFU_KEYS.reports, '*', { json });
    await connection.xAdd(SFU_KEYS.reports, '*', { something: 'else' });
    await connection.hSet(SFU_KEYS.feeds(node.nodeId), CELL_2, 'garbage');
    await node.report('ua-68-itt-1-cell-9-cam-1', 'live');
    await node.report(CELL_1, 'live');
    await vi.waitFor(() => expect(state(CELL_1)).toBe('live'), SOON);
    expect(state('ua-68-itt-1-cell-9-cam-1')).toBeUndefined();
  });
});

describe('WHIP', () => {
  const publish = (feedId = YARD, change: RequestInit & { key?: string } = {}) =>
    fetch(`${replica.url}/whip/${feedId}`, {
      method: 'POST',
      body: OFFER,
      ...change,
      headers: {
        authorization: `Bearer ${change.key ?? facilityKey('ua-68-itt-1')}`,
        'content-type': 'application/sdp',
        ...change.headers,
      },
    });
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { status, code } = (await response.json()) as { status: number; code: string };
    expect(status).toBe(response.status);
    return [status, code];
  };

  const noted = async () =>
    (await readAudit(redis, 'UA-68'))
      .filter(({ action }) => action.startsWith('feed.publish'))
      .map(({ actor, action, resource }) => [actor.kind, actor.id, action, resource]);

  test('an offer in, the answer out; the resource can be ended at any replica', async () => {
    const published = await publish();
    expect(published.status).toBe(201);
    expect(published.headers.get('content-type')).toBe('application/sdp');
    expect(published.headers.get('etag')).toBe('"ice-1"');
    expect(published.headers.get('access-control-expose-headers')).toContain('Location, ETag, Link');
    expect(await published.text()).toMatch(/^v=0/);
    const location = published.headers.get('location') ?? '';
    expect(location).toMatch(new RegExp(`^/whip/${YARD}/sfu-1\\.[\\w-]+$`));
    expect([...node.publications.keys()]).toEqual([YARD]);
    expect(await noted()).toEqual([['facility', 'ua-68-itt-1', 'feed.publish', `feed:${YARD}`]]);

    const second = await world.startReplica();
    const end = () =>
      fetch(second.url + location, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${facilityKey('ua-68-itt-1')}` },
      });
    expect((await end()).status).toBe(200);
    expect(node.publications.size).toBe(0);
    expect((await noted())[1]).toEqual(['facility', 'ua-68-itt-1', 'feed.publish-end', `feed:${YARD}`]);
    expect(await problem(await end())).toEqual([404, 'unknown_resource']);
  });

  test('what cannot be put on record is taken back, and the next try is not refused', async () => {
    const store = await redis.connect();
    // Redis takes no writes from the moment on when the node has said yes.
    node.answers['whip:publish'] = async () => {
      delete node.answers['whip:publish'];
      node.publications.set(YARD, 'resource-unrecorded');
      await store.configSet('min-replicas-to-write', '1');
      return {
        ok: true,
        result: { resourceId: 'resource-unrecorded', sdpAnswer: 'v=0\r\n', iceTag: 'ice-1' },
      };
    };
    const refused = await publish();
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await problem(refused)).toEqual([503, 'store_unavailable']);
    expect(node.heard.slice(-2)).toEqual(['whip:publish', 'whip:stop']);
    expect(node.publications.size).toBe(0);
    expect(await noted()).toEqual([]);

    await store.configSet('min-replicas-to-write', '0');
    expect((await publish()).status).toBe(201);
    expect(await noted()).toHaveLength(1);
  });

  test('goes to the node that has the feed', async () => {
    await world.startNode('sfu-0');
    await node.report(YARD, 'live');
    const published = await publish();
    expect(published.headers.get('location')).toContain('/sfu-1.');
    expect(await problem(await publish())).toEqual([409, 'feed_busy']);
  });

  test.each([
    [
      'another content type',
      {},
      { headers: { 'content-type': 'application/json' } },
      [415, 'unsupported_media_type'],
    ],
    ['no key', {}, { headers: { authorization: '' } }, [401, 'unauthenticated']],
    ['a wrong key', {}, { key: 'not-a-key-of-anybody' }, [401, 'bad_facility_key']],
    ['another facility’s feed', {}, { key: facilityKey('ua-46-itt-1') }, [403, 'wrong_facility']],
    ['an unknown feed', { feedId: 'ua-68-itt-1-yard-cam-9' }, {}, [404, 'unknown_feed']],
    ['no feed id', { feedId: 'A%20B' }, {}, [422, 'invalid']],
    ['a feed that is sent on demand', { feedId: CELL_1 }, {}, [403, 'forbidden']],
    ['an empty offer', {}, { body: '' }, [422, 'invalid']],
    ['an offer of a megabyte', {}, { body: 'v'.repeat(1_000_000) }, [413, 'too_large']],
  ])('%s', async (_, { feedId }: { feedId?: string }, change, expected) => {
    expect(await problem(await publish(feedId, change))).toEqual(expected);
    expect(node.publications.size).toBe(0);
  });

  test.each([
    ['offer_unusable', 400],
    ['codec_unsupported', 406],
  ])('what the node says of the offer reaches the encoder: %s', async (code, status) => {
    node.answers['whip:publish'] = () => ({ ok: false, code, message: 'set the encoder to H.264' });
    const refused = await publish();
    expect(await refused.clone().json()).toMatchObject({ detail: 'set the encoder to H.264' });
    expect(await problem(refused)).toEqual([status, code]);
  });

  test.each(['sfu-9.resource-1', 'sfu-1.resource-9', 'sfu-1', '..%2f..%2fetc', 'sfu-1.a%2fb'])(
    'there is no resource %s',
    async (name) => {
      const response = await fetch(`${replica.url}/whip/${YARD}/${name}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${facilityKey('ua-68-itt-1')}` },
      });
      expect([404, 422]).toContain(response.status);
      await problem(response);
    },
  );

  const patch = (location: string, change: { headers?: Record<string, string>; body?: string } = {}) =>
    fetch(replica.url + location, {
      method: 'PATCH',
      body: change.body ?? 'a=ice-ufrag:EsAw\r\na=end-of-candidates\r\n',
      headers: {
        authorization: `Bearer ${facilityKey('ua-68-itt-1')}`,
        'content-type': 'application/trickle-ice-sdpfrag',
        'if-match': '"ice-1"',
        ...change.headers,
      },
    });

  test('PATCH adds candidates and restarts ICE, for whoever names the present ICE session', async () => {
    const location = (await publish()).headers.get('location') ?? '';
    const trickled = await patch(location);
    expect([trickled.status, await trickled.text(), trickled.headers.get('etag')]).toEqual([204, '', null]);
    const restart = 'a=ice-ufrag:newer\r\na=ice-pwd:0123456789012345678901\r\n';
    const restarted = await patch(location, { headers: { 'if-match': '*' }, body: restart });
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag');
    expect(restarted.headers.get('etag')).toBe('"ice-2"');
    expect(await restarted.text()).toBe('a=ice-lite\r\n');
    // As the examples of RFC 9725 write it.
    expect((await patch(location, { headers: { 'if-match': '"*"' }, body: restart })).status).toBe(200);
  });

  test.each([
    ['without If-Match', { headers: { 'if-match': '' } }, [428, 'precondition_required']],
    ['of another ICE session', { headers: { 'if-match': '"ice-0"' } }, [412, 'precondition_failed']],
    ['with a weak tag', { headers: { 'if-match': 'W/"ice-1"' } }, [412, 'precondition_failed']],
    ['of another type', { headers: { 'content-type': 'application/sdp' } }, [415, 'unsupported_media_type']],
    ['without a key', { headers: { authorization: '' } }, [401, 'unauthenticated']],
    [
      'of another facility',
      { headers: { authorization: `Bearer ${facilityKey('ua-46-itt-1')}` } },
      [403, 'wrong_facility'],
    ],
    ['with nothing', { body: '' }, [422, 'invalid']],
  ])('PATCH %s is refused', async (_, change: Parameters<typeof patch>[1], expected) => {
    const location = (await publish()).headers.get('location') ?? '';
    expect(await problem(await patch(location, change))).toEqual(expected);
  });

  test('PATCH of a publication that is not there', async () => {
    expect(await problem(await patch(`/whip/${YARD}/sfu-1.resource-9`))).toEqual([404, 'unknown_resource']);
  });

  test.each([
    ['', 'POST, OPTIONS', { 'accept-post': 'application/sdp' }],
    ['/sfu-1.resource-1', 'PATCH, DELETE, OPTIONS', { 'accept-patch': 'application/trickle-ice-sdpfrag' }],
  ])('OPTIONS says what /whip/…%s takes, to pages of any origin', async (rest, allow, accepts) => {
    const response = await fetch(`${replica.url}/whip/${YARD}${rest}?any=thing`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      allow,
      'access-control-allow-methods': allow,
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
      ...accepts,
    });
  });

  test.each(['GET', 'PUT', 'PATCH'])('%s of the endpoint is not allowed', async (method) => {
    const response = await fetch(`${replica.url}/whip/${YARD}`, { method });
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await problem(response)).toEqual([405, 'method_not_allowed']);
  });

  test('a page of another origin may read why it was refused', async () => {
    const refused = await publish(YARD, { key: 'not-a-key-of-anybody' });
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(await problem(refused)).toEqual([401, 'bad_facility_key']);
  });

  test('without a node: said so', async () => {
    await node.register({ gone: true });
    await vi.waitFor(() => expect(replica.module.ready()).toBeDefined(), SOON);
    const refused = await publish();
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(await problem(refused)).toEqual([503, 'no_sfu']);
  });
});
