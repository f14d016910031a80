/** NAL unit types (ITU-T H.264, table 7-1) and payload structures (RFC 6184, 5.2). */
const NAL_SLICE = 1;
const NAL_IDR_SLICE = 5;
const STAP_A = 24;
const FU_A = 28;
/** `slice_type` modulo 5 (table 7-6). */
const SLICE_B = 1;
/** Zero bits before a number of a slice header: the largest picture of H.264 has 139,264 macroblocks (table A-1). */
const MAX_ZERO_BITS = 17;

/** What one RTP payload of H.264 tells of the pictures: nothing, or that a slice begins, which may be one of a B-frame. */
export type SliceSight = 'none' | 'slice' | 'b-slice';

/** Looks for the beginning of a slice in an RTP payload of H.264 (packetization-mode 0 or 1). */
export function sightSlice(payload: Uint8Array): SliceSight {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === FU_A) {
    const header = payload[1] ?? 0;
    const isStart = (header & 0x80) !== 0;
    return isStart ? sightNal(header & 0x1f, payload.subarray(2)) : 'none';
  }
  if (type === STAP_A) return sightAggregate(payload);
  return sightNal(type, payload.subarray(1));
}

function sightAggregate(payload: Uint8Array): SliceSight {
  let sight: SliceSight = 'none';
  for (let at = 1; at + 2 < payload.length; ) {
    const size = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
    const nal = payload.subarray(at + 2, at + 2 + size);
    const one = sightNal((nal[0] ?? 0) & 0x1f, nal.subarray(1));
    if (one === 'b-slice') return one;
    if (one === 'slice') sight = one;
    at += 2 + size;
  }
  return sight;
}

/** `body` is the NAL unit without its first byte. */
function sightNal(type: number, body: Uint8Array): SliceSight {
  if (type !== NAL_SLICE && type !== NAL_IDR_SLICE) return 'none';
  const bits = new BitReader(body);
  const firstMacroblock = bits.readUnsigned();
  const sliceType = bits.readUnsigned();
  if (firstMacroblock === undefined || sliceType === undefined || sliceType > 9) return 'none';
  return sliceType % 5 === SLICE_B ? 'b-slice' : 'slice';
}

/**
 * Exp-Golomb numbers (9.1) from the beginning of a NAL unit. Emulation prevention bytes are not taken out: they come after
 * two zero bytes, which stand here only in the header of a slice that begins below the middle of an enormous picture.
 */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readUnsigned(): number | undefined {
    let zeros = 0;
    for (let bit = this.#readBit(); bit !== 1; bit = this.#readBit()) {
      zeros += 1;
      if (bit === undefined || zeros > MAX_ZERO_BITS) return undefined;
    }
    let value = 1;
    for (let index = 0; index < zeros; index += 1) {
      const bit = this.#readBit();
      if (bit === undefined) return undefined;
      value = value * 2 + bit;
    }
    return value - 1;
  }

  #readBit(): number | undefined {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) return undefined;
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }
}
