const FIXED_HEADER_BYTES = 12;

/** The payload of an RTP packet (RFC 3550, 5.1) without header, extension and padding; undefined for what is none. */
export function rtpPayload(packet: Buffer): Uint8Array | undefined {
  const first = packet[0];
  if (first === undefined || packet.length < FIXED_HEADER_BYTES || first >> 6 !== 2) return undefined;
  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (packet.length < start + 4) return undefined;
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : (packet.at(-1) ?? 0);
  const end = packet.length - padding;
  return start < end ? packet.subarray(start, end) : undefined;
}
