import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';

/** What is read at once; one buffer for all, since nothing of it is kept. */
const CHUNK_BYTES = 256 * 1024;
/** Opcode and flag of a whole text frame (RFC 6455, 5.2). */
const TEXT_FRAME = 0x81;
const MASKED = 0x80;
const PING = 0x32;
const NAMESPACE = '/console';

export interface SilentConsole {
  /** What came: frames, and bytes. */
  readonly messages: number;
  readonly bytes: number;
  close(): void;
}

/**
 * A page that is signed in, follows every region, and throws away what it gets: two hundred of them are to load the server
 * as pages on other machines do, and take as little as possible of the machine that all share. It finds its way through
 * the frames of the WebSocket by their lengths alone, and answers Engine.IO's pings.
 */
export async function openSilentConsole({
  origin,
  cookie,
}: {
  origin: string;
  cookie: string;
}): Promise<SilentConsole> {
  const { hostname, port } = new URL(origin);
  const subscribed = Promise.withResolvers<void>();
  const frames = createFrames((first) => {
    if (first === PING) send(socket, '3');
  });
  let head = '';
  let isOpen = false;
  let answers = 0;
  const take = (bytes: Uint8Array) => {
    frames.take(bytes);
    // Engine.IO opens, the namespace is joined, the subscription is acknowledged.
    for (; answers < Math.min(3, frames.count); answers += 1) {
      if (answers === 0)
        send(socket, `40${NAMESPACE},${JSON.stringify({ protocol: PROTOCOL_VERSION, tabId: randomUUID() })}`);
      else if (answers === 1)
        send(
          socket,
          `42${NAMESPACE},0${JSON.stringify([LIVE_MESSAGES.subscribe, { regions: [], batched: true }])}`,
        );
      else subscribed.resolve();
    }
  };
  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(CHUNK_BYTES),
      callback: (length, buffer) => {
        if (isOpen) take(buffer.subarray(0, length));
        else {
          head += Buffer.from(buffer.subarray(0, length)).toString('latin1');
          const end = head.indexOf('\r\n\r\n');
          if (end < 0) return true;
          if (!head.startsWith('HTTP/1.1 101'))
            subscribed.reject(new Error(`the console was refused: ${head}`));
          isOpen = true;
          take(Buffer.from(head.slice(end + 4), 'latin1'));
        }
        return true;
      },
    },
  });
  socket.on('error', subscribed.reject);
  socket.on('close', () => subscribed.reject(new Error('the console was closed')));
  socket.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Cookie: ${cookie}`,
      '\r\n',
    ].join('\r\n'),
  );
  await subscribed.promise;
  return {
    get messages() {
      return frames.count;
    },
    get bytes() {
      return frames.bytes;
    },
    close: () => socket.destroy(),
  };
}

/** Goes from frame to frame, and tells the first byte of each. */
function createFrames(onFrame: (first: number) => void) {
  let [count, bytes, skip] = [0, 0, 0];
  /** The beginning of a frame, until its length and first byte are there. */
  let start = Buffer.alloc(0);
  return {
    get count() {
      return count;
    },
    get bytes() {
      return bytes;
    },
    take(chunk: Uint8Array) {
      bytes += chunk.length;
      let place = Math.min(skip, chunk.length);
      skip -= place;
      while (place < chunk.length || start.length > 0) {
        const head = Buffer.concat([start, chunk.subarray(place, place + 11 - start.length)]);
        const frame = readHead(head);
        if (frame === undefined) {
          start = head;
          return;
        }
        place += frame.headBytes - start.length;
        start = Buffer.alloc(0);
        count += 1;
        onFrame(head[frame.headBytes] ?? 0);
        const here = Math.min(frame.length, chunk.length - place);
        skip = frame.length - here;
        place += here;
      }
    },
  };
}

/** Of a frame that is not masked; undefined until its head and first byte are there. */
function readHead(bytes: Buffer): { headBytes: number; length: number } | undefined {
  const short = bytes[1] ?? 0;
  const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length <= headBytes) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { headBytes, length };
}

/** A short text, masked as a client's has to be. */
function send(socket: Socket, text: string): void {
  const bytes = Buffer.from(text);
  const mask = randomBytes(4);
  const head =
    bytes.length < 126 ? [bytes.length | MASKED] : [126 | MASKED, bytes.length >> 8, bytes.length & 0xff];
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  socket.write(Buffer.concat([Buffer.from([TEXT_FRAME, ...head]), mask, masked]));
}
