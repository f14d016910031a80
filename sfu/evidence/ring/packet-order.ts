/** A packet that is missing is waited for no longer than this; nothing is sent again on the way from a media worker. */
const GAP_WAIT_MS = 400;
/** More than this is missing at once: it will not come. */
const MAX_MISSING = 600;

/** What a packet's number says. */
export interface PacketPlace {
  /** How often numbers have begun anew before it. */
  rollovers: number;
  /** Something before it was missed for so long that only a keyframe helps; told once. */
  isBroken: boolean;
}

/**
 * Follows the sequence numbers of one stream, of 16 bits, over their end (RFC 3711, 3.3.1), and sees what is missing. It
 * takes them as libsrtp does, which has encrypted them.
 */
export class PacketOrder {
  #next: number | undefined;
  readonly #missing = new Set<number>();
  #missingSinceMs = 0;

  /** The place of the next packet that comes. */
  see(sequence: number, atMs: number): PacketPlace {
    const next = this.#next ?? sequence;
    const ahead = (sequence - next) & 0xffff;
    const nearest = ahead < 0x8000 ? next + ahead : next + ahead - 0x1_0000;
    // Nothing is before the first number 0: what would be there is ahead (srtp_rdbx_estimate_index).
    const index = nearest < 0 ? nearest + 0x1_0000 : nearest;
    const isBroken = index < next ? this.#fill(index) : this.#goTo(index, next, atMs);
    this.#next = Math.max(next, index + 1);
    return { rollovers: Math.floor(index / 0x1_0000), isBroken: isBroken || this.#isOverdue(atMs) };
  }

  #fill(index: number): false {
    this.#missing.delete(index);
    return false;
  }

  #goTo(index: number, next: number, atMs: number): boolean {
    if (index === next) return false;
    if (this.#missing.size === 0) this.#missingSinceMs = atMs;
    if (this.#missing.size + index - next > MAX_MISSING) {
      this.#missing.clear();
      return true;
    }
    for (let one = next; one < index; one++) this.#missing.add(one);
    return false;
  }

  #isOverdue(atMs: number): boolean {
    if (this.#missing.size === 0 || atMs - this.#missingSinceMs < GAP_WAIT_MS) return false;
    this.#missing.clear();
    return true;
  }
}
