import { randomInt } from 'node:crypto';
import type { RtpPacket } from 'rtp.js/packets';
import type { MaskRegion } from '#contract/nation.ts';
import { AnnexB } from './annex-b.ts';
import { Lateness } from './lateness.ts';
import { MaskEncoder } from './mask-encoder.ts';
import { PacketOrder } from './packet-order.ts';

const CLOCK_HZ = 90_000;
/** Between the last picture of one ffmpeg and the first of the next: one picture at 15 a second. */
const GAP_TICKS = 6_000;
/** While the camera's picture is broken, it is asked this often for one that stands by itself. Milliseconds. */
const ASK_EVERY_MS = 1_000;
/** Types of NAL units that are part of a picture, and the one that begins anew (H.264 table 7-1). */
const FIRST_SLICE = 1;
const IDR_SLICE = 5;

interface MaskedLayerOptions {
  ffmpegBin: string;
  /** Where this process listens for what ffmpeg sends. */
  port: number;
  payloadType: number;
  ssrc: number;
  maxBps: number;
  regions(): readonly MaskRegion[];
  send(packet: Buffer): void;
  sendReport(packet: Buffer): void;
  /** Something of the camera's picture was lost, or nothing has come yet: a keyframe is needed. */
  onBroken(): void;
  onEnded(): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Taken {
  payload: Buffer;
  marker: boolean;
  sequence: number;
}

/** What one ffmpeg sends, on its way into the stream that goes on when another takes its place. */
interface Rewriting {
  /** SSRC of this ffmpeg alone: what another one had on its way is not taken for its own. */
  ssrc: number;
  sequence: number | undefined;
  ticks: number;
}

/**
 * One layer of a masked feed: packets in, ffmpeg, packets out. The stream that goes out keeps its numbers and its clock
 * when ffmpeg is replaced, so that whoever watches sees a picture that is late and not one that broke. An ffmpeg that is
 * too far behind is replaced, and with it goes what it had not drawn over yet.
 */
export class MaskedLayer {
  readonly #options: MaskedLayerOptions;
  #encoder: MaskEncoder | undefined;
  #order = new PacketOrder<Taken>();
  #stream = new AnnexB();
  #lateness = new Lateness();
  #lastIn: number | undefined;
  #needsKeyframe = true;
  #askedAt = 0;
  /** Of the picture that is coming in: whether anything of it has come, and whether something is missing. */
  #picture = { hasBegun: false, isTorn: false };
  #rewriting: Rewriting | undefined;
  #sent = { sequence: randomInt(0x1_0000), ticks: randomInt(0x1_0000_0000), atMs: 0 };

  constructor(options: MaskedLayerOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#encoder?.pid;
  }

  /** Begins, if it does not run; whether it did. */
  start(): boolean {
    if (this.#encoder) return false;
    const { ffmpegBin, port, payloadType, maxBps, regions, onEnded } = this.#options;
    this.#order = new PacketOrder();
    this.#stream = new AnnexB();
    this.#lateness = new Lateness();
    this.#lastIn = undefined;
    this.#picture = { hasBegun: false, isTorn: false };
    // Whoever starts it asks.
    this.#needsKeyframe = true;
    this.#askedAt = this.#options.now();
    const ssrc = randomInt(1, 0x7fff_ffff);
    this.#rewriting = { ssrc, sequence: undefined, ticks: 0 };
    this.#encoder = new MaskEncoder({
      ffmpegBin,
      port,
      payloadType,
      maxBps,
      ssrc,
      regions: regions(),
      onEnded: () => {
        this.stop();
        onEnded();
      },
    });
    return true;
  }

  stop(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
    this.#rewriting = undefined;
  }

  /** With what is to be covered now, if it runs. */
  restart(): void {
    if (!this.#encoder) return;
    this.stop();
    this.start();
  }

  /** A packet of the camera. */
  take(rtp: RtpPacket): void {
    const now = this.#options.now();
    if (this.#encoder && this.#lateness.isTooLate(now)) {
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

  /** A packet that came from some ffmpeg; whether it was from this one's. */
  pass(packet: Buffer): boolean {
    const rewriting = this.#rewriting;
    if (!rewriting || packet.length < 12) return false;
    const type = packet[1] ?? 0;
    if (type >= 192 && type <= 223) return this.#passReport(packet, rewriting);
    if (packet.readUInt32BE(8) !== rewriting.ssrc) return false;
    const sequence = packet.readUInt16BE(2);
    const ticks = packet.readUInt32BE(4);
    if (rewriting.sequence === undefined) {
      const sent = this.#sent;
      const pausedMs = sent.atMs === 0 ? 0 : this.#options.now() - sent.atMs;
      const gap = Math.max(GAP_TICKS, Math.round((pausedMs * CLOCK_HZ) / 1_000));
      rewriting.sequence = (sent.sequence + 1 - sequence + 0x1_0000) % 0x1_0000;
      rewriting.ticks = (sent.ticks + gap - ticks + 2 * 0x1_0000_0000) % 0x1_0000_0000;
    }
    this.#sent = {
      sequence: (sequence + rewriting.sequence) % 0x1_0000,
      ticks: (ticks + rewriting.ticks) % 0x1_0000_0000,
      atMs: this.#options.now(),
    };
    // The marker: the last packet of a picture.
    if (type >= 128) this.#lateness.noteOut(this.#sent.atMs);
    packet.writeUInt16BE(this.#sent.sequence, 2);
    packet.writeUInt32BE(this.#sent.ticks, 4);
    packet.writeUInt32BE(this.#options.ssrc, 8);
    this.#options.send(packet);
    return true;
  }

  /** A sender report says which instant belongs to which tick; by it a receiver changes between layers. */
  #passReport(packet: Buffer, { ssrc, sequence, ticks }: Rewriting): boolean {
    if (packet.readUInt32BE(4) !== ssrc) return false;
    // The one before the first packet has no tick of ours yet; another follows within seconds.
    if (packet[1] !== 200 || packet.length < 28 || sequence === undefined) return true;
    const report = Buffer.from(packet.subarray(0, 28));
    report[0] = 0x80;
    report.writeUInt16BE(6, 2);
    report.writeUInt32BE(this.#options.ssrc, 4);
    report.writeUInt32BE((report.readUInt32BE(16) + ticks) % 0x1_0000_0000, 16);
    this.#options.sendReport(report);
    return true;
  }
}
