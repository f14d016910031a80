/** What RTCP says that matters to a sender: the stream of this SSRC needs a keyframe (PLI, RFC 4585; FIR, RFC 5104). */
const SENDER_REPORT = 200;
const SOURCE_DESCRIPTION = 202;
const PAYLOAD_FEEDBACK = 206;
const PLI = 1;
const FIR = 4;
const CNAME = 1;

/** Seconds from 1900, NTP's epoch, to 1970. */
const NTP_TO_UNIX_S = 2_208_988_800;

/** What a sender report says (RFC 3550, 6.4.1). */
export interface SenderReport {
  ssrc: number;
  /** Milliseconds since the epoch of the instant that `timestamp` stands for. */
  atMs: number;
  /** RTP timestamp, 90 kHz. */
  timestamp: number;
  packets: number;
  octets: number;
  /** Name of the source: the same for all streams that share a clock. */
  cname: string;
}

/** A compound packet: the sender report, then the source's name. */
export function toSenderReport(report: SenderReport): Buffer {
  const name = Buffer.from(report.cname.slice(0, 255), 'latin1');
  // SSRC, item head, name, and at least one zero that ends the list, in whole words.
  const chunkBytes = Math.ceil((4 + 2 + name.length + 1) / 4) * 4;
  const packet = Buffer.alloc(28 + 4 + chunkBytes);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(SENDER_REPORT, 1);
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(report.ssrc, 4);
  const seconds = Math.floor(report.atMs / 1000);
  packet.writeUInt32BE((seconds + NTP_TO_UNIX_S) >>> 0, 8);
  packet.writeUInt32BE(Math.floor(((report.atMs / 1000) % 1) * 0x1_0000_0000) >>> 0, 12);
  packet.writeUInt32BE(report.timestamp >>> 0, 16);
  packet.writeUInt32BE(report.packets >>> 0, 20);
  packet.writeUInt32BE(report.octets >>> 0, 24);
  packet.writeUInt8(0x81, 28);
  packet.writeUInt8(SOURCE_DESCRIPTION, 29);
  packet.writeUInt16BE(chunkBytes / 4, 30);
  packet.writeUInt32BE(report.ssrc, 32);
  packet.writeUInt8(CNAME, 36);
  packet.writeUInt8(name.length, 37);
  packet.set(name, 38);
  return packet;
}

/** SSRCs that a compound RTCP packet asks keyframes of. What is not RTCP, cut short or unknown says nothing. */
export function keyframeRequests(packet: Buffer): number[] {
  const ssrcs: number[] = [];
  let at = 0;
  while (at + 4 <= packet.length) {
    const head = packet.readUInt8(at);
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if (head >> 6 !== 2 || end > packet.length) break;
    if (packet.readUInt8(at + 1) === PAYLOAD_FEEDBACK) {
      ssrcs.push(...feedbackTargets(packet.subarray(at, end), head & 0x1f));
    }
    at = end;
  }
  return ssrcs;
}

function feedbackTargets(packet: Buffer, format: number): number[] {
  if (format === PLI && packet.length >= 12) return [packet.readUInt32BE(8)];
  if (format !== FIR) return [];
  // The targets stand in the entries; the head's own field is not used.
  const ssrcs: number[] = [];
  for (let at = 12; at + 8 <= packet.length; at += 8) ssrcs.push(packet.readUInt32BE(at));
  return ssrcs;
}

/** Whether a datagram on a port shared by RTP and RTCP is RTCP (RFC 5761, 4). */
export function isRtcp(packet: Buffer): boolean {
  if (packet.length < 8) return false;
  const type = packet.readUInt8(1);
  return packet.readUInt8(0) >> 6 === 2 && type >= 192 && type <= 223;
}
