import { type AccessUnit, isSlice } from '../video/annex-b.ts';

/** An RTP packet of ours is at most this long, header included: it fits every path without being split. */
export const MAX_PACKET_BYTES = 1200;

/** A fixed RTP header without extensions (RFC 3550, 5.1). */
export const RTP_HEADER_BYTES = 12;

const MAX_PAYLOAD_BYTES = MAX_PACKET_BYTES - RTP_HEADER_BYTES;
const STAP_A = 24;
const FU_A = 28;
const VERSION_2 = 0x80;
const MARKER = 0x80;

/**
 * The RTP packets of a picture (H.264, RFC 6184, packetization-mode 1): parameter sets together in a STAP-A, a slice
 * whole or in FU-A fragments, the marker on the last. Headers have room for, but not yet, payload type, sequence
 * number, timestamp and SSRC: see `stampHeader`.
 */
export function packetise({ nals }: AccessUnit): Buffer[] {
  const sets = nals.filter((nal) => !isSlice(nal));
  const slices = nals.filter((nal) => isSlice(nal));
  const packets = [...aggregate(sets), ...slices.flatMap((nal) => single(nal))];
  const last = packets.at(-1);
  if (last) last[1] = MARKER;
  return packets;
}

/** Writes what differs from one sending to the next into a packet, in place. */
export function stampHeader(
  packet: Buffer,
  header: { payloadType: number; sequence: number; timestamp: number; ssrc: number },
): void {
  packet[1] = ((packet[1] ?? 0) & MARKER) | header.payloadType;
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
}

/** Several small units in one packet (RFC 6184, 5.7.1), or each on its own where that is not possible. */
function aggregate(nals: readonly Buffer[]): Buffer[] {
  const bytes = nals.reduce((sum, nal) => sum + 2 + nal.length, 1);
  if (nals.length < 2 || bytes > MAX_PAYLOAD_BYTES) return nals.flatMap((nal) => single(nal));
  const packet = createPacket(bytes);
  // The highest of the units' NRI, and F if any has it.
  const nri = Math.max(...nals.map((nal) => (nal[0] ?? 0) & 0x60));
  const forbidden = nals.reduce((bits, nal) => bits | ((nal[0] ?? 0) & 0x80), 0);
  packet[RTP_HEADER_BYTES] = forbidden | nri | STAP_A;
  let at = RTP_HEADER_BYTES + 1;
  for (const nal of nals) {
    packet.writeUInt16BE(nal.length, at);
    packet.set(nal, at + 2);
    at += 2 + nal.length;
  }
  return [packet];
}

/** One unit in one packet (5.6), or in fragments of nearly equal length (5.8). */
function single(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD_BYTES) {
    const packet = createPacket(nal.length);
    packet.set(nal, RTP_HEADER_BYTES);
    return [packet];
  }
  const head = nal[0] ?? 0;
  // The unit's first byte travels in the two bytes of the fragment's head.
  const content = nal.subarray(1);
  const count = Math.ceil(content.length / (MAX_PAYLOAD_BYTES - 2));
  const size = Math.ceil(content.length / count);
  return Array.from({ length: count }, (_, index) => {
    const part = content.subarray(index * size, (index + 1) * size);
    const packet = createPacket(2 + part.length);
    packet[RTP_HEADER_BYTES] = (head & 0xe0) | FU_A;
    packet[RTP_HEADER_BYTES + 1] =
      (index === 0 ? 0x80 : 0) | (index === count - 1 ? 0x40 : 0) | (head & 0x1f);
    packet.set(part, RTP_HEADER_BYTES + 2);
    return packet;
  });
}

function createPacket(payloadBytes: number): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + payloadBytes);
  packet[0] = VERSION_2;
  return packet;
}
