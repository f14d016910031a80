import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { CameraCredentials } from './camera-list.ts';
import { readDescription } from './description.ts';
import { RtspConnection } from './rtsp-connection.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-wire.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** A camera that plays and sends no packet for this long hangs. */
const SILENT_AFTER_MS = 8_000;
/** What RFC 2326 supposes when a camera does not say after which silence it ends a session. */
const DEFAULT_SESSION_TIMEOUT_S = 60;
/** A camera that does not take note of the goodbye is left without one after this. */
const GOODBYE_MS = 500;

/** What Node calls what is wrong with a certificate: `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID` … */
const OF_CERTIFICATES = /CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|HOSTNAME_MISMATCH/;

export interface PlayOptions {
  url: URL;
  credentials: CameraCredentials | undefined;
  /** Ends the session, with a TEARDOWN. */
  signal: AbortSignal;
  /** It plays: packets of this payload type follow. */
  onPlaying(video: { payloadType: number; parameterSets: readonly Buffer[] }): void;
  /** An RTP packet of the video; valid until it returns. */
  onPacket(packet: Buffer): void;
}

/**
 * Plays a camera's video over one TCP connection, until `signal` is aborted; then it returns.
 *
 * @throws RtspError whatever else ends it
 */
export async function playCamera(options: PlayOptions): Promise<void> {
  const { signal, url } = options;
  if (signal.aborted) return;
  using connection = new RtspConnection({
    socket: await openSocket(url, signal),
    isPrivate: url.protocol === 'rtsps:',
    credentials: options.credentials,
  });
  const session = await setUp(connection, options);
  let packets = 0;
  connection.onPacket = (channel, packet) => {
    if (channel !== session.channel) return;
    packets += 1;
    options.onPacket(packet);
  };
  options.onPlaying(session);
  try {
    if (!signal.aborted) {
      const isWanted = await askUntil(signal, () =>
        connection.request('PLAY', session.sessionUrl, { ...sessionOf(session), Range: 'npt=0.000-' }),
      );
      if (isWanted) await stayAlive(connection, session, { signal, countPackets: () => packets });
    }
  } finally {
    if (!connection.closed) {
      connection.onPacket = () => {};
      const goodbye = connection.request('TEARDOWN', session.sessionUrl, sessionOf(session));
      await Promise.race([goodbye.catch(() => undefined), delay(GOODBYE_MS)]);
    }
  }
}

interface Session {
  id: string;
  sessionUrl: string;
  /** Channel of the video's RTP. */
  channel: number;
  timeoutS: number;
  keepAlive: 'GET_PARAMETER' | 'OPTIONS';
  payloadType: number;
  parameterSets: readonly Buffer[];
}

async function openSocket(url: URL, signal: AbortSignal): Promise<Socket> {
  const isPrivate = url.protocol === 'rtsps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isPrivate ? 322 : 554));
  const servername = isIP(host) ? {} : { servername: host };
  const socket = isPrivate ? connectTls({ host, port, ...servername }) : connectTcp({ host, port });
  socket.setNoDelay(true);
  try {
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
    await once(socket, isPrivate ? 'secureConnect' : 'connect', { signal: waiting });
    return socket;
  } catch (error) {
    // An error that comes later has nobody to hear of it.
    socket.on('error', () => {});
    socket.destroy();
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
    throw new RtspError(isPrivate && OF_CERTIFICATES.test(why) ? 'certificate' : 'unreachable', why);
  }
}

async function setUp(connection: RtspConnection, { url, signal }: PlayOptions): Promise<Session> {
  const target = url.href;
  const abort = () => connection.close(new RtspError('unreachable', 'not wanted any more'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    const offered = await connection.request('OPTIONS', target, {}).then(
      (response) => header(response, 'public'),
      (error: unknown) => {
        if (connection.closed || isRefusal(error)) throw error;
        // Odd, but no reason not to go on: DESCRIBE will tell.
        return '';
      },
    );
    const described = await connection.request('DESCRIBE', target, { Accept: 'application/sdp' });
    const base = header(described, 'content-base') || header(described, 'content-location') || target;
    const video = readDescription(described.body.toString('utf8'), base);
    if (!video.ok) throw new RtspError(video.code, video.found);
    const ready = await connection.request('SETUP', video.controlUrl, {
      Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1',
    });
    const [id = '', ...parameters] = header(ready, 'session').split(';');
    const timeout = parameters.map((it) => /^\s*timeout\s*=\s*(\d+)/i.exec(it)?.[1]).find(Boolean);
    const channel = /interleaved=(\d+)/i.exec(header(ready, 'transport'))?.[1];
    if (channel === undefined) throw new RtspError('protocol', 'no interleaved transport');
    return {
      ...video,
      id,
      channel: Number(channel),
      timeoutS: Math.max(10, Number(timeout ?? DEFAULT_SESSION_TIMEOUT_S)),
      keepAlive: offered.includes('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS',
    };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Whether the camera does not let us in: to go on would be to say the same wrong password again. */
function isRefusal(error: unknown): boolean {
  return error instanceof RtspError && (error.code === 'unauthorized' || error.code === 'insecure');
}

/** Waits for an answer until it is not wanted any more. @returns whether it still is; @throws what the request throws */
async function askUntil(signal: AbortSignal, ask: () => Promise<unknown>): Promise<boolean> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  signal.addEventListener('abort', done, { once: true });
  try {
    const asked = ask();
    // Who leaves before the answer has no use for what it says.
    asked.catch(() => undefined);
    await Promise.race([asked, aborted]);
    return !signal.aborted;
  } finally {
    signal.removeEventListener('abort', done);
  }
}

/** Keeps the session alive until it is not wanted any more. @throws RtspError when it ends otherwise. */
async function stayAlive(
  connection: RtspConnection,
  session: Session,
  { signal, countPackets }: { signal: AbortSignal; countPackets: () => number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = () => resolve();
  const keepAliveEveryMs = Math.min(30, session.timeoutS / 2) * 1_000;
  const keepAlive = setInterval(() => {
    // A camera may refuse it and play on; one that is gone is noticed by its silence.
    void connection.request(session.keepAlive, session.sessionUrl, sessionOf(session)).catch(() => undefined);
  }, keepAliveEveryMs);
  let packets = countPackets();
  const watch = setInterval(() => {
    if (countPackets() === packets) reject(new RtspError('silent'));
    packets = countPackets();
  }, SILENT_AFTER_MS);
  signal.addEventListener('abort', done, { once: true });
  if (signal.aborted) done();
  void connection.ended.then(reject);
  try {
    await promise;
  } finally {
    clearInterval(keepAlive);
    clearInterval(watch);
    signal.removeEventListener('abort', done);
  }
}

/** Some cameras know one session a connection, and give it no name. */
const sessionOf = ({ id }: Session): Record<string, string> => (id === '' ? {} : { Session: id });

const header = (message: RtspMessage, name: string) => message.headers.get(name)?.[0] ?? '';
