import { randomInt } from 'node:crypto';
import type { RtpPacket } from 'rtp.js/packets';
import type { MaskRegion } from '#contract/nation.ts';
import { AnnexB } from './annex-b.ts';
import type { EncodedPicture } from './flv.ts';
import { Lateness, MAX_LATE_MS } from './lateness.ts';
import { MaskEncoder } from './mask-encoder.ts';
import { PacketOrder } from './packet-order.ts';
import { toPackets, toSenderReport } from './rtp-packets.ts';

const TICKS_PER_MS = 90;
/** By these reports a receiver changes between layers. */
const REPORT_EVERY_MS = 1_000;
/** Between the last picture of one ffmpeg and the first of the next: one picture at 15 a second. */
const GAP_TICKS = 6_000;
/** While the camera's picture is broken, it is asked this often for one that stands by itself. Milliseconds. */
const ASK_EVERY_MS = 1_000;
/** An ffmpeg that ended though nobody asked it to is followed by another after this time, doubled each time up to the bound. */
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
/** So often in a row, without a picture in between, is no accident. */
const FAULTY_AFTER = 3;
/** Types of NAL units that are part of a picture, and the one that begins anew (H.264 table 7-1). */
const FIRST_SLICE = 1;
const IDR_SLICE = 5;

interface MaskedLayerOptions {
  ffmpegBin: string;
  payloadType: number;
  ssrc: number;
  maxBps: number;
  regions(): readonly MaskRegion[];
  send(packet: Buffer): void;
  sendReport(packet: Buffer): void;
  /** Something of the camera's picture was lost, or nothing has come yet: a keyframe is needed. */
  onBroken(): void;
  /** Nothing can be drawn over, and so nothing is shown; or it can (again). */
  onFault(isThere: boolean): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Taken {
  payload: Buffer;
  marker: boolean;
  sequence: number;
}

/**
 * One layer of a masked feed: packets in, ffmpeg, packets out. The stream that goes out keeps its numbers and its clock
 * when ffmpeg is replaced, so that whoever watches sees a picture that is late and not one that broke. An ffmpeg that is
 * too far behind is replaced, and with it goes what it had not drawn over yet.
 */
export class MaskedLayer {
  readonly #options: MaskedLayerOptions;
  #encoder: MaskEncoder | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** How often ffmpeg has ended by itself, or fallen behind, since it last gave a picture. */
  #failures = 0;
  #isSeenToWork = false;
  #order = new PacketOrder<Taken>();
  #stream = new AnnexB();
  #lateness = new Lateness();
  #lastIn: number | undefined;
  #needsKeyframe = true;
  #askedAt = 0;
  /** Of the picture that is coming in: whether anything of it has come, and whether something is missing. */
  #picture = { hasBegun: false, isTorn: false };
  /** What comes out is too old, or builds on what was. */
  #isBehind = false;
  /** The tick at which the present ffmpeg's time is 0; undefined before its first picture. */
  #zeroTicks: number | undefined;
  /** The next sequence number and the last tick, unbounded; when the last picture and the last report were sent. */
  #sent = {
    sequence: randomInt(0x1_0000),
    ticks: randomInt(0x1_0000_0000),
    packets: 0,
    bytes: 0,
    atMs: 0,
    reportedAt: 0,
  };

  constructor(options: MaskedLayerOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#encoder?.pid;
  }

