import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { connect, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FACILITY_MESSAGES, type FeedDemand, type FeedSending } from '#contract/facility-link.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { Attack } from '../audit/attack-book.ts';
import { FacilityLinks } from '../media/facility/facility-links.ts';
import { createRegistry } from '../nation/registry.ts';
import { askRaw } from './fixtures/ask-raw.ts';
import { mediaNation } from './fixtures/media-nation.ts';
import { startTestRedis } from './fixtures/redis.ts';

const FACILITY = 'ua-68-itt-1';
const CELL = 'ua-68-itt-1-cell-1-cam-1';
const [OLD_KEY, NEW_KEY] = ['a-key-of-a-facility-1', 'a-key-of-a-facility-2'];
const NODE = 'sfu-1';
const SRTP = { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'A'.repeat(59)}=` } as const;

let owned = new AsyncDisposableStack();
let links: FacilityLinks;
let redis: Redis;
let url: string;
/** Feeds that nodes were told to take no more of. */
let stopped: string[];
let attacks: Attack[];
/** Comparing what was told with what stands waits for this; news come all the same. */
let reconciled: PromiseWithResolvers<void>;

beforeEach(async () => {
  redis = await owned.use(await startTestRedis()).connect();
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const io = new Server(http, { transports: ['websocket'] });
  owned.defer(() => io.close());
  stopped = [];
  attacks = [];
  reconciled = Promise.withResolvers();
  const quiet = () => undefined;
  links = new FacilityLinks({
    io,
    redis,
    registry: createRegistry(mediaNation),
    authenticateFacility: (facilityId, key) => ({
      kind: 'facility',
      facilityId,
      regionId: 'UA-68',
      keyId: key === OLD_KEY ? 'old' : 'new',
    }),
    nodeIds: () => [NODE],
    relaySending: async () => undefined,
    tellPresence: () => reconciled.promise,
    stopEquipment: async ({ feedId }) => void stopped.push(feedId),
    auditRefusal: quiet,
    auditAttack: (attack) => void attacks.push(attack),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    now: Date.now,
  });
  owned.use(links);
  owned.defer(() => reconciled.resolve());
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/facility`;
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

async function connectWith(key: string | undefined): Promise<Socket> {
  const socket = connect(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: PROTOCOL_VERSION, facilityId: FACILITY, key, feeds: [CELL], media: 'srtp' },
  });
  owned.defer(() => void socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** A node asks for the cell, on another port each time; resolves when the equipment has heard it. */
async function ask(equipment: Socket, transportId: string): Promise<void> {
  const demand: FeedDemand = {
    feedId: CELL,
    facilityId: FACILITY,
    target: { ip: '127.0.0.1', port: 9 },
    payloadType: 0,
    layers: [{ layer: 'low', ssrc: 1, wanted: true }],
    nodeId: NODE,
    srtp: { transportId, ...SRTP },
    at: new Date().toISOString(),
  };
  const heard = new Promise<void>((resolve) => equipment.once(FACILITY_MESSAGES.demand, () => resolve()));
  await redis.hSet(SFU_KEYS.demands(NODE), CELL, JSON.stringify(demand));
  links.handleNews(JSON.stringify({ kind: 'demand', demand }));
  await heard;
}

/** The equipment says how it sends, and the node takes that. */
async function send(equipment: Socket, transportId: string): Promise<void> {
  const sending: FeedSending = {
    feedId: CELL,
    transportId,
    srtp: SRTP,
    codec: { payloadType: 100, rtxPayloadType: 101, profileLevelId: '42e01f' },
    layers: [{ layer: 'low', ssrc: 1, rtxSsrc: 2 }],
  };
  expect(await equipment.emitWithAck(FACILITY_MESSAGES.sending, sending)).toMatchObject({ ok: true });
}

const endKey = async (keyId: string, equipment: Socket) => {
  links.endKey({ facilityId: FACILITY, keyId });
  await vi.waitFor(() => expect(equipment.connected).toBe(false));
};

test('a key that is revoked ends what its connection sends, and not what a node takes from another one by now', async () => {
  const old = await connectWith(OLD_KEY);
  await ask(old, 'transport-1');
  await send(old, 'transport-1');
  const current = await connectWith(NEW_KEY);
  await ask(current, 'transport-2');
  await send(current, 'transport-2');
  await endKey('old', old);
  expect(stopped).toEqual([]);
  expect(current.connected).toBe(true);
  await endKey('new', current);
  expect(stopped).toEqual([CELL]);
});

test('as long as a node takes nothing from who has come since, it is told to stop', async () => {
  const old = await connectWith(OLD_KEY);
  await ask(old, 'transport-1');
  await send(old, 'transport-1');
  const current = await connectWith(NEW_KEY);
  await ask(current, 'transport-2');
  // Told that it is not wanted any more, it may send on.
  const released = new Promise<void>((resolve) => old.once(FACILITY_MESSAGES.release, () => resolve()));
  reconciled.resolve();
  await released;
  await endKey('old', old);
  expect(stopped).toEqual([CELL]);
});

test('what was asked of a connection is stopped also when it has not said anything', async () => {
  const old = await connectWith(OLD_KEY);
  await ask(old, 'transport-1');
  await endKey('old', old);
  expect(stopped).toEqual([CELL]);
});

test.each([
  ['deep', '['.repeat(120_000) + ']'.repeat(120_000), 'too_deep'],
  ['pollution', '{"__proto__":{"polluted":true}}', 'invalid'],
])(
  'what equipment sends in order to break it (%s) is refused, and told as an attack',
  async (kind, json, code) => {
    const equipment = await connectWith(NEW_KEY);
    const message = { namespace: '/facility', name: FACILITY_MESSAGES.sending, json };
    expect(await askRaw(equipment, message)).toMatchObject({ ok: false, code });
    expect(attacks).toEqual([
      {
        kind,
        code,
        action: 'feed.publish',
        actor: { kind: 'facility', id: FACILITY },
        from: '127.0.0.1',
        resource: 'any',
      },
    ]);
  },
);
