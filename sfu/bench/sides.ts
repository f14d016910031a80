import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createWorker } from 'mediasoup';
import type { RtpCapabilities, RtpParameters, WebRtcTransport } from 'mediasoup/types';
import { io } from 'socket.io-client';
import { FeedDemand } from '#contract/facility-link.ts';
import { GRANT_ISSUER, GRANT_RENEWAL_SECONDS, GRANT_TTL_SECONDS } from '#contract/grants.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { descendantsOf, eventually, freePort } from '../../client/e2e/fixtures/processes.ts';
import { startTestRedis } from '../../server/test/fixtures/redis.ts';
import { parseRtpCapabilities } from '../egress/rtp-capabilities.ts';
import { ROUTER_CODECS } from '../workers/codecs.ts';
import { type MediasoupSignalling, type Side, viewersOf } from './side.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NODE_ID = 'bench-node';
const PAYLOAD_TYPE = 96;

/**
 * The whole sfu as it runs in production: its own process, its Redis, its grants. One worker. `count` says whose CPU
 * counts: the worker's alone, or that of the node's process as well.
 */
export async function startVarta(
  feedIds: readonly string[],
  { count }: { count: 'worker' | 'all' },
): Promise<Side> {
  await using owned = new AsyncDisposableStack();
  const redis = owned.use(await startTestRedis());
  const store = await redis.connect();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const [port, controlPort, ingestPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const child = spawn(process.execPath, ['sfu/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      LOG_LEVEL: 'error',
      SFU_NODE_ID: NODE_ID,
      SFU_WORKERS: '1',
      // Neither is forwarding, and the other sides have nothing like them: they have benchmarks of their own.
      SFU_RING_S: '0',
      SFU_STILLS_EVERY_MS: '0',
      SFU_LISTEN_ADDRESS: '127.0.0.1',
      SFU_ANNOUNCED_ADDRESS: '127.0.0.1',
      SFU_PORT: String(port),
      SFU_CONTROL_PORT: String(controlPort),
      SFU_INGEST_PORT_MIN: String(Math.min(ingestPort, 64_000)),
      SFU_INGEST_PORT_MAX: String(Math.min(ingestPort, 64_000) + 200),
      GRANT_PUBLIC_JWKS: JSON.stringify({
        keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA' }],
      }),
    },
  });
  owned.defer(async () => {
    const exited = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGTERM')) await exited;
  });

  const sign = (subject: string, claims: object) =>
    new SignJWT({ ...claims, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'bench' })
      .setIssuer(GRANT_ISSUER)
      .setAudience(NODE_ID)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(`${GRANT_TTL_SECONDS}s`)
      .sign(privateKey);
  const feeds = feedIds.map((id) => ({
    id,
    facilityId: 'bench-facility',
    regionId: 'UA-68',
    source: 'edge',
    layers: ['low'],
    maxLayer: 'low',
  }));
  const viewGrant = (viewer: string) => sign(`bench-${viewer}`, { use: 'view', feeds });

  await eventually(
    'the sfu has registered',
    30_000,
    async () => (await store.get(SFU_KEYS.node(NODE_ID))) !== null,
  );
  const socket = io(`http://127.0.0.1:${controlPort}/control`, {
    transports: ['websocket'],
    auth: { protocol: PROTOCOL_VERSION, grant: await sign('bench', { use: 'control' }) },
  });
  owned.defer(() => void socket.close());
  const ask = async (message: string, payload: object) => {
    const reply = await socket.timeout(20_000).emitWithAck(message, payload);
    if (!reply.ok) throw new Error(`${message}: ${reply.code} ${reply.message}`);
    return reply.result;
  };
  const viewers = new Set<string>();
  const renewal = setInterval(() => {
    for (const viewer of viewers) void viewGrant(viewer).then((grant) => ask('viewer:renew', { grant }));
  }, GRANT_RENEWAL_SECONDS * 1000);
  owned.defer(() => clearInterval(renewal));
  const moved = owned.move();

  const signalling: MediasoupSignalling = {
    join: async (viewer) => {
      const joined = await ask('viewer:join', { grant: await viewGrant(viewer) });
      viewers.add(viewer);
      return joined;
    },
    connect: (viewer, transportId, dtlsParameters) =>
      ask('viewer:connect', { viewerId: `bench-${viewer}`, transportId, dtlsParameters }),
    watch: async (viewer, rtpCapabilities) => {
      const wanted = feedIds.map((feedId) => ({ feedId, layer: 'low' }));
      const { feeds: watched } = await ask('viewer:watch', {
        grant: await viewGrant(viewer),
        rtpCapabilities,
        feeds: wanted,
      });
      return watched.map((feed: { ok: boolean; code?: string; consumer: { id: string } }) => {
        if (!feed.ok) throw new Error(`viewer:watch: ${feed.code}`);
        return feed.consumer;
      });
    },
    resume: (viewer, consumerIds) => ask('viewer:resume', { viewerId: `bench-${viewer}`, consumerIds }),
  };
  return {
    ...viewersOf('varta', signalling),
    processIds: () => {
      const worker = descendantsOf(child.pid ?? -1).find(({ command }) =>
        command.includes('mediasoup-worker'),
      );
      const pids = [worker?.pid ?? -1];
      return count === 'worker' ? pids : [...pids, child.pid ?? -1];
    },
    targets: async () => {
      const demands = await store.hGetAll(SFU_KEYS.demands(NODE_ID));
      return feedIds.map((feedId) => {
        const { target, payloadType, layers } = FeedDemand.parse(JSON.parse(demands[feedId] ?? 'null'));
        return { ...target, payloadType, ssrc: layers[0]?.ssrc ?? 0 };
      });
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** What bare mediasoup agrees on with viewers: the same as the sfu does, or all that the browser offers. */
export type Agreed = 'same' | 'all';

/**
 * mediasoup and nothing else, set up in the same way: one worker, the same codecs, one transport a viewer. With `all` it
 * estimates each viewer's bandwidth and writes every header extension, which is what one gets without thinking about it.
 */
export async function startBare(
  feedIds: readonly string[],
  { workerBin, agreed }: { workerBin: string | undefined; agreed: Agreed },
): Promise<Side> {
  const worker = await createWorker({ logLevel: 'error', ...(workerBin ? { workerBin } : {}) });
  const listen = { ip: '127.0.0.1', announcedAddress: '127.0.0.1' } as const;
  const port = await freePort();
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ...listen, port },
      { protocol: 'tcp', ...listen, port },
    ],
  });
  const router = await worker.createRouter({ mediaCodecs: [...ROUTER_CODECS] });
  const sources = await Promise.all(
    feedIds.map(async (_, index) => {
      const transport = await router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        rtcpMux: true,
        comedia: true,
      });
      const ssrc = 10_000 + index;
      const producer = await transport.produce({ kind: 'video', rtpParameters: toRtpParameters(ssrc) });
      return { transport, producer, ssrc };
    }),
  );
  const transports = new Map<string, WebRtcTransport>();
  const transportOf = (viewer: string) => {
    const transport = transports.get(viewer);
    if (!transport) throw new Error(`no viewer ${viewer}`);
    return transport;
  };
  const consumers = new Map<string, { resume(): Promise<void> }>();

  const signalling: MediasoupSignalling = {
    join: async (viewer) => {
      const transport = await router.createWebRtcTransport({
        webRtcServer,
        initialAvailableOutgoingBitrate: 30_000_000,
      });
      transports.set(viewer, transport);
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return {
        routerRtpCapabilities: router.rtpCapabilities,
        transport: { id, iceParameters, iceCandidates, dtlsParameters },
      };
    },
    connect: (viewer, _, dtlsParameters) =>
      transportOf(viewer).connect({
        dtlsParameters: dtlsParameters as Parameters<WebRtcTransport['connect']>[0]['dtlsParameters'],
      }),
    watch: (viewer, offered) => {
      const rtpCapabilities =
        agreed === 'same'
          ? parseRtpCapabilities(offered as Record<string, unknown>)
          : (offered as RtpCapabilities);
      return Promise.all(
        sources.map(async ({ producer }) => {
          const consumer = await transportOf(viewer).consume({
            producerId: producer.id,
            rtpCapabilities,
            paused: true,
          });
          consumers.set(consumer.id, consumer);
          return {
            id: consumer.id,
            producerId: producer.id,
            kind: consumer.kind,
            rtpParameters: consumer.rtpParameters,
          };
        }),
      );
    },
    resume: (_, ids) => Promise.all(ids.map((id) => consumers.get(id)?.resume())),
  };
  return {
    ...viewersOf('bare', signalling),
    processIds: () => [worker.pid],
    targets: async () =>
      sources.map(({ transport, ssrc }) => ({
        ip: '127.0.0.1',
        port: transport.tuple.localPort,
        payloadType: PAYLOAD_TYPE,
        ssrc,
      })),
    [Symbol.asyncDispose]: async () => worker.close(),
  };
}

function toRtpParameters(ssrc: number): RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType: PAYLOAD_TYPE,
        clockRate: 90_000,
        parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
        rtcpFeedback: [
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
        ],
      },
    ],
    encodings: [{ ssrc }],
  };
}
