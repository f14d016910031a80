/** Profiles whose parameter sets have chroma and scaling fields (ITU-T H.264, 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);
const MACROBLOCK = 16;
/** The largest side that a clip can name; what claims more is no parameter set of a camera. */
const MAX_SIDE = 16_384;
/** Zero bits before a number: no field that is read here has more. */
const MAX_ZERO_BITS = 31;

/** Size of the pictures of a sequence parameter set (ITU-T H.264, 7.3.2.1.1), and what players call its codec (RFC 6381). */
export function describeSps(
  unit: Uint8Array,
): { width: number; height: number; codecString: string } | undefined {
  const [, profile, constraints, level] = unit;
  if (profile === undefined || constraints === undefined || level === undefined) return undefined;
  const bits = new Bits(withoutEmulation(unit.subarray(4)));
  try {
    const size = readSize(bits, profile);
    const hex = [profile, constraints, level].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const isPossible = [size.width, size.height].every((side) => side > 0 && side <= MAX_SIDE);
    return isPossible ? { ...size, codecString: `avc1.${hex}` } : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readSize(bits: Bits, profile: number): { width: number; height: number } {
  bits.unsigned();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) chroma = readChroma(bits);
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  else if (orderType === 1) {
    bits.take(1);
    bits.signed();
    bits.signed();
    const cycle = bits.unsigned();
    for (let index = 0; index < Math.min(cycle, 255); index++) bits.signed();
  }
  bits.unsigned();
  bits.take(1);
  const columns = bits.unsigned() + 1;
  const rows = bits.unsigned() + 1;
  const fieldRows = bits.take(1) === 1 ? 1 : 2;
  if (fieldRows === 2) bits.take(1);
  bits.take(1);
  const crop = bits.take(1) === 1 ? [0, 0, 0, 0].map(() => bits.unsigned()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * fieldRows;
  return {
    width: columns * MACROBLOCK - unitX * (left + right),
    height: rows * fieldRows * MACROBLOCK - unitY * (top + bottom),
  };
}

function readChroma(bits: Bits): number {
  const chroma = bits.unsigned();
  if (chroma === 3) bits.take(1);
  bits.unsigned();
  bits.unsigned();
  bits.take(1);
  const lists = bits.take(1) === 0 ? 0 : chroma === 3 ? 12 : 8;
  for (let list = 0; list < lists; list++) {
    const isPresent = bits.take(1) === 1;
    if (isPresent) skipScaling(bits, list < 6 ? 16 : 64);
  }
  return chroma;
}

function skipScaling(bits: Bits, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

/** Takes the bytes out that keep start codes from appearing inside a unit (7.4.1). */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
}

/** Bits from the first one on; throws a RangeError where there are no more. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('the parameter set is cut off');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  /** Exp-Golomb (9.1). */
  unsigned(): number {
    let zeros = 0;
    while (this.take(1) === 0) {
      zeros++;
      if (zeros > MAX_ZERO_BITS) throw new RangeError('the parameter set is not readable');
    }
    return 2 ** zeros - 1 + this.take(zeros);
  }

  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
