/** Types of NAL units and payload structures that matter here (H.264 table 7-1, RFC 6184 §5.2). */
const SPS = 7;
const LAST_SINGLE = 23;
const STAP_A = 24;
const FU_A = 28;

const START_CODE = Buffer.from([0, 0, 0, 1]);
/** Says that a picture is complete, so that a decoder does not wait for the next one to know it (AUD, any slices). */
const END_OF_PICTURE = Buffer.from([0, 0, 0, 1, 0x09, 0xf0]);

/**
 * Turns RTP payloads of H.264, in their order, into a byte stream, from the first parameter sets on. A unit that is cut
 * is left out: what is made of the stream is drawn over, so a damaged picture shows no more than a whole one.
 */
export class AnnexB {
  #hasBegun = false;
  #parts: Buffer[] | undefined;

  /** What is to be written for a packet; nothing before the first keyframe. */
  push(payload: Buffer, { marker, isContinuous }: { marker: boolean; isContinuous: boolean }): Buffer[] {
    if (!isContinuous) this.#parts = undefined;
    const units = this.#unitsOf(payload);
    this.#hasBegun ||= units.some((unit) => typeOf(unit) === SPS);
    if (!this.#hasBegun) return [];
    const out = units.flatMap((unit) => [START_CODE, unit]);
    if (marker) out.push(END_OF_PICTURE);
    return out;
  }

  #unitsOf(payload: Buffer): Buffer[] {
    const type = typeOf(payload);
    if (type > 0 && type <= LAST_SINGLE) return [payload];
    if (type === STAP_A) return splitStapA(payload);
    if (type !== FU_A || payload.length < 3) return [];
    const [indicator = 0, header = 0] = payload;
    const body = payload.subarray(2);
    if ((header & 0x80) !== 0) this.#parts = [Buffer.from([(indicator & 0xe0) | (header & 0x1f)]), body];
    else this.#parts?.push(body);
    if ((header & 0x40) === 0 || !this.#parts) return [];
    const unit = Buffer.concat(this.#parts);
    this.#parts = undefined;
    return [unit];
  }
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}

function splitStapA(payload: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 1; at + 2 <= payload.length; ) {
    const length = payload.readUInt16BE(at);
    at += 2;
    if (length === 0 || at + length > payload.length) break;
    units.push(payload.subarray(at, at + length));
    at += length;
  }
  return units;
}
