import { GRANT_LEEWAY_SECONDS } from '#contract/grants.ts';

/** A country's servers that all connect anew at once, several times over. */
const MAX_REMEMBERED = 10_000;

/**
 * Remembers grants that are good for one use until they have run out: who shows one again has read it on its way. Only
 * what is rightly signed gets in here; beyond a number the oldest is forgotten, and its seconds end it.
 */
export class ShownGrants {
  readonly #now: () => number;
  /** Number of a grant → its end, in seconds since 1970. */
  readonly #ends = new Map<string, number>();

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#ends.size;
  }

  /** Takes note of a grant; `false` when it was shown before. */
  accept({ jti, exp }: { jti: string; exp: number }): boolean {
    const nowS = this.#now() / 1000;
    if (this.#ends.has(jti)) return false;
    for (const [known, end] of this.#ends)
      if (end + GRANT_LEEWAY_SECONDS < nowS || this.#ends.size >= MAX_REMEMBERED) this.#ends.delete(known);
      else break;
    this.#ends.set(jti, exp);
    return true;
  }
}
