/** A response, or a request of the camera's own (which has no status). */
export interface RtspMessage {
  kind: 'message';
  /** 0 for a request. */
  status: number;
  /** By name in lower case; a header that comes several times has several values. */
  headers: ReadonlyMap<string, readonly string[]>;
  body: Buffer;
}

/** A packet of RTP or RTCP between the messages (RFC 2326, 10.12). */
export interface InterleavedPacket {
  kind: 'packet';
  channel: number;
  packet: Buffer;
}

/** What came is not RTSP, or too much of it. */
export class RtspSyntaxError extends Error {
  override name = 'RtspSyntaxError';
}

const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;

/** Cuts a byte stream into messages and packets. Holds one unfinished one at most: 80 KB. */
export class RtspReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Gives what is complete with these bytes. Packets lie in the given bytes: use them before the next call. */
  *read(bytes: Buffer): Generator<RtspMessage | InterleavedPacket> {
    let at = 0;
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#rest = Buffer.alloc(0);
    while (at < all.length) {
      const found = all[at] === DOLLAR ? takePacket(all, at) : takeMessage(all, at);
      if (!found) break;
      at = found.end;
      if (found.item) yield found.item;
    }
    // A copy: the socket's buffer would be kept alive otherwise.
    if (at < all.length) this.#rest = Buffer.from(all.subarray(at));
  }
}

interface Found {
  item: RtspMessage | InterleavedPacket | undefined;
  end: number;
}

function takePacket(all: Buffer, at: number): Found | undefined {
  if (at + 4 > all.length) return undefined;
  const end = at + 4 + all.readUInt16BE(at + 2);
  if (end > all.length) return undefined;
  return { item: { kind: 'packet', channel: all[at + 1] ?? 0, packet: all.subarray(at + 4, end) }, end };
}

function takeMessage(all: Buffer, at: number): Found | undefined {
  // Some cameras put empty lines between messages.
  if (all[at] === CR || all[at] === LF) return { item: undefined, end: at + 1 };
  const headEnd = all.indexOf('\r\n\r\n', at);
  if (headEnd === -1) {
    if (all.length - at > MAX_HEAD_BYTES) throw new RtspSyntaxError('head of a message is too long');
    return undefined;
  }
  if (headEnd - at > MAX_HEAD_BYTES) throw new RtspSyntaxError('head of a message is too long');
  const [first = '', ...lines] = all.toString('latin1', at, headEnd).split('\r\n');
  if (!/RTSP\/\d\.\d/.test(first)) throw new RtspSyntaxError('not RTSP');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const length = Number(headers.get('content-length')?.[0] ?? 0);
  if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES)
    throw new RtspSyntaxError('body of a message is too long');
  const end = headEnd + 4 + length;
  if (end > all.length) return undefined;
  const status = Number(/^RTSP\/\d\.\d (\d{3})/.exec(first)?.[1] ?? 0);
  return {
    item: { kind: 'message', status, headers, body: Buffer.from(all.subarray(headEnd + 4, end)) },
    end,
  };
}

/** A request as it goes to the camera. */
export function toRequest(
  method: string,
  uri: string,
  headers: Readonly<Record<string, string | number>>,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${uri} RTSP/1.0\r\n${lines.join('')}\r\n`;
}
