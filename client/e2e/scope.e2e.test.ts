import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type JWK, SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRANT_ISSUER, GRANT_TTL_SECONDS } from '#contract/grants.ts';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { openConsole, openSession, type Session } from './fixtures/api.ts';
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
    const { sign, jwk } = await grantMaker();
    const socket = io(`${system.controlUrl}/control`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocol: PROTOCOL_VERSION, grant: await sign({ use: 'control' }, 'test-replica') },
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      const viewer = 'test-viewer-0001';
      const feed = {
        id: feedIdOf(own),
        facilityId: own.facilityId,
        regionId: own.regionId,
        source: 'edge',
        layers: ['low', 'high'],
        maxLayer: 'low',
      };
      const joined = await socket.emitWithAck('viewer:join', {
        grant: await sign({ use: 'view', feeds: [feed] }, viewer),
      });
      expect(joined).toMatchObject({ ok: true });
      const watching = await socket.emitWithAck('viewer:watch', {
        grant: await sign({ use: 'view', feeds: [feed] }, viewer),
        rtpCapabilities: joined.result.routerRtpCapabilities,
        feeds: [{ feedId: feedIdOf(foreign), layer: 'low' }],
      });
      expect(watching.result.feeds[0]).toMatchObject({ ok: false, code: 'grant_not_covering' });

      const forged = await sign({ use: 'view', feeds: [feed] }, viewer, {
        ...(jwk as JWK),
        d: foreignKey().d as string,
        x: foreignKey().x as string,
      });
      expect(await socket.emitWithAck('viewer:join', { grant: forged })).toMatchObject({
        ok: false,
        code: 'grant_invalid',
      });
    } finally {
      socket.close();
    }

    async function grantMaker() {
      const secrets = JSON.parse(readFileSync(join(system.dataDir, 'secrets.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      const found = Object.values(secrets)
        .map((value) => (typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value))
        .find((value): value is JWK => typeof value === 'object' && value !== null && 'd' in value);
      if (!found) throw new Error('no grant key');
      const nodes = await fetch(`${system.url}/readyz`);
      const ready = (await nodes.json()) as { sfu?: { nodes?: string[] } };
      const id = ready.sfu?.nodes?.[0] ?? '';
      const make = async (claims: Record<string, unknown>, subject: string, key: JWK = found) =>
        new SignJWT({ ...claims, jti: crypto.randomUUID() })
          .setProtectedHeader({ alg: 'EdDSA', kid: found.kid ?? '' })
          .setIssuer(GRANT_ISSUER)
          .setAudience(id)
          .setSubject(subject)
          .setIssuedAt()
          .setExpirationTime(`${GRANT_TTL_SECONDS}s`)
          .sign(await importJWK(key, 'EdDSA'));
      return { sign: make, jwk: found };
    }
  });
});

/** An Ed25519 key that the sfu does not know (RFC 8037, appendix A). */
function foreignKey(): JWK {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxuf2A0',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaHljyYE'.slice(0, 43),
  };
}
