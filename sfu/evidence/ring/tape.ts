import type { Picture } from '../picture.ts';
import { PictureAssembler } from '../picture-assembler.ts';
import { PacketOrder } from './packet-order.ts';
import { type KeptPacket, PacketStore } from './packet-store.ts';
import type { TapeParts } from './ring-messages.ts';
import { SrtpOpener } from './srtp-opener.ts';

/** What is told of a keyframe and the keyframe itself come different ways. Milliseconds. */
const MARK_SLACK_MS = 1_000;
/** A run from one keyframe to the next is not kept for longer than this beyond what was asked for. Milliseconds. */
const MAX_RUN_MS = 20_000;
const FIXED_HEADER_BYTES = 12;

/** Packets of one stream, and who wants its pictures. */
export class Tape {
  readonly parts: TapeParts;
  readonly store = new PacketStore();
  readonly #onBroken: () => void;
  readonly #order = new PacketOrder();
  readonly #readers = new Map<number, TapeReader>();
  /** When keyframes came that may still be kept; milliseconds since 1970. */
  #keyframesMs: number[] = [];
  #isEnded = false;

  constructor(parts: TapeParts, onBroken: () => void) {
    this.parts = parts;
    this.#onBroken = onBroken;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Where a datagram stands in the stream; nothing for what is none of its packets. */
  place(packet: Buffer, atMs: number): KeptPacket | undefined {
    if (this.#isEnded || !isRtpOf(packet, this.parts.ssrc)) return undefined;
    const { rollovers, isBroken } = this.#order.see(packet.readUInt16BE(2), atMs);
    if (isBroken) this.#onBroken();
    return { packet, atMs, rollovers };
  }

  /** The pictures that are whole with this packet, for each of those who want them. */
  *give(kept: KeptPacket): Generator<{ taker: number; pictures: Picture[] }> {
    for (const [taker, reader] of this.#readers) {
      const pictures = reader.read(kept);
      if (pictures.length > 0) yield { taker, pictures };
    }
  }

  /** Pictures of all that is kept; a taker who joins gets those that come as well, until he leaves. */
  join(taker: number): Picture[] {
    const reader = new TapeReader(this.parts, this.#onBroken);
    const pictures = [...this.store.read()].flatMap((kept) => reader.read(kept));
    if (this.#isEnded) reader[Symbol.dispose]();
    else this.#readers.set(taker, reader);
    return pictures;
  }

  leave(taker: number): void {
    this.#readers.get(taker)?.[Symbol.dispose]();
    this.#readers.delete(taker);
  }

  noteKeyframe(atMs: number): void {
    this.#keyframesMs.push(atMs);
  }

  /** Forgets what came before the last keyframe at or before an instant (milliseconds since 1970). */
  forgetBefore(atMs: number): void {
    const start = this.#keyframesMs.findLast((keyframeMs) => keyframeMs <= atMs) ?? -Infinity;
    const fromMs = Math.max(start - MARK_SLACK_MS, atMs - MAX_RUN_MS);
    this.store.forgetBefore(fromMs);
    this.#keyframesMs = this.#keyframesMs.filter((keyframeMs) => keyframeMs >= fromMs);
  }

  /** Nothing comes any more; what is kept stays. */
  end(): void {
    this.#isEnded = true;
    for (const taker of [...this.#readers.keys()]) this.leave(taker);
  }
}

/** One taker's way from packets to pictures. */
class TapeReader implements Disposable {
  readonly #opener: SrtpOpener;
  readonly #assembler: PictureAssembler;

  constructor({ key, codec }: TapeParts, onBroken: () => void) {
    this.#opener = new SrtpOpener(key);
    this.#assembler = new PictureAssembler(codec, onBroken);
  }

  read({ packet, atMs, rollovers }: KeptPacket): Picture[] {
    const opened = this.#opener.open(packet, rollovers);
    return opened ? this.#assembler.push(opened, { atMs, layer: undefined }) : [];
  }

  [Symbol.dispose](): void {
    this.#opener[Symbol.dispose]();
  }
}

/** RTP of this source, and no RTCP, which comes to the same port (RFC 5761, 4). */
function isRtpOf(packet: Buffer, ssrc: number): boolean {
  if (packet.length < FIXED_HEADER_BYTES || (packet[0] ?? 0) >> 6 !== 2) return false;
  const type = (packet[1] ?? 0) & 0x7f;
  return (type < 64 || type > 95) && packet.readUInt32BE(8) === ssrc;
}
