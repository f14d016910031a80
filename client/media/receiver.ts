import { Device, type types } from 'mediasoup-client';
import type { MediaObjectId } from '#contract/ids.ts';
import type { DtlsParameters, MediaJoined, Watched } from '#contract/media.ts';
import type { Outcome } from '../session/failure.ts';

type Joined = Extract<MediaJoined, { adopted: false }>;
export type ConsumerParameters = Extract<Watched, { ok: true }>['consumer'];

/**
 * What came of a consumer. `unsupported`: this browser cannot receive it, which spoils no other. `failed`: the negotiation
 * broke, and the transport with it.
 */
export type Received = { ok: true; track: MediaStreamTrack } | { ok: false; why: 'unsupported' | 'failed' };

/** This page's one receiving transport. */
export interface Receiver {
  readonly transportId: MediaObjectId;
  readonly rtpCapabilities: Record<string, unknown>;
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
  const device = new Device();
  await device.load({ routerRtpCapabilities: joined.routerRtpCapabilities as types.RtpCapabilities });
  const transport = device.createRecvTransport(joined.transport as unknown as types.TransportOptions);
  const consumers = new Map<MediaObjectId, Promise<types.Consumer>>();
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
    consumers.set(parameters.id, consumer);
    try {
      return { ok: true, track: (await consumer).track };
    } catch (thrown) {
      consumers.delete(parameters.id);
      const unsupported = thrown instanceof Error && thrown.name === 'UnsupportedError';
      return { ok: false, why: unsupported ? 'unsupported' : 'failed' };
    }
  }

  return {
    transportId: transport.id,
    rtpCapabilities: { ...device.recvRtpCapabilities },
    // All at once: mediasoup-client gathers what is asked for in one turn into one negotiation.
    consume: (list) => Promise.all(list.map(consumeOne)),
    forget(consumerIds) {
      for (const id of consumerIds) {
        void consumers.get(id)?.then(
          (consumer) => consumer.close(),
          () => {},
        );
        consumers.delete(id);
      }
    },
    close() {
      clearTimeout(healTimer);
      consumers.clear();
      transport.close();
    },
  };
};

function toWire({ role, fingerprints }: types.DtlsParameters): DtlsParameters {
  return {
    ...(role ? { role } : {}),
    fingerprints: fingerprints.map(({ algorithm, value }) => ({ algorithm, value })),
  };
}
