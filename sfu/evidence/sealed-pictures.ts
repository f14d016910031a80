import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Layer } from '#contract/nation.ts';
import type { Picture, PictureFormat } from './picture.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Sealed {
  number: number;
  /** Ciphertext, then tag. */
  bytes: Buffer;
  format: PictureFormat | undefined;
  timestamp: number;
  atMs: number;
  layer: Layer | undefined;
}

/**
 * Pictures in memory, encrypted with a key that exists nowhere else. Emptying wipes the key first: whatever of the
 * pictures is still in memory then, in a swap file or in a dump of the process, is of no use to anybody.
 */
export class SealedPictures {
  readonly #key = randomBytes(KEY_BYTES);
  #sealed: Sealed[] = [];
  #number = 0;
  #bytes = 0;
  #isWiped = false;

  /** Bytes that it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#sealed.length;
  }

  /** When the first and the last picture came; milliseconds since 1970. */
  get fromMs(): number | undefined {
    return this.#sealed[0]?.atMs;
  }

  get toMs(): number | undefined {
    return this.#sealed.at(-1)?.atMs;
  }

  add({ bytes, ...about }: Picture): void {
    if (this.#isWiped) return;
    const number = this.#number++;
    // A counter never gives the same value twice under one key, which is what GCM asks for.
    const cipher = createCipheriv(ALGORITHM, this.#key, toIv(number));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    this.#sealed.push({ ...about, number, bytes: sealed });
    this.#bytes += sealed.length;
  }

  /**
   * The pictures of a time, in their order, beginning with the last keyframe at or before `fromMs`, or the first one
   * after it; none from `untilMs` on. Milliseconds since 1970.
   */
  *open({ fromMs, untilMs }: { fromMs: number; untilMs: number }): Generator<Picture> {
    if (this.#isWiped) return;
    let start = this.#sealed.findIndex(({ format }) => format !== undefined);
    for (const [index, { format, atMs }] of this.#sealed.entries())
      if (format && atMs <= fromMs) start = index;
    if (start === -1) return;
    for (const sealed of this.#sealed.slice(start)) {
      if (sealed.atMs >= untilMs) return;
      const { number: _, ...about } = sealed;
      yield { ...about, bytes: this.#read(sealed) };
    }
  }

  /** Wipes the key and forgets everything. Nothing can be added afterwards. */
  wipe(): void {
    this.#isWiped = true;
    this.#key.fill(0);
    this.#sealed = [];
    this.#bytes = 0;
  }

  #read({ number, bytes }: Sealed): Buffer {
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, this.#key, toIv(number), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  }
}

function toIv(number: number): Buffer {
  const iv = Buffer.alloc(IV_BYTES);
  iv.writeBigUInt64BE(BigInt(number), IV_BYTES - 8);
  return iv;
}
