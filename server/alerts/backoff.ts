/** Attempts of a message, over some forty minutes; then it is given up. */
export const MAX_ATTEMPTS = 12;

const FIRST_MS = 1_000;
const LONGEST_MS = 600_000;

/** How long to wait after so many attempts that failed, from 1; `lot` (0 to 1) spreads it by a fifth either way. */
export function backoffMs(attempts: number, lot: number): number {
  const plainMs = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return Math.round(plainMs * (0.8 + 0.4 * lot));
}
