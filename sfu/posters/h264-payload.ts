import type { Depacketised } from './keyframe.ts';

/** NAL unit types (H.264 table 7-1) and payload structures (RFC 6184 §5.2) that matter here. */
const SLICE_TYPES = { first: 1, last: 5, idr: 5 } as const;
const SPS = 7;
const PPS = 8;
const LAST_SINGLE = 23;
const STAP_A = 24;
const FU_A = 28;

const START_CODE = Buffer.from([0, 0, 0, 1]);

const typeOf = (unit: Buffer) => (unit[0] ?? 0) & 0x1f;

/**
 * Whether a keyframe begins with this payload: with its parameter sets, which is what mediasoup takes for the beginning
 * too.
 */
export function beginsH264Keyframe(payload: Buffer): boolean {
  switch (typeOf(payload)) {
    case SPS:
      return true;
    case STAP_A:
      return splitStapA(payload)?.some((unit) => typeOf(unit) === SPS) ?? false;
    case FU_A:
      return ((payload[1] ?? 0) & 0x80) !== 0 && ((payload[1] ?? 0) & 0x1f) === SPS;
    default:
      return false;
  }
}

/**
 * The payloads of one picture, in their order and none missing, as a byte stream (RFC 6184, packetization-mode 0 and 1).
 * Nothing if it is not an IDR picture with its parameter sets: whatever refers to another picture is refused here, so
 * that nothing of another picture can ever show in a still.
 */
export function depacketiseH264(payloads: readonly Buffer[]): Depacketised {
  const picture = joinH264(payloads);
  return picture?.isKey ? { format: 'h264', bytes: picture.bytes } : undefined;
}

/** One picture as a byte stream with start codes, whatever it refers to. */
export interface H264Picture {
  bytes: Buffer;
  /** It is an IDR picture with its parameter sets: nothing before it is needed. */
  isKey: boolean;
  /** Its sequence parameter set, if it brings one. */
  sps: Buffer | undefined;
}

/** The payloads of one picture, in their order and none missing, put together; nothing when they are none. */
export function joinH264(payloads: readonly Buffer[]): H264Picture | undefined {
  const units = toUnits(payloads);
  if (!units) return undefined;
  const types = units.map(typeOf);
  const slices = types.filter((type) => type >= SLICE_TYPES.first && type <= SLICE_TYPES.last);
  if (slices.length === 0) return undefined;
  const sps = units.find((unit) => typeOf(unit) === SPS);
  const isKey = sps !== undefined && types.includes(PPS) && slices.every((type) => type === SLICE_TYPES.idr);
  return { bytes: Buffer.concat(units.flatMap((unit) => [START_CODE, unit])), isKey, sps };
}

/** NAL units of these payloads; nothing when one is cut, unknown or out of order. */
function toUnits(payloads: readonly Buffer[]): Buffer[] | undefined {
  const units: Buffer[] = [];
  let parts: Buffer[] | undefined;
  for (const payload of payloads) {
    const type = typeOf(payload);
    if (type === FU_A) {
      const fragment = toFragment(payload);
      if (!fragment || fragment.begins === (parts !== undefined)) return undefined;
      parts = fragment.begins ? [fragment.header, fragment.body] : [...(parts ?? []), fragment.body];
      if (!fragment.ends) continue;
      units.push(Buffer.concat(parts));
      parts = undefined;
      continue;
    }
    if (parts) return undefined;
    const inside =
      type === STAP_A ? splitStapA(payload) : type > 0 && type <= LAST_SINGLE ? [payload] : undefined;
    if (!inside) return undefined;
    units.push(...inside);
  }
  return parts ? undefined : units;
}

function toFragment(payload: Buffer) {
  const [indicator, header] = payload;
  if (indicator === undefined || header === undefined || payload.length < 3) return undefined;
  return {
    begins: (header & 0x80) !== 0,
    ends: (header & 0x40) !== 0,
    header: Buffer.from([(indicator & 0xe0) | (header & 0x1f)]),
    body: payload.subarray(2),
  };
}

function splitStapA(payload: Buffer): Buffer[] | undefined {
  const units: Buffer[] = [];
  let at = 1;
  while (at < payload.length) {
    if (at + 2 > payload.length) return undefined;
    const length = payload.readUInt16BE(at);
    at += 2;
    if (length === 0 || at + length > payload.length) return undefined;
    units.push(payload.subarray(at, at + length));
    at += length;
  }
  return units.length > 0 ? units : undefined;
}
