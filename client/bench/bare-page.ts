import { Device } from 'mediasoup-client';
import type { Consumer, ConsumerOptions, Transport, TransportOptions } from 'mediasoup-client/types';
import { io } from 'socket.io-client';

/**
 * The bare page that Varta's wall is compared with: mediasoup-client, one receiving transport, and nothing but `<video>`
 * elements. Bundled by the benchmarks into a page of its own.
 */
type RtpCapabilities = Parameters<Device['load']>[0]['routerRtpCapabilities'];

/** Where a video stands, in CSS pixels. */
interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Receiver {
  getStats(): Promise<RTCStatsReport>;
  /** Of those that mediasoup-client set up. */
  transport?: Transport;
  consumers: Consumer[];
}

const receivers = new Map<string, Receiver>();

/** Opens a receiving transport. `decode: false` takes packets in and decodes none: for measuring the sender alone. */
async function open(
  name: string,
  options: { routerRtpCapabilities: RtpCapabilities; transport: TransportOptions; decode: boolean },
  connect: (parameters: unknown) => Promise<unknown>,
): Promise<unknown> {
  // Named, because a blank page gives the script nothing to recognise the browser by.
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities: options.routerRtpCapabilities });
  const transport = device.createRecvTransport({
    ...options.transport,
    ...(options.decode ? {} : { additionalSettings: { encodedInsertableStreams: true } as RTCConfiguration }),
  });
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    connect(dtlsParameters).then(() => done(), failed);
  });
  receivers.set(name, { getStats: () => transport.getStats(), transport, consumers: [] });
  return device.recvRtpCapabilities;
}

async function receive(name: string, consumers: ConsumerOptions[]): Promise<void> {
  const receiver = receivers.get(name);
  const transport = receiver?.transport;
  if (!receiver || !transport) throw new Error(`no receiver ${name}`);
  receiver.consumers.push(...(await Promise.all(consumers.map((options) => transport.consume(options)))));
  for (const { rtpReceiver } of receiver.consumers) discardEncoded(rtpReceiver);
}

/** Takes frames before the decoder would, where the transport was opened without decoding. */
function discardEncoded(receiver: RTCRtpReceiver | undefined): void {
  const encoded = receiver as unknown as
    | { createEncodedStreams?(): { readable: ReadableStream } }
    | undefined;
  try {
    void encoded?.createEncodedStreams?.().readable.pipeTo(new WritableStream());
  } catch {
    // A receiver that decodes has no encoded streams to give.
  }
}

/** Receives what an offer offers, without decoding it; for senders that speak SDP. Answers when its candidates are known. */
async function answer(name: string, offer: string): Promise<string> {
  const connection = new RTCPeerConnection({ encodedInsertableStreams: true } as RTCConfiguration);
  connection.ontrack = ({ receiver }) => discardEncoded(receiver);
  receivers.set(name, { getStats: () => connection.getStats(), consumers: [] });
  await connection.setRemoteDescription({ type: 'offer', sdp: offer });
  const gathered = new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve();
  });
  await connection.setLocalDescription();
  await gathered;
  return connection.localDescription?.sdp ?? '';
}

/** RTP packets that have come in so far. */
async function packets(name: string): Promise<number> {
  const stats = await receivers.get(name)?.getStats();
  let sum = 0;
  stats?.forEach((entry) => {
    if (entry.type === 'inbound-rtp') sum += entry.packetsReceived;
  });
  return sum;
}

/** Plays these feeds in videos at these places, over the same signalling as the wall. */
async function playWall(feedIds: string[], places: Place[], layer: 'low' | 'high'): Promise<void> {
  const socket = io('/console', {
    transports: ['websocket'],
    auth: { protocol: 1, tabId: crypto.randomUUID() },
  });
  const ask = async (message: string, payload: object) => {
    const reply = await socket.emitWithAck(message, payload);
    if (!reply.ok) throw new Error(`${message}: ${reply.code}`);
    return reply.result;
  };
  const joined = await ask('media:join', {});
  const rtpCapabilities = await open('wall', { ...joined, decode: true }, (dtlsParameters) =>
    ask('media:connect', { transportId: joined.transport.id, dtlsParameters }),
  );
  const { feeds } = await ask('media:watch', {
    rtpCapabilities,
    feeds: feedIds.map((feedId) => ({ feedId, layer })),
  });
  const consumers = feeds.map((feed: { ok: boolean; code?: string; consumer: ConsumerOptions }) => {
    if (!feed.ok) throw new Error(`media:watch: ${feed.code}`);
    return feed.consumer;
  });
  await receive('wall', consumers);
  await ask('media:resume', { consumerIds: consumers.map(({ id }: ConsumerOptions) => id) });
  document.body.style.cssText = 'margin:0;background:#000';
  document.body.replaceChildren(
    ...(receivers.get('wall')?.consumers ?? []).map(({ track }, index) => toVideo(track, places[index])),
  );
}

function toVideo(track: MediaStreamTrack, place: Place | undefined): HTMLVideoElement {
  const video = document.createElement('video');
  Object.assign(video, {
    muted: true,
    autoplay: true,
    playsInline: true,
    srcObject: new MediaStream([track]),
  });
  Object.assign(video.style, {
    position: 'absolute',
    left: `${place?.left ?? 0}px`,
    top: `${place?.top ?? 0}px`,
    width: `${place?.width ?? 0}px`,
    height: `${place?.height ?? 0}px`,
  });
  return video;
}

const bare = { open, receive, answer, packets, playWall };
export type Bare = typeof bare;
Object.assign(window, { bare });
