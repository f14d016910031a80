/** Nobody has taken it; or else any that is open. */
const STATES = ['[data-flag="raised"]', '[data-flag-id]'];

/** Where an alarm may be: in the zone beside the pictures, or else on a page that is made of them. */
const CARDS = STATES.flatMap((state) => ['#alarm-list', 'main'].map((within) => `${within} article${state}`));

/** In a hand the zone is one line, which opens it. */
const FOLDED = '[aria-controls="alarm-list"]';

/**
 * Puts the keyboard on what can be done first with the first alarm that nobody has taken; when all are taken, with the first
 * of them. `false` where there is none.
 */
export function focusAlarm(): boolean {
  for (const place of [...CARDS.map((card) => `${card} [data-actions] button:enabled`), FOLDED]) {
    const found = [...document.querySelectorAll<HTMLElement>(place)].find((one) => one.checkVisibility());
    if (!found) continue;
    found.focus();
    return true;
  }
  return false;
}
