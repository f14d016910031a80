import type { Producer } from 'mediasoup/types';
import { JumpMender } from './jump-mender.ts';

/** Each producer is asked once in this time: a gap of a second is seen within two. */
const ROUND_MS = 1_000;
/** A round is spread over this many ticks, so that the worker never gets all questions at once. */
const TICKS_PER_ROUND = 4;

interface Entry {
  producer: Producer;
  onPackets: (packets: number) => void;
  asked: boolean;
}

/**
 * Asks producers how many packets they have got, and mends what it sees of jumps on the way. Only for those with a single
 * encoding: of simulcast, the worker tells by itself (and for free) when a layer stops. A question costs the worker some
 * 30 µs.
 */
export class PacketPoller implements Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #timer: NodeJS.Timeout;
  readonly #jumps = new JumpMender();
  #cursor: string[] = [];

  constructor() {
    this.#timer = setInterval(() => this.#tick(), ROUND_MS / TICKS_PER_ROUND);
    this.#timer.unref();
  }

  /** Starts asking; the returned function stops it. */
  add(producer: Producer, onPackets: (packets: number) => void): () => void {
    this.#entries.set(producer.id, { producer, onPackets, asked: false });
    return () => this.#entries.delete(producer.id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#entries.clear();
  }

  #tick(): void {
    if (this.#cursor.length === 0) this.#cursor = [...this.#entries.keys()];
    const batch = this.#cursor.splice(0, Math.ceil(this.#entries.size / TICKS_PER_ROUND));
    for (const id of batch) {
      const entry = this.#entries.get(id);
      if (entry && !entry.asked && !entry.producer.closed) void this.#ask(entry);
    }
  }

  async #ask(entry: Entry): Promise<void> {
    entry.asked = true;
    try {
      const stats = await entry.producer.getStats();
      // Whoever had asked may have left while the answer was on its way.
      if (this.#entries.get(entry.producer.id) !== entry) return;
      this.#jumps.look(entry.producer, stats);
      entry.onPackets(stats.reduce((sum, stat) => sum + stat.packetCount, 0));
    } catch {
      // Closed meanwhile, with its transport or its worker; whoever closed it has told its owner.
    } finally {
      entry.asked = false;
    }
  }
}
