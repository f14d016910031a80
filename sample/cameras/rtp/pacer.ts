/** Gives every camera its turn once a frame time, spread evenly, from one timer. */
export interface Pacer extends Disposable {
  /** From now on `turn` is called once a frame time, until the returned function is called. */
  add(turn: Turn): () => void;
}

/** `dueMs`: when the turn was due, in milliseconds since the epoch, by a clock that never jumps. */
export type Turn = (dueMs: number) => void;

/** The turns of a frame time are spread over this many moments: some 4 ms each at 15 frames a second. */
const SLOTS = 16;

interface PacerClock {
  /** Milliseconds since the epoch, never going back. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout | undefined): void;
}

const MONOTONIC_CLOCK: PacerClock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * A wheel of slots. Each camera has one, the emptiest when it came, so that hundreds of cameras never send at once.
 * After a pause of the process nobody is called twice to catch up: pictures come later, never in a burst.
 */
export function createPacer(
  framesPerSecond: number,
  { onError, clock = MONOTONIC_CLOCK }: { onError(error: unknown): void; clock?: PacerClock },
): Pacer {
  const slotMs = 1000 / framesPerSecond / SLOTS;
  const slots = Array.from({ length: SLOTS }, () => new Set<Turn>());
  let members = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Number, since the epoch, of the last slot that had its turn. */
  let last = 0;

  function run(): void {
    const current = Math.floor(clock.now() / slotMs);
    for (let slot = Math.max(last + 1, current - SLOTS + 1); slot <= current; slot++) {
      last = slot;
      for (const turn of slots[slot % SLOTS] ?? []) takeTurn(turn, slot * slotMs);
    }
    schedule();
  }

  /** A camera that fails does not take the others with it. */
  function takeTurn(turn: Turn, dueMs: number): void {
    try {
      turn(dueMs);
    } catch (error) {
      onError(error);
    }
  }

  function schedule(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    if (members === 0) return;
    let following = last + 1;
    while (slots[following % SLOTS]?.size === 0) following++;
    // Timers count whole milliseconds; a little late is better than once too early and once again.
    timer = clock.setTimeout(run, Math.max(1, Math.ceil(following * slotMs - clock.now())));
  }

  return {
    add(turn) {
      const slot = slots.reduce((emptiest, other) => (other.size < emptiest.size ? other : emptiest));
      slot.add(turn);
      members++;
      if (timer === undefined) last = Math.floor(clock.now() / slotMs);
      // The new one's turn may be the next.
      schedule();
      return () => {
        if (slot.delete(turn)) members--;
      };
    },
    [Symbol.dispose]() {
      clock.clearTimeout(timer);
      timer = undefined;
      for (const slot of slots) slot.clear();
      members = 0;
    },
  };
}
