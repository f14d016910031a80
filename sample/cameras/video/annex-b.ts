/** Types of NAL units (ITU-T H.264, table 7-1) that matter here. */
export const NAL = { slice: 1, idrSlice: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const;

/** One picture: its parameter sets, if any, and its slice. */
export interface AccessUnit {
  /** Can be decoded without any picture before it. */
  key: boolean;
  /** NAL units without start codes. */
  nals: Buffer[];
}

const START_CODE = Buffer.from([0, 0, 1]);

export function nalType(nal: Uint8Array): number {
  return (nal[0] ?? 0) & 0x1f;
}

/** Whether a NAL unit carries picture content. With one slice a picture, as here, it ends its access unit. */
export function isSlice(nal: Uint8Array): boolean {
  const type = nalType(nal);
  return type === NAL.slice || type === NAL.idrSlice;
}

/** Cuts a byte stream (H.264 annex B) into NAL units as it arrives; holds one unit at most. */
export function createNalSplitter(): { push(chunk: Buffer): Buffer[]; end(): Buffer[] } {
  let rest: Buffer = Buffer.alloc(0);
  let searchFrom = 0;
  /** Where the unit at hand begins in `rest`; -1 before the first start code. */
  let begin = -1;

  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const units: Buffer[] = [];
      for (;;) {
        const at = rest.indexOf(START_CODE, searchFrom);
        if (at === -1) break;
        if (begin >= 0) units.push(trimZeros(rest.subarray(begin, at)));
        begin = at + START_CODE.length;
        searchFrom = begin;
      }
      if (begin > 0) {
        rest = rest.subarray(begin);
        begin = 0;
      }
      // A start code may be cut in two by the end of the chunk.
      searchFrom = Math.max(0, rest.length - (START_CODE.length - 1));
      return units.filter((unit) => unit.length > 0);
    },
    end() {
      const last = begin >= 0 ? trimZeros(rest.subarray(begin)) : rest.subarray(0, 0);
      rest = Buffer.alloc(0);
      begin = -1;
      searchFrom = 0;
      return last.length > 0 ? [last] : [];
    },
  };
}

/** The pictures of a whole byte stream with one slice a picture. Delimiters and remarks (SEI) are left out. */
export function parseAccessUnits(stream: Buffer): AccessUnit[] {
  const splitter = createNalSplitter();
  const units: AccessUnit[] = [];
  let nals: Buffer[] = [];
  for (const nal of [...splitter.push(stream), ...splitter.end()]) {
    const type = nalType(nal);
    if (type === NAL.sei || type === NAL.delimiter) continue;
    nals.push(nal);
    if (!isSlice(nal)) continue;
    units.push({ key: type === NAL.idrSlice, nals });
    nals = [];
  }
  return units;
}

/** NAL units as a byte stream. */
export function toByteStream(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [Buffer.from([0, 0, 0, 1]), nal]));
}

/** Zeros before a start code belong to it (four-byte start codes, trailing zeros), never to the unit. */
function trimZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}
