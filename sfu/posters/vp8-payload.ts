import type { Depacketised } from './keyframe.ts';

/** Bytes of the uncompressed header of a VP8 keyframe (RFC 6386 §9.1): tag, start code, width, height. */
const KEYFRAME_HEADER_BYTES = 10;
const START_CODE = [0x9d, 0x01, 0x2a] as const;

interface Payload {
  /** It begins the first partition of a picture. */
  begins: boolean;
  body: Buffer;
}

/** Whether a keyframe begins with this payload. */
export function beginsVp8Keyframe(payload: Buffer): boolean {
  const parsed = parsePayload(payload);
  return parsed?.begins === true && ((parsed.body[0] ?? 1) & 1) === 0;
}

/** The payloads of one keyframe, in their order and none missing, as an IVF file (RFC 7741). */
export function depacketiseVp8(payloads: readonly Buffer[]): Depacketised {
  const picture = joinVp8(payloads);
  return picture?.size && { format: 'ivf', bytes: toIvf(picture.bytes, picture.size) };
}

/** One picture of VP8. */
export interface Vp8Picture {
  bytes: Buffer;
  /** Of a keyframe only; nothing before it is needed. */
  size: { width: number; height: number } | undefined;
}

/** The payloads of one picture, in their order and none missing, put together; nothing when they are none. */
export function joinVp8(payloads: readonly Buffer[]): Vp8Picture | undefined {
  const bodies: Buffer[] = [];
  for (const [index, payload] of payloads.entries()) {
    const parsed = parsePayload(payload);
    if (!parsed || parsed.begins !== (index === 0)) return undefined;
    bodies.push(parsed.body);
  }
  const bytes = Buffer.concat(bodies);
  if (((bytes[0] ?? 1) & 1) !== 0) return { bytes, size: undefined };
  if (bytes.length < KEYFRAME_HEADER_BYTES) return undefined;
  if (START_CODE.some((byte, index) => bytes[3 + index] !== byte)) return undefined;
  const width = bytes.readUInt16LE(6) & 0x3fff;
  const height = bytes.readUInt16LE(8) & 0x3fff;
  return { bytes, size: { width, height } };
}

/** Reads the payload descriptor (RFC 7741 §4.2); nothing when it is cut. */
function parsePayload(payload: Buffer): Payload | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  let at = 1;
  if (first & 0x80) {
    const extended = payload[at++] ?? 0;
    if (extended & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1;
    if (extended & 0x40) at++;
    if (extended & 0x30) at++;
  }
  if (at >= payload.length) return undefined;
  return { begins: (first & 0x10) !== 0 && (first & 0x0f) === 0, body: payload.subarray(at) };
}

/** An IVF file with one frame. */
function toIvf(frame: Buffer, { width, height }: { width: number; height: number }): Buffer {
  const header = Buffer.alloc(44);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.write('VP80', 8, 'latin1');
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  // Time base: one frame a second.
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(1, 24);
  header.writeUInt32LE(frame.length, 32);
  return Buffer.concat([header, frame]);
}
