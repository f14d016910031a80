/** Attempts to get another transport beside the present one. */
export interface MoveAttempts extends Disposable {
  /** One is under way. */
  readonly isUnderWay: boolean;
  /** How many were refused in a row. */
  readonly refused: number;
  /** Asks, unless it is being asked already. */
  begin(): void;
  /** The other transport is there. */
  handleDone(): void;
  /** There is none to be had now; asks again later. */
  handleRefused(): void;
  /** What is under way will not be answered. */
  abandon(): void;
}

/** Between attempts that were refused, growing up to the second figure. */
const RETRY_MS = 1_000;
const RETRY_AT_MOST_MS = 30_000;

export function createMoveAttempts(ask: () => void, mayAsk: () => boolean): MoveAttempts {
  let isUnderWay = false;
  let refused = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    if (isUnderWay || !mayAsk()) return;
    isUnderWay = true;
    clearTimeout(timer);
    ask();
  }

  return {
    get isUnderWay() {
      return isUnderWay;
    },
    get refused() {
      return refused;
    },
    begin,
    handleDone() {
      isUnderWay = false;
      refused = 0;
    },
    handleRefused() {
      isUnderWay = false;
      timer = setTimeout(begin, Math.min(RETRY_AT_MOST_MS, RETRY_MS * 2 ** refused));
      refused += 1;
    },
    abandon() {
      isUnderWay = false;
      clearTimeout(timer);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
