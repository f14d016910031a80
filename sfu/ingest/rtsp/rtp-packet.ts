/** RTP as far as a packet of video needs it (RFC 3550). */

export const RTP_HEADER_BYTES = 12;
const SENDER_REPORT = 200;
/** Seconds from 1900, NTP's epoch, to 1970. */
const NTP_TO_UNIX_S = 2_208_988_800;

export interface RtpHeader {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
}

export interface RtpPacket extends RtpHeader {
  /** Without padding; at least a byte. Lies in the bytes that were read. */
  payload: Buffer;
}

/** Reads a packet; undefined when it is none, cut short, or empty. */
export function readRtp(packet: Buffer): RtpPacket | undefined {
  if (packet.length <= RTP_HEADER_BYTES) return undefined;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let begin = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (begin + 4 > packet.length) return undefined;
    begin += 4 + 4 * packet.readUInt16BE(begin + 2);
  }
  const padding = first & 0x20 ? packet.readUInt8(packet.length - 1) : 0;
  const end = packet.length - padding;
  if (end <= begin) return undefined;
  const second = packet.readUInt8(1);
  return {
    payloadType: second & 0x7f,
    marker: second > 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: packet.subarray(begin, end),
  };
}

/** Writes a header of {@link RTP_HEADER_BYTES} to the beginning of a packet. */
export function writeRtpHeader(packet: Buffer, header: RtpHeader): void {
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((header.marker ? 0x80 : 0) | header.payloadType, 1);
  packet.writeUInt16BE(header.sequence, 2);
  packet.writeUInt32BE(header.timestamp, 4);
  packet.writeUInt32BE(header.ssrc, 8);
}

/** What a sender report says: `timestamp` is what the RTP clock shows at `atMs` (milliseconds since 1970). */
export interface SenderReport {
  ssrc: number;
  atMs: number;
  timestamp: number;
  packets: number;
  octets: number;
}

/** A sender report alone: our own worker reads it, and asks for no name. */
export function toSenderReport({ ssrc, atMs, timestamp, packets, octets }: SenderReport): Buffer {
  const packet = Buffer.alloc(28);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(SENDER_REPORT, 1);
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE((Math.floor(atMs / 1_000) + NTP_TO_UNIX_S) % 0x1_0000_0000, 8);
  packet.writeUInt32BE(Math.floor(((atMs / 1_000) % 1) * 0x1_0000_0000), 12);
  packet.writeUInt32BE(timestamp, 16);
  packet.writeUInt32BE(packets % 0x1_0000_0000, 20);
  packet.writeUInt32BE(octets % 0x1_0000_0000, 24);
  return packet;
}
