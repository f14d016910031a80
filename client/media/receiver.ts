import type { types } from 'mediasoup-client';
import type { MediaObjectId } from '#contract/ids.ts';
import type { DtlsParameters, IceServer, MediaJoined, Watched } from '#contract/media.ts';
import type { Outcome } from '../session/failure.ts';
import { createReceivingDevice } from './held-sections.ts';

type Joined = Extract<MediaJoined, { adopted: false }>;
export type ConsumerParameters = Extract<Watched, { ok: true }>['consumer'];

/**
 * What came of a consumer. `unsupported`: this browser cannot receive it, which spoils no other. `failed`: the negotiation
 * broke, and the transport with it.
 */
export type Received = { ok: true; track: MediaStreamTrack } | { ok: false; why: 'unsupported' | 'failed' };

/** What has come of a stream since it was made. */
export interface StreamTotals {
  bytes: number;
  packets: number;
  /** Packets that were missing, mended or not. */
  lost: number;
  framesReceived: number;
  framesDropped: number;
}

export interface ReceiverTotals {
  /** Latest round trip on the path in use, in milliseconds. */
  rttMs: number | undefined;
  streams: ReadonlyMap<MediaObjectId, StreamTotals>;
}

/** A receiving transport of this page. */
export interface Receiver {
  readonly transportId: MediaObjectId;
  readonly rtpCapabilities: Record<string, unknown>;
  /** Consumers that were ever made on it: what it has had to negotiate. */
  readonly made: number;
  /** The path to the node is there. */
  isConnected(): boolean;
  /** Undefined when it cannot be told any more. */
  readTotals(): Promise<ReceiverTotals | undefined>;
  /** One negotiation for the whole list. Asking again for a consumer that is there gives its track. */
  consume(list: readonly ConsumerParameters[]): Promise<Received[]>;
  forget(consumerIds: readonly MediaObjectId[]): void;
  close(): void;
}

export interface ReceiverPorts {
  connect(transportId: MediaObjectId, dtlsParameters: DtlsParameters): Promise<Outcome<unknown>>;
  /** The transport does not work any more; it is of no use from here on. */
  onFailed(): void;
}

export type CreateReceiver = (joined: Joined, ports: ReceiverPorts) => Promise<Receiver>;

/** Time that a broken path has to heal by itself: a short loss of the network should not tear a wall down. */
const DISCONNECTED_MS = 4_000;

/** A receiving transport of mediasoup-client. Its parameters are mediasoup's own: opaque on our wire, checked there. */
export const createReceiver: CreateReceiver = async (joined, ports) => {
  const device = createReceivingDevice();
  await device.load({ routerRtpCapabilities: joined.routerRtpCapabilities as types.RtpCapabilities });
  const transport = device.createRecvTransport({
    ...(joined.transport as unknown as types.TransportOptions),
    ...(joined.iceServers ? { iceServers: joined.iceServers.map(toIceServer) } : {}),
  });
  const consumers = new Map<MediaObjectId, Promise<types.Consumer>>();
  /** The name of a consumer's part of the session description. */
  const mids = new Map<string, MediaObjectId>();
  let made = 0;
  let healTimer: ReturnType<typeof setTimeout> | undefined;

  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    void ports.connect(transport.id, toWire(dtlsParameters)).then((outcome) => {
      if (outcome.ok) done();
      else failed(new Error(outcome.code));
    });
  });
  transport.on('connectionstatechange', (state) => {
    clearTimeout(healTimer);
    if (state === 'failed') ports.onFailed();
    if (state === 'disconnected') healTimer = setTimeout(ports.onFailed, DISCONNECTED_MS);
  });

  async function consumeOne(parameters: ConsumerParameters): Promise<Received> {
    const consumer =
      consumers.get(parameters.id) ?? transport.consume(parameters as unknown as types.ConsumerOptions);
    if (!consumers.has(parameters.id)) made += 1;
    consumers.set(parameters.id, consumer);
    try {
      const { track, rtpParameters } = await consumer;
      if (rtpParameters.mid !== undefined) mids.set(rtpParameters.mid, parameters.id);
      return { ok: true, track };
    } catch (thrown) {
      consumers.delete(parameters.id);
      const unsupported = thrown instanceof Error && thrown.name === 'UnsupportedError';
      return { ok: false, why: unsupported ? 'unsupported' : 'failed' };
    }
  }

  return {
    transportId: transport.id,
    rtpCapabilities: { ...device.recvRtpCapabilities },
    get made() {
      return made;
    },
    isConnected: () => transport.connectionState === 'connected',
    readTotals: async () => {
      try {
        return toTotals(await transport.getStats(), mids);
      } catch {
        return undefined;
      }
    },
    // All at once: mediasoup-client gathers what is asked for in one turn into one negotiation.
    consume: (list) => Promise.all(list.map(consumeOne)),
    forget(consumerIds) {
      for (const id of consumerIds) {
        void consumers.get(id)?.then(
          (consumer) => {
            if (consumer.rtpParameters.mid !== undefined) mids.delete(consumer.rtpParameters.mid);
            consumer.close();
          },
          () => {},
        );
        consumers.delete(id);
      }
    },
    close() {
      clearTimeout(healTimer);
      consumers.clear();
      mids.clear();
      transport.close();
    },
  };
};

function toIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function toTotals(report: RTCStatsReport, mids: ReadonlyMap<string, MediaObjectId>): ReceiverTotals {
  const streams = new Map<MediaObjectId, StreamTotals>();
  let rttMs: number | undefined;
  // Typed as any by the DOM's own declarations; each field is one of the standard's, and may be missing.
  report.forEach((entry: Partial<RTCInboundRtpStreamStats> & Partial<RTCIceCandidatePairStats>) => {
    if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime !== undefined)
      rttMs = 1_000 * entry.currentRoundTripTime;
    if (entry.type !== 'inbound-rtp') return;
    const id = mids.get(entry.mid ?? '');
    if (id === undefined) return;
    streams.set(id, {
      bytes: entry.bytesReceived ?? 0,
      packets: entry.packetsReceived ?? 0,
      lost: entry.packetsLost ?? 0,
      framesReceived: entry.framesReceived ?? 0,
      framesDropped: entry.framesDropped ?? 0,
    });
  });
  return { rttMs, streams };
}

function toWire({ role, fingerprints }: types.DtlsParameters): DtlsParameters {
  return {
    ...(role ? { role } : {}),
    fingerprints: fingerprints.map(({ algorithm, value }) => ({ algorithm, value })),
  };
}
