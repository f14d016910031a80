/** Payload-specific feedback (RFC 4585 §6.1), and its formats that ask for a keyframe: PLI, and FIR (RFC 5104 §4.3.1). */
const PAYLOAD_FEEDBACK = 206;
const PLI = 1;
const FIR = 4;

/** Whether anything in a compound RTCP packet asks for a keyframe. */
export function asksForKeyframe(packet: Buffer): boolean {
  for (let at = 0; at + 4 <= packet.length; at += 4 * (packet.readUInt16BE(at + 2) + 1)) {
    const format = (packet[at] ?? 0) & 0x1f;
    if (packet[at + 1] === PAYLOAD_FEEDBACK && (format === PLI || format === FIR)) return true;
  }
  return false;
}
