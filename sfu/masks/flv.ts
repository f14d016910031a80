/** Types of NAL units (H.264 table 7-1). */
const IDR_SLICE = 5;
const SEI = 6;
const SPS = 7;
const AUD = 9;

/** Header and the size of the tag before the first, which is none. */
const HEADER_BYTES = 9 + 4;
const TAG_HEADER_BYTES = 11;
const VIDEO_TAG = 9;
/** No picture that is shown here is larger. */
const MAX_TAG_BYTES = 4_000_000;

/** One picture as it came out of an encoder. */
export interface EncodedPicture {
  /** NAL units; one that stands by itself begins with its parameter sets. */
  units: Buffer[];
  /** When it is shown; milliseconds since the first. */
  atMs: number;
}

/** Takes H.264 out of a Flash Video stream (Adobe's specification 10.1, annex E): pictures whole, as soon as they are. */
export class FlvReader {
  #rest: Buffer = Buffer.alloc(0);
  #hasBegun = false;
  #parameterSets: Buffer[] = [];

  /** The pictures that are complete with this. @throws TypeError for anything that is no such stream. */
  push(chunk: Buffer): EncodedPicture[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const pictures: EncodedPicture[] = [];
    let at = 0;
    if (!this.#hasBegun) {
      this.#rest = data;
      if (data.length < HEADER_BYTES) return [];
      if (data.toString('latin1', 0, 3) !== 'FLV') throw new TypeError('no FLV');
      this.#hasBegun = true;
      at = HEADER_BYTES;
    }
    while (data.length - at >= TAG_HEADER_BYTES) {
      const bytes = data.readUIntBE(at + 1, 3);
      if (bytes > MAX_TAG_BYTES) throw new TypeError(`a tag of ${bytes} bytes`);
      const end = at + TAG_HEADER_BYTES + bytes;
      if (data.length < end + 4) break;
      // The upper byte of the time comes last.
      const atMs = (data[at + 7] ?? 0) * 0x100_0000 + data.readUIntBE(at + 4, 3);
      if (data[at] === VIDEO_TAG) {
        const units = this.#read(data.subarray(at + TAG_HEADER_BYTES, end));
        if (units.length > 0) pictures.push({ units, atMs });
      }
      at = end + 4;
    }
    this.#rest = data.subarray(at);
    return pictures;
  }

  #read(tag: Buffer): Buffer[] {
    if (tag.length < 5 || ((tag[0] ?? 0) & 0x0f) !== 7) throw new TypeError('no H.264');
    const body = tag.subarray(5);
    if (tag[1] === 0) this.#parameterSets = readParameterSets(body);
    if (tag[1] !== 1) return [];
    const units = split(body, { at: 0, lengthBytes: 4 }).units.filter(
      (unit) => typeOf(unit) !== SEI && typeOf(unit) !== AUD,
    );
    const types = units.map(typeOf);
    return types.includes(IDR_SLICE) && !types.includes(SPS) ? [...this.#parameterSets, ...units] : units;
  }
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}

/** Of an AVCDecoderConfigurationRecord (ISO 14496-15 §5.3.3). */
function readParameterSets(body: Buffer): Buffer[] {
  const sps = split(body, { at: 6, lengthBytes: 2, count: (body[5] ?? 0) & 0x1f });
  const pps = split(body, { at: sps.end + 1, lengthBytes: 2, count: body[sps.end] ?? 0 });
  return [...sps.units, ...pps.units];
}

/** Units that each follow on their length. @throws TypeError when they do not fit. */
function split(
  body: Buffer,
  {
    at: from,
    lengthBytes,
    count = Number.POSITIVE_INFINITY,
  }: { at: number; lengthBytes: number; count?: number },
): { units: Buffer[]; end: number } {
  const units: Buffer[] = [];
  let at = from;
  while (units.length < count && at < body.length) {
    if (at + lengthBytes > body.length) throw new TypeError('a cut length');
    const end = at + lengthBytes + body.readUIntBE(at, lengthBytes);
    if (end > body.length) throw new TypeError('a cut unit');
    units.push(body.subarray(at + lengthBytes, end));
    at = end;
  }
  return { units: units.filter(({ length }) => length > 0), end: at };
}
