import { RtpPacket } from 'rtp.js/packets';
import { beginsH264Keyframe, depacketiseH264 } from './h264-payload.ts';
import type { Depacketised, Keyframe } from './keyframe.ts';
import { beginsVp8Keyframe, depacketiseVp8 } from './vp8-payload.ts';

/** A keyframe of a 4K camera has some 1.5 MB; what is larger is none. */
const MAX_BYTES = 3_000_000;
const MAX_PACKETS = 4_000;
/** Ticks of the RTP clock of video in a second (RFC 6184, RFC 7741). */
const CLOCK_HZ = 90_000;
/** Pictures after the keyframe from whose times the frame rate is told. */
const PICTURES_FOR_RATE = 4;

interface Codec {
  begins(payload: Buffer): boolean;
  depacketise(payloads: readonly Buffer[]): Depacketised;
}

const CODECS: Readonly<Record<string, Codec>> = {
  'video/h264': { begins: beginsH264Keyframe, depacketise: depacketiseH264 },
  'video/vp8': { begins: beginsVp8Keyframe, depacketise: depacketiseVp8 },
};

interface Picture {
  timestamp: number;
  /** Sequence number of its first packet; the others count from there. */
  first: number;
  payloads: Map<number, Buffer>;
  bytes: number;
  /** Place of its last packet, when that is known. */
  last: number | undefined;
}

/**
 * Puts the next whole keyframe together from RTP packets as they come, in any order. One with a gap is given up, and the
 * next one is waited for; nothing is ever made of two pictures. Afterwards it can tell the frame rate from the pictures
 * that follow.
 */
export class KeyframeCollector {
  readonly #codec: Codec;
  #picture: Picture | undefined;
  #keyframe: Keyframe | undefined;
  #timestamps: number[] = [];

  /** Undefined for a codec that stills are not taken of. */
  static of(mimeType: string): KeyframeCollector | undefined {
    const codec = CODECS[mimeType.toLowerCase()];
    return codec && new KeyframeCollector(codec);
  }

  private constructor(codec: Codec) {
    this.#codec = codec;
  }

  get keyframe(): Keyframe | undefined {
    return this.#keyframe;
  }

  /** Frames a second, once enough pictures have come after the keyframe. */
  get fps(): number | undefined {
    if (this.#timestamps.length <= PICTURES_FOR_RATE) return undefined;
    const steps = this.#timestamps.slice(1).map((it, index) => (it - (this.#timestamps[index] ?? 0)) >>> 0);
    // The middle one: where a picture was lost, two steps are one.
    const step = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0;
    return step === 0 ? undefined : CLOCK_HZ / step;
  }

  /** Takes the next packet. Whatever is no RTP packet is passed over. */
  push(packet: Buffer): void {
    const parsed = parse(packet);
    if (!parsed || parsed.payload.length === 0) return;
    if (this.#keyframe) {
      const isNew = ((parsed.timestamp - (this.#timestamps.at(-1) ?? 0)) | 0) > 0;
      if (isNew && this.#timestamps.length <= PICTURES_FOR_RATE) this.#timestamps.push(parsed.timestamp);
      return;
    }
    // Late, and of a picture that is over.
    if (this.#picture && ((parsed.timestamp - this.#picture.timestamp) | 0) < 0) return;
    if (this.#picture?.timestamp !== parsed.timestamp) {
      this.#endBefore(parsed);
      if (this.#keyframe || !this.#codec.begins(parsed.payload)) return;
      const { timestamp, sequence } = parsed;
      this.#picture = { timestamp, first: sequence, payloads: new Map(), bytes: 0, last: undefined };
    }
    this.#add(parsed);
  }

  #add({ sequence, payload, marker }: Parsed): void {
    const picture = this.#picture;
    if (!picture) return;
    const place = (sequence - picture.first) & 0xffff;
    // Before its first packet, or another copy of one that is there.
    if (place >= MAX_PACKETS || picture.payloads.has(place)) return;
    picture.payloads.set(place, payload);
    picture.bytes += payload.length;
    if (marker) picture.last = place;
    if (picture.bytes > MAX_BYTES) this.#picture = undefined;
    else this.#finish();
  }

  /** A packet of another picture has come: some encoders do not mark the last packet of one. */
  #endBefore({ sequence }: Parsed): void {
    const picture = this.#picture;
    if (!picture) return;
    if (picture.last === undefined) {
      picture.last = ((sequence - picture.first) & 0xffff) - 1;
      this.#finish();
    }
    this.#picture = undefined;
  }

  #finish(): void {
    const picture = this.#picture;
    if (picture?.last === undefined || picture.payloads.size !== picture.last + 1) return;
    const payloads: Buffer[] = [];
    for (let place = 0; place <= picture.last; place++) {
      const payload = picture.payloads.get(place);
      if (!payload) return;
      payloads.push(payload);
    }
    this.#keyframe = this.#codec.depacketise(payloads);
    if (this.#keyframe) this.#timestamps = [picture.timestamp];
    this.#picture = undefined;
  }
}

interface Parsed {
  timestamp: number;
  sequence: number;
  marker: boolean;
  payload: Buffer;
}

function parse(packet: Buffer): Parsed | undefined {
  try {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const rtp = new RtpPacket(view);
    const payload = rtp.getPayload();
    return {
      timestamp: rtp.getTimestamp(),
      sequence: rtp.getSequenceNumber(),
      marker: rtp.getMarker(),
      // A copy: it is kept for longer than the buffer that the worker's message came in.
      payload: Buffer.from(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)),
    };
  } catch {
    return undefined;
  }
}
