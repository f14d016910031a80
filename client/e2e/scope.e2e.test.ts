import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { openConsole, openSession, type Session } from './fixtures/api.ts';
import { forger, ownSigner } from './fixtures/grants.ts';
import { type System, startSystem } from './fixtures/system.ts';
import { sampleNation } from './fixtures/tiles.ts';

const nation = sampleNation();
const own = nation.areas.find(({ regionId }) => regionId === 'UA-68');
const foreign = nation.areas.find(({ regionId }) => regionId === 'UA-05');
if (!own || !foreign) throw new Error('the sample nation has no such areas');

let system: System;
let duty: Session;

beforeAll(async () => {
  system = await startSystem();
  duty = await openSession(system.url, 'duty-68');
});

afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
});

const feedIdOf = (area: typeof foreign) => area.feeds[0]?.id ?? '';

describe('a duty centre sees its own region and no other', () => {
  it('in lists', async () => {
    for (const path of ['/api/v1/areas?limit=500', '/api/v1/facilities', '/api/v1/flags?limit=500']) {
      const { items } = (await (await duty.get(path)).json()) as { items: { regionId: string }[] };
      expect(items.every(({ regionId }) => regionId === 'UA-68')).toBe(true);
      if (!path.includes('flags')) expect(items.length).toBeGreaterThan(0);
    }
    const { items } = (await (await duty.get('/api/v1/regions')).json()) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(['UA-68']);
  });

  it('in the live snapshot', async () => {
    const snapshot = (await (await duty.get('/api/v1/live/snapshot')).json()) as {
      regions: { regionId: string }[];
    };
    expect(snapshot.regions.map(({ regionId }) => regionId)).toEqual(['UA-68']);
    expect((await duty.get('/api/v1/live/snapshot?region=UA-05')).status).toBe(403);
  });

  it('by id, and raises no flag elsewhere', async () => {
    expect((await duty.get(`/api/v1/areas/${own.id}`)).status).toBe(200);
    const reply = await duty.get(`/api/v1/areas/${foreign.id}`);
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ code: 'forbidden' });
    const raised = await duty.post('/api/v1/flags', {
      id: crypto.randomUUID(),
      areaId: foreign.id,
      category: 'other',
      severity: 4,
      note: '',
    });
    expect(raised.status).toBe(403);
  });

  it('over the socket', async () => {
    const socket = await openConsole(system.url, duty.cookie);
    try {
      expect(await socket.emitWithAck(LIVE_MESSAGES.subscribe, { regions: ['UA-05'] })).toMatchObject({
        ok: false,
        code: 'forbidden',
      });
      const joined = await socket.emitWithAck(MEDIA_MESSAGES.join, {});
      expect(joined).toMatchObject({ ok: true });
      const watching = await socket.emitWithAck(MEDIA_MESSAGES.watch, {
        rtpCapabilities: joined.result.routerRtpCapabilities,
        feeds: [
          { feedId: feedIdOf(foreign), layer: 'low' },
          { feedId: feedIdOf(own), layer: 'low' },
        ],
      });
      expect(watching).toMatchObject({ ok: true });
      expect(
        watching.result.feeds.find(({ feedId }: { feedId: string }) => feedId === feedIdOf(foreign)),
      ).toMatchObject({
        ok: false,
        code: 'forbidden',
      });
      expect(
        watching.result.feeds.find(({ feedId }: { feedId: string }) => feedId === feedIdOf(own)),
      ).toMatchObject({ ok: true });
    } finally {
      socket.close();
    }
  });

  it('at the sfu itself, whose grant decides', async () => {
    const [sign, forge] = await Promise.all([ownSigner(system), forger(system)]);
    const socket = await openControl(system.controlUrl, await sign('e2e-replica', { use: 'control' }));
    try {
      const viewer = 'e2e-viewer-0001';
      const { id, facilityId, regionId } = own;
      const feed = {
        id: `${id}-cam-1`,
        facilityId,
        regionId,
        source: 'edge',
        layers: ['low', 'high'],
        maxLayer: 'low',
      };
      const view = { use: 'view', feeds: [feed] };
      const joined = await socket.emitWithAck('viewer:join', { grant: await sign(viewer, view) });
      expect(joined).toMatchObject({ ok: true });
      const watching = await socket.emitWithAck('viewer:watch', {
        grant: await sign(viewer, view),
        rtpCapabilities: joined.result.routerRtpCapabilities,
        feeds: [{ feedId: feedIdOf(foreign), layer: 'low' }],
      });
      expect(watching.result.feeds[0]).toMatchObject({ ok: false, code: 'grant_not_covering' });
      expect(await socket.emitWithAck('viewer:join', { grant: await forge(viewer, view) })).toMatchObject({
        ok: false,
        code: 'grant_invalid',
      });
    } finally {
      socket.close();
    }
  });

  it('at the sfu, which lets nobody in without a server’s grant', async () => {
    const forge = await forger(system);
    await expect(
      openControl(system.controlUrl, await forge('e2e-replica', { use: 'control' })),
    ).rejects.toThrow();
  });
});

/** A server's connection to the node; rejects when the node refuses it. */
async function openControl(url: string, grant: string): Promise<Socket> {
  const socket = io(`${url}/control`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: PROTOCOL_VERSION, grant },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