  /** Begins, if it does not run; whether it did. */
  start(): boolean {
    if (this.#encoder || this.#retry) return false;
    this.#begin();
    return true;
  }

  #begin(): void {
    const { ffmpegBin, maxBps, regions } = this.#options;
    this.#retry = undefined;
    this.#order = new PacketOrder();
    this.#stream = new AnnexB();
    this.#lateness = new Lateness();
    this.#lastIn = undefined;
    this.#picture = { hasBegun: false, isTorn: false };
    // Whoever starts it asks.
    this.#needsKeyframe = true;
    this.#askedAt = this.#options.now();
    this.#zeroTicks = undefined;
    this.#isBehind = false;
    this.#encoder = new MaskEncoder({
      ffmpegBin,
      maxBps,
      regions: regions(),
      onPicture: (picture) => this.#show(picture),
      onEnded: () => this.#handleEnded(),
    });
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#encoder?.close();
    this.#encoder = undefined;
  }

  /** With what is to be covered now, if it runs. */
  restart(): void {
    if (!this.#encoder) return;
    this.stop();
    this.#begin();
  }

  #handleEnded(): void {
    this.#encoder = undefined;
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** this.#failures);
    this.#noteFailure();
    this.#retry = setTimeout(() => {
      this.#begin();
      this.#options.onBroken();
    }, pauseMs);
  }

  #noteFailure(): void {
    this.#failures += 1;
    if (this.#failures !== FAULTY_AFTER) return;
    this.#isSeenToWork = false;
    this.#options.onFault(true);
  }

  /** A packet of the camera. */
  take(rtp: RtpPacket): void {
    const now = this.#options.now();
    if (this.#encoder && this.#lateness.isTooLate(now)) {
      this.#noteFailure();
      this.restart();
      this.#options.onBroken();
    }
    const encoder = this.#encoder;
    if (!encoder) return;
    const view = rtp.getPayload();
    const payload = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    // One with nothing but padding is one of the row as well.
    const sequence = rtp.getSequenceNumber();
    for (const one of this.#order.push(sequence, { payload, marker: rtp.getMarker(), sequence }, now)) {
      const isContinuous = this.#lastIn === undefined || (this.#lastIn + 1) % 0x1_0000 === one.sequence;
      this.#lastIn = one.sequence;
      const chunks = this.#stream.push(one.payload, { marker: one.marker, isContinuous });
      this.#follow(chunks, { marker: one.marker, isContinuous });
      encoder.write(chunks);
    }
    if (!this.#needsKeyframe || now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.#options.onBroken();
  }

  /** Takes note of what goes in: where pictures end, and which of them need others that are missing. */
  #follow(
    chunks: readonly Buffer[],
    { marker, isContinuous }: { marker: boolean; isContinuous: boolean },
  ): void {
    const types = chunks.map(([first = 0]) => first & 0x1f);
    if (!isContinuous) this.#needsKeyframe = true;
    if (types.includes(IDR_SLICE)) this.#needsKeyframe = false;
    this.#picture.isTorn ||= !isContinuous;
    this.#picture.hasBegun ||= types.some((type) => type >= FIRST_SLICE && type <= IDR_SLICE);
    if (!marker) return;
    // Of one that is torn, nobody knows what ffmpeg makes.
    if (this.#picture.hasBegun && !this.#picture.isTorn) this.#lateness.noteIn(this.#options.now());
    this.#picture = { hasBegun: false, isTorn: false };
  }

  /** A picture that ffmpeg has made, into the stream that goes on when another ffmpeg takes its place. */
  #show({ units, atMs }: EncodedPicture): void {
    const { ssrc, payloadType, send, sendReport } = this.#options;
    const now = this.#options.now();
    this.#failures = 0;
    if (!this.#isSeenToWork) this.#options.onFault(false);
    this.#isSeenToWork = true;
    // Who watches waits for one of now rather than see what was.
    if (this.#lateness.noteOut(now) > MAX_LATE_MS) this.#isBehind = true;
    else if (units.some(([first = 0]) => (first & 0x1f) === IDR_SLICE)) this.#isBehind = false;
    if (this.#isBehind) return;
    const before = this.#sent;
    const pausedMs = before.atMs === 0 ? 0 : now - before.atMs;
    this.#zeroTicks ??=
      before.ticks + Math.max(GAP_TICKS, Math.round(pausedMs * TICKS_PER_MS)) - atMs * TICKS_PER_MS;
    // No two pictures have one tick, also when ffmpeg has read two at once.
    const ticks = Math.max(this.#zeroTicks + atMs * TICKS_PER_MS, before.ticks + 1);
    const packets = toPackets(units, { payloadType, ssrc, sequence: before.sequence, ticks });
    const sequence = before.sequence + packets.length;
    const bytes = packets.reduce((sum, { length }) => sum + length, before.bytes);
    this.#sent = { ...before, sequence, ticks, bytes, packets: before.packets + packets.length, atMs: now };
    for (const packet of packets) send(packet);
    if (now - this.#sent.reportedAt < REPORT_EVERY_MS) return;
    this.#sent.reportedAt = now;
    sendReport(toSenderReport({ ssrc, now, ticks, packets: this.#sent.packets, bytes }));
  }
}
