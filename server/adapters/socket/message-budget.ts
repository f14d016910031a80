/** A bucket of messages that refills: `perSecond` for long, `burst` at once. Pure but for its own count. */
export interface MessageBudget {
  /** False when there is no message left at this instant (milliseconds). */
  take(nowMs: number): boolean;
}

export function createMessageBudget({
  perSecond,
  burst,
  nowMs,
}: {
  perSecond: number;
  burst: number;
  nowMs: number;
}): MessageBudget {
  let left = burst;
  let at = nowMs;
  return {
    take: (now) => {
      left = Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
