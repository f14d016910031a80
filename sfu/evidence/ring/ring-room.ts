import type { FromRingThread, TapedPicture, ToRingThread } from './ring-messages.ts';
import { Tape } from './tape.ts';

/** What there is of one feed. */
interface Line {
  tapes: Tape[];
  takers: Set<number>;
  /** Says what is kept; undefined while nothing is. */
  bytes: Int32Array | undefined;
}

/** All that the thread of rings holds: packets as they come, encrypted. Pictures are made only for those who join. */
export class RingRoom {
  readonly #tell: (message: FromRingThread) => void;
  readonly #lines = new Map<number, Line>();
  readonly #tapes = new Map<number, Tape>();
  readonly #byPort = new Map<number, Tape>();
  #bounds = { preMs: 0, bytes: 0 };

  constructor(tell: (message: FromRingThread) => void) {
    this.#tell = tell;
  }

  /** Datagrams from any other port than that of a tape are dropped, and what else is not of it. `atMs`: since 1970. */
  handleDatagram(datagram: Buffer, port: number, atMs: number): void {
    const tape = this.#byPort.get(port);
    const line = tape && this.#lines.get(tape.parts.line);
    const kept = line && tape.place(datagram, atMs);
    if (!kept) return;
    for (const { taker, pictures } of tape.give(kept)) this.#give(taker, toTaped(tape, pictures));
    if (line.bytes && tape.store.add(kept)) this.#bound(line);
  }

  handle(message: ToRingThread, nowMs: number): void {
    switch (message.type) {
      case 'begin':
        this.#begin(message);
        break;
      case 'end':
        this.#end(message.tape);
        break;
      case 'keyframe':
        this.#tapes.get(message.tape)?.noteKeyframe(nowMs);
        break;
      case 'keep':
        this.#line(message.line).bytes = message.bytes;
        break;
      case 'wipe':
        this.#wipe(message.line);
        break;
      case 'join':
        this.#join(message, nowMs);
        break;
      case 'leave':
        this.#leave(message.taker);
        break;
      case 'bounds':
        this.#bounds = { preMs: message.preMs, bytes: message.bytes };
        break;
    }
  }

  /** Forgets what is too old. To be called about once a second. */
  forgetOld(nowMs: number): void {
    for (const [id, line] of this.#lines) {
      for (const tape of line.tapes) tape.forgetBefore(nowMs - this.#bounds.preMs);
      this.#tidy(id, line);
    }
  }

  #begin(parts: Extract<ToRingThread, { type: 'begin' }>): void {
    const { tape: id, port } = parts;
    const tape = new Tape(parts, () => this.#tell({ type: 'broken', tape: id }));
    const line = this.#line(parts.line);
    line.tapes.push(tape);
    this.#tapes.set(id, tape);
    this.#byPort.set(port, tape);
    for (const taker of line.takers) tape.join(taker);
  }

  #end(id: number): void {
    const tape = this.#tapes.get(id);
    if (!tape) return;
    tape.end();
    const { port, line: lineId } = tape.parts;
    if (this.#byPort.get(port) === tape) this.#byPort.delete(port);
    const line = this.#lines.get(lineId);
    if (line) this.#tidy(lineId, line);
  }

  #wipe(id: number): void {
    const line = this.#lines.get(id);
    if (!line) return;
    for (const { store } of line.tapes) store.wipe();
    count(line);
    line.bytes = undefined;
    this.#tidy(id, line);
  }

  #join({ taker, line: id, fromMs }: { taker: number; line: number; fromMs: number }, nowMs: number): void {
    const line = this.#line(id);
    line.takers.add(taker);
    const all = line.tapes.flatMap((tape) => toTaped(tape, tape.join(taker)));
    this.#give(taker, fromKeyframe(all, Math.max(fromMs, nowMs - this.#bounds.preMs)));
    this.#tell({ type: 'caught-up', taker });
  }

  #leave(taker: number): void {
    for (const [id, line] of this.#lines) {
      if (!line.takers.delete(taker)) continue;
      for (const tape of line.tapes) tape.leave(taker);
      this.#tidy(id, line);
    }
  }

  #line(id: number): Line {
    const known = this.#lines.get(id);
    if (known) return known;
    const line: Line = { tapes: [], takers: new Set(), bytes: undefined };
    this.#lines.set(id, line);
    return line;
  }

  #bound(line: Line): void {
    while (sumOf(line) > this.#bounds.bytes) {
      const oldest = line.tapes.find(({ store }) => store.bytes > 0);
      if (!oldest) break;
      oldest.store.forgetOldest();
    }
    count(line);
  }

  /** Lets go of what has ended and is empty. */
  #tidy(id: number, line: Line): void {
    count(line);
    for (const tape of line.tapes.filter((one) => one.isEnded && one.store.bytes === 0)) {
      this.#tapes.delete(tape.parts.tape);
      this.#tell({ type: 'gone', tape: tape.parts.tape });
    }
    line.tapes = line.tapes.filter(({ parts }) => this.#tapes.has(parts.tape));
    if (line.tapes.length === 0 && line.takers.size === 0 && !line.bytes) this.#lines.delete(id);
  }

  #give(taker: number, pictures: TapedPicture[]): void {
    if (pictures.length > 0) this.#tell({ type: 'pictures', taker, pictures });
  }
}

function toTaped({ parts: { tape } }: Tape, pictures: ReturnType<Tape['join']>): TapedPicture[] {
  return pictures.map((picture) => ({ ...picture, tape }));
}

/** From the last keyframe at or before an instant on; from the first, when all came later. */
function fromKeyframe(pictures: TapedPicture[], fromMs: number): TapedPicture[] {
  const before = pictures.findLastIndex(({ format, atMs }) => format !== undefined && atMs <= fromMs);
  const start = before === -1 ? pictures.findIndex(({ format }) => format !== undefined) : before;
  return start === -1 ? [] : pictures.slice(start);
}

function sumOf({ tapes }: Line): number {
  return tapes.reduce((sum, { store }) => sum + store.bytes, 0);
}

function count(line: Line): void {
  if (line.bytes) Atomics.store(line.bytes, 0, sumOf(line));
}
