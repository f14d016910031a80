/** RTP payloads of H.264 (RFC 6184), as far as one must know them to pass them on. */

/** Fits, with headers and encryption, into an IP packet of any network on the way to a viewer. */
export const MAX_PAYLOAD_BYTES = 1_200;

export const NAL = { idr: 5, sps: 7, pps: 8 } as const;
const STAP_A = 24;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;

/** A unit that begins in a payload; of one that comes in fragments, only its type is known. */
export interface Unit {
  type: number;
  bytes: Buffer | undefined;
}

/** The units that begin in a payload: several of an aggregation, none in a later fragment. */
export function unitsOf(payload: Buffer): Unit[] {
  const type = typeOf(payload);
  if (type === STAP_A) return [...splitAggregate(payload)].map((bytes) => toUnit(bytes));
  if (type !== FU_A) return type >= 1 && type < STAP_A ? [toUnit(payload)] : [];
  const head = payload[1] ?? 0;
  if (payload.length < 3 || (head & FU_START) === 0) return [];
  return [{ type: head & 0x1f, bytes: undefined }];
}

const toUnit = (bytes: Buffer): Unit => ({ type: typeOf(bytes), bytes });
const typeOf = (bytes: Buffer) => (bytes[0] ?? 0) & 0x1f;

/** Whether a payload is of a form that browsers know: a unit, an aggregate, or a fragment. */
export function isUsable(payload: Buffer): boolean {
  const type = typeOf(payload);
  return (type >= 1 && type <= STAP_A) || (type === FU_A && payload.length > 2);
}

/** A payload as payloads that fit; most are given back as they are. */
export function fitInto(payload: Buffer, most = MAX_PAYLOAD_BYTES): Buffer[] {
  if (payload.length <= most) return [payload];
  const type = typeOf(payload);
  if (type === STAP_A) return [...splitAggregate(payload)].flatMap((unit) => fitInto(unit, most));
  const indicator = payload[0] ?? 0;
  if (type !== FU_A) {
    return fragment(payload.subarray(1), { indicator, type, marks: FU_START | FU_END, most });
  }
  const head = payload[1] ?? 0;
  const marks = head & (FU_START | FU_END);
  return fragment(payload.subarray(2), { indicator, type: head & 0x1f, marks, most });
}

/** `marks`: which of start and end of the unit these bytes have. */
function fragment(
  bytes: Buffer,
  { indicator, type, marks, most }: { indicator: number; type: number; marks: number; most: number },
): Buffer[] {
  const fragments: Buffer[] = [];
  const step = most - 2;
  for (let at = 0; at < bytes.length; at += step) {
    const start = at === 0 ? marks & FU_START : 0;
    const end = at + step >= bytes.length ? marks & FU_END : 0;
    const head = Buffer.from([(indicator & 0xe0) | FU_A, start | end | type]);
    fragments.push(Buffer.concat([head, bytes.subarray(at, at + step)]));
  }
  return fragments;
}

/** Units in one payload, each with its size before it; as parameter sets go before a keyframe. */
export function aggregate(units: readonly Buffer[]): Buffer {
  const importance = Math.max(...units.map((unit) => (unit[0] ?? 0) & 0x60));
  const parts = units.flatMap((unit) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(unit.length);
    return [size, unit];
  });
  return Buffer.concat([Buffer.from([importance | STAP_A]), ...parts]);
}

function* splitAggregate(payload: Buffer): Generator<Buffer> {
  let at = 1;
  while (at + 2 < payload.length) {
    const size = payload.readUInt16BE(at);
    const end = at + 2 + size;
    if (size === 0 || end > payload.length) return;
    yield payload.subarray(at + 2, end);
    at = end;
  }
}
