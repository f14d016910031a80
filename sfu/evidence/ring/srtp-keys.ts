import { createCipheriv } from 'node:crypto';

const FIXED_HEADER_BYTES = 12;
const KEY_BYTES = 32;
const SALT_BYTES = 12;
/** What keys of AEAD_AES_256_GCM are made of: 32 bytes of master key, then 12 of master salt (RFC 7714, 12). */
export const MASTER_BYTES = KEY_BYTES + SALT_BYTES;
/** What a packet is longer by than what it was made of (RFC 7714, 13.1). */
export const TAG_BYTES = 16;
/** What the key and the salt of a session are derived with (RFC 3711, 4.3.2). */
export const LABELS = { key: 0x00, salt: 0x02 } as const;

export interface SessionKeys {
  key: Buffer;
  salt: Buffer;
}

/** The keys that packets are sealed with. Whoever asks for them overwrites them. */
export function deriveSession(master: Uint8Array): SessionKeys {
  const key = master.subarray(0, KEY_BYTES);
  const salt = master.subarray(KEY_BYTES, MASTER_BYTES);
  return {
    key: derive({ key, salt }, LABELS.key, KEY_BYTES),
    salt: derive({ key, salt }, LABELS.salt, SALT_BYTES),
  };
}

/** AES-256 in counter mode over the salt with its label, at no rate of new keys (RFC 3711, 4.3; RFC 6188; RFC 7714, 11). */
export function derive(
  { key, salt }: { key: Uint8Array; salt: Uint8Array },
  label: number,
  bytes: number,
): Buffer {
  const counter = Buffer.alloc(16);
  counter.set(salt);
  counter[7] = (counter[7] ?? 0) ^ label;
  return createCipheriv('aes-256-ctr', key, counter).update(Buffer.alloc(bytes));
}

/** Two zeros, SSRC, rollovers and sequence number, mixed with the salt (RFC 7714, 8.1). */
export function toIv(packet: Buffer, rollovers: number, salt: Buffer): Buffer {
  const iv = Buffer.alloc(SALT_BYTES);
  packet.copy(iv, 2, 8, 12);
  iv.writeUInt32BE(rollovers >>> 0, 6);
  packet.copy(iv, 10, 2, 4);
  for (let index = 0; index < SALT_BYTES; index++) iv[index] = (iv[index] ?? 0) ^ (salt[index] ?? 0);
  return iv;
}

/** Length of the header, which is not encrypted: with sources and extension (RFC 3550, 5.1); nothing for what is no RTP. */
export function headerBytesOf(packet: Buffer): number | undefined {
  const first = packet[0];
  if (first === undefined || first >> 6 !== 2 || packet.length < FIXED_HEADER_BYTES) return undefined;
  const bytes = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return bytes;
  return packet.length < bytes + 4 ? undefined : bytes + 4 + 4 * packet.readUInt16BE(bytes + 2);
}
