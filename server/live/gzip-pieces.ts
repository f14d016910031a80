import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** A text, and what it is in a gzip stream: pieces that were compressed apart stand one after another in one stream. */
export interface GzipPiece {
  readonly text: Buffer;
  /** Compressed away from the main thread; the same promise for whoever asks. */
  readonly deflated: Promise<Buffer>;
}

export function toGzipPiece(text: string): GzipPiece {
  const bytes = Buffer.from(text);
  // A full flush ends on a whole byte and refers to nothing before it, so that any other piece may follow, or go before.
  const deflated = deflate(bytes, { level: 6, finishFlush: constants.Z_FULL_FLUSH });
  // Whoever needs it hears of a failure; who has gone meanwhile need not.
  deflated.catch(() => undefined);
  return { text: bytes, deflated };
}

/** Magic number, deflate, no flags, no time, no hint, unknown system (RFC 1952). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block that is empty. */
const END = Buffer.from([0x03, 0x00]);

/** One gzip member that holds the pieces' texts in their order. */
export async function joinGzip(pieces: readonly GzipPiece[]): Promise<Buffer> {
  const deflated = await Promise.all(pieces.map((piece) => piece.deflated));
  let [sum, length] = [0, 0];
  for (const { text } of pieces) {
    sum = crc32(text, sum);
    length += text.length;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum >>> 0, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...deflated, END, trailer]);
}

export function joinText(pieces: readonly GzipPiece[]): Buffer {
  return Buffer.concat(pieces.map(({ text }) => text));
}
