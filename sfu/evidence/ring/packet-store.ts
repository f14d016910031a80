/** Memory is taken in pieces of this size: what 150 kbit/s bring in two seconds. */
export const SEGMENT_BYTES = 32 * 1024;
/** Before each packet: when it came (double), rollovers (32 bits), length (16 bits). */
const HEAD_BYTES = 14;
/** A datagram of media is no longer than an Ethernet frame; what is longer is none. */
const MAX_PACKET_BYTES = 2_048;

interface Segment {
  bytes: Buffer;
  used: number;
  /** When its last packet came; milliseconds since 1970. */
  toMs: number;
}

/** A packet as it came: still encrypted. */
export interface KeptPacket {
  /** Of the store: to be read, not kept. */
  packet: Buffer;
  /** When it came; milliseconds since 1970. */
  atMs: number;
  rollovers: number;
}

/**
 * Encrypted packets in the order in which they came. Whoever owns it bounds it in time and bytes; what it forgets it
 * overwrites.
 */
export class PacketStore {
  #segments: Segment[] = [];

  /** Memory that it takes, in bytes. */
  get bytes(): number {
    return this.#segments.length * SEGMENT_BYTES;
  }

  /** Takes a copy of a packet. True when more memory was taken for it. */
  add({ packet, atMs, rollovers }: KeptPacket): boolean {
    if (packet.length > MAX_PACKET_BYTES) return false;
    const last = this.#segments.at(-1);
    const fits = last !== undefined && last.used + HEAD_BYTES + packet.length <= SEGMENT_BYTES;
    const segment = fits ? last : { bytes: Buffer.alloc(SEGMENT_BYTES), used: 0, toMs: atMs };
    if (!fits) this.#segments.push(segment);
    const { bytes, used } = segment;
    bytes.writeDoubleBE(atMs, used);
    bytes.writeUInt32BE(rollovers >>> 0, used + 8);
    bytes.writeUInt16BE(packet.length, used + 12);
    packet.copy(bytes, used + HEAD_BYTES);
    segment.used = used + HEAD_BYTES + packet.length;
    segment.toMs = atMs;
    return !fits;
  }

  *read(): Generator<KeptPacket> {
    for (const { bytes, used } of this.#segments) {
      for (let at = 0; at < used; ) {
        const start = at + HEAD_BYTES;
        const end = start + bytes.readUInt16BE(at + 12);
        yield {
          packet: bytes.subarray(start, end),
          atMs: bytes.readDoubleBE(at),
          rollovers: bytes.readUInt32BE(at + 8),
        };
        at = end;
      }
    }
  }

  /** Forgets what came before an instant (milliseconds since 1970), as far as a piece of memory becomes free by it. */
  forgetBefore(atMs: number): void {
    const first = this.#segments.findIndex(({ toMs }) => toMs >= atMs);
    this.#drop(first === -1 ? this.#segments.length : first);
  }

  /** Forgets the oldest piece of memory. */
  forgetOldest(): void {
    this.#drop(1);
  }

  wipe(): void {
    this.#drop(this.#segments.length);
  }

  #drop(count: number): void {
    for (const { bytes } of this.#segments.splice(0, count)) bytes.fill(0);
  }
}
