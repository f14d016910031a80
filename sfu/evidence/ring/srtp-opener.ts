import { createDecipheriv } from 'node:crypto';
import { deriveSession, headerBytesOf, type SessionKeys, TAG_BYTES, toIv } from './srtp-keys.ts';

/** Opens SRTP packets of AEAD_AES_256_GCM (RFC 7714); disposing of it overwrites its keys. */
export class SrtpOpener implements Disposable {
  readonly #session: SessionKeys;

  /** `master`: master key, then master salt. */
  constructor(master: Uint8Array) {
    this.#session = deriveSession(master);
  }

  /**
   * The RTP packet in an SRTP packet, or nothing when it is none of this key.
   *
   * @param rollovers how often the sequence number has begun anew before this packet (RFC 3711, 3.3.1)
   */
  open(packet: Buffer, rollovers: number): Buffer | undefined {
    const headerBytes = headerBytesOf(packet);
    const end = packet.length - TAG_BYTES;
    if (headerBytes === undefined || end < headerBytes) return undefined;
    const { key, salt } = this.#session;
    const header = packet.subarray(0, headerBytes);
    const decipher = createDecipheriv('aes-256-gcm', key, toIv(packet, rollovers, salt), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(header);
    decipher.setAuthTag(packet.subarray(end));
    try {
      return Buffer.concat([header, decipher.update(packet.subarray(headerBytes, end)), decipher.final()]);
    } catch {
      // Somebody else’s, or damaged.
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#session.key.fill(0);
    this.#session.salt.fill(0);
  }
}
