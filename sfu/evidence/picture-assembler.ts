import type { Layer } from '#contract/nation.ts';
import { rtpPayload } from '../ingest/h264/rtp-payload.ts';
import { type ClipCodec, joinPicture, type Picture } from './picture.ts';

/** A packet that is missing is waited for no longer than this; a retransmission takes a round trip or two. */
const GAP_WAIT_MS = 400;
/** Packets that may wait behind a missing one. */
const MAX_HELD = 600;
/** A picture of a 4K camera has some 1.5 MB; what is larger is none. */
const MAX_PICTURE_BYTES = 3_000_000;
/**
 * While no whole keyframe comes, another one is asked for after this time, doubled each time up to the bound: keyframes
 * are what a line that loses packets carries worst. Milliseconds.
 */
const ASK_AGAIN_MIN_MS = 1_000;
const ASK_AGAIN_MAX_MS = 10_000;

interface Packet {
  timestamp: number;
  marker: boolean;
  payload: Buffer | undefined;
}

/** Where a packet came: when (ms since 1970), and of which layer. */
interface Arrival {
  atMs: number;
  layer: Layer | undefined;
}

/**
 * Puts whole pictures together from RTP packets as they come, in any order. After one that is not whole nothing is given
 * until the next keyframe: every picture that comes out can be decoded without guessing.
 */
export class PictureAssembler {
  readonly #codec: ClipCodec;
  readonly #onBroken: () => void;
  readonly #held = new Map<number, Packet>();
  /** The sequence number that is to come next, of 16 bits; undefined before the first packet. */
  #next: number | undefined;
  #gapSinceMs: number | undefined;
  #payloads: Buffer[] = [];
  #bytes = 0;
  #timestamp: number | undefined;
  /** Something of the present picture is missing. */
  #isTorn = false;
  #needsKey = true;
  /** When a keyframe is asked for again (ms since 1970); undefined before the first picture. */
  #askAgainAtMs: number | undefined;
  #pauseMs = ASK_AGAIN_MIN_MS;

  /** `onBroken` is told when a keyframe would help. */
  constructor(codec: ClipCodec, onBroken: () => void) {
    this.#codec = codec;
    this.#onBroken = onBroken;
  }

  /** Takes the next packet, and gives the pictures that are whole with it, in their order. */
  push(packet: Buffer, arrival: Arrival): Picture[] {
    if (packet.length < 12) return [];
    const sequence = packet.readUInt16BE(2);
    this.#next ??= sequence;
    // Late, and of something that was given up; or another copy.
    if (((sequence - this.#next) & 0xffff) >= 0x8000 || this.#held.has(sequence)) return [];
    const payload = rtpPayload(packet);
    this.#held.set(sequence, {
      timestamp: packet.readUInt32BE(4),
      marker: ((packet[1] ?? 0) & 0x80) !== 0,
      // A copy: it is kept for longer than the buffer that the worker's message came in.
      payload: payload && Buffer.from(payload),
    });
    const pictures = this.#drain(arrival);
    if (this.#held.size === 0) this.#gapSinceMs = undefined;
    else {
      this.#gapSinceMs ??= arrival.atMs;
      if (arrival.atMs - this.#gapSinceMs < GAP_WAIT_MS && this.#held.size < MAX_HELD) return pictures;
      this.#skipGap();
      pictures.push(...this.#drain(arrival));
      this.#gapSinceMs = this.#held.size === 0 ? undefined : arrival.atMs;
    }
    return pictures;
  }

  #drain(arrival: Arrival): Picture[] {
    const pictures: Picture[] = [];
    while (this.#next !== undefined) {
      const packet = this.#held.get(this.#next);
      if (!packet) break;
      this.#held.delete(this.#next);
      this.#next = (this.#next + 1) & 0xffff;
      // Nothing but padding.
      if (!packet.payload) continue;
      if (this.#timestamp !== undefined && this.#timestamp !== packet.timestamp) this.#end(arrival, pictures);
      this.#timestamp = packet.timestamp;
      this.#bytes += packet.payload.length;
      if (this.#bytes > MAX_PICTURE_BYTES) this.#isTorn = true;
      if (!this.#isTorn) this.#payloads.push(packet.payload);
      if (packet.marker) this.#end(arrival, pictures);
    }
    return pictures;
  }

  /** What is missing will not come: goes on behind it. */
  #skipGap(): void {
    const from = this.#next ?? 0;
    let nearest = 0x10000;
    for (const sequence of this.#held.keys()) nearest = Math.min(nearest, (sequence - from) & 0xffff);
    this.#next = (from + nearest) & 0xffff;
    this.#isTorn = true;
    this.#payloads = [];
  }

  #end(arrival: Arrival, pictures: Picture[]): void {
    const joined = this.#isTorn ? undefined : joinPicture(this.#codec, this.#payloads);
    const timestamp = this.#timestamp ?? 0;
    this.#payloads = [];
    this.#bytes = 0;
    this.#timestamp = undefined;
    this.#isTorn = false;
    if (joined && (joined.format || !this.#needsKey)) {
      this.#needsKey = false;
      pictures.push({ ...joined, timestamp, ...arrival });
    } else this.#wantKey(arrival.atMs);
  }

  /** Nothing can be given before the next keyframe. */
  #wantKey(nowMs: number): void {
    // One is on its way at the beginning: whoever began to consume has asked for it.
    const isNew = !this.#needsKey || this.#askAgainAtMs === undefined;
    const isDue = !this.#needsKey || nowMs >= (this.#askAgainAtMs ?? Number.POSITIVE_INFINITY);
    this.#needsKey = true;
    if (isDue) this.#onBroken();
    if (!isNew && !isDue) return;
    this.#pauseMs = isNew ? ASK_AGAIN_MIN_MS : Math.min(ASK_AGAIN_MAX_MS, 2 * this.#pauseMs);
    this.#askAgainAtMs = nowMs + this.#pauseMs;
  }
}
