/** Payload of an RTP packet; with all headers it fits into any network's frame. */
const PAYLOAD_BYTES = 1_188;
const FU_A = 28;
/** From 1900, where NTP begins, to 1970. */
const NTP_OFFSET_S = 2_208_988_800;

interface Place {
  payloadType: number;
  ssrc: number;
  /** Of the first packet. */
  sequence: number;
  /** 90 kHz. Any number; its lower 32 bits are sent, as of `sequence` the lower 16. */
  ticks: number;
}

/** The NAL units of one picture as RTP (RFC 6184, packetization-mode 1); the last packet has the marker. */
export function toPackets(units: readonly Buffer[], { payloadType, ssrc, sequence, ticks }: Place): Buffer[] {
  const payloads = units.flatMap(toPayloads);
  return payloads.map((payload, index) => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = payloadType | (index === payloads.length - 1 ? 0x80 : 0);
    header.writeUInt16BE((sequence + index) % 0x1_0000, 2);
    header.writeUInt32BE(ticks % 0x1_0000_0000, 4);
    header.writeUInt32BE(ssrc, 8);
    return Buffer.concat([header, ...payload]);
  });
}

function toPayloads(unit: Buffer): Buffer[][] {
  if (unit.length <= PAYLOAD_BYTES) return [[unit]];
  const [first = 0] = unit;
  const parts: Buffer[][] = [];
  for (let at = 1; at < unit.length; at += PAYLOAD_BYTES - 2) {
    const part = unit.subarray(at, at + PAYLOAD_BYTES - 2);
    const edge = (at === 1 ? 0x80 : 0) | (at + part.length === unit.length ? 0x40 : 0);
    parts.push([Buffer.from([(first & 0xe0) | FU_A, edge | (first & 0x1f)]), part]);
  }
  return parts;
}

/** A sender report says which instant (`now`, milliseconds since 1970) belongs to which tick (RFC 3550 §6.4.1). */
export function toSenderReport({
  ssrc,
  now,
  ticks,
  packets,
  bytes,
}: {
  ssrc: number;
  now: number;
  ticks: number;
  packets: number;
  bytes: number;
}): Buffer {
  const report = Buffer.alloc(28);
  report[0] = 0x80;
  report[1] = 200;
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE((Math.floor(now / 1_000) + NTP_OFFSET_S) % 0x1_0000_0000, 8);
  report.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 0x1_0000_0000), 12);
  report.writeUInt32BE(ticks % 0x1_0000_0000, 16);
  report.writeUInt32BE(packets % 0x1_0000_0000, 20);
  report.writeUInt32BE(bytes % 0x1_0000_0000, 24);
  return report;
}
