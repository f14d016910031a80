import type { Browser, Page } from 'playwright-core';
import { signIn } from '../e2e/fixtures/browser.ts';
import { installBeat } from './beat.ts';

const TYPED = 'камера 4 хмельницький';
/** How often it is typed and taken away again, letter by letter. */
const TURNS = 3;

/** What a keystroke cost the page, in milliseconds. */
export interface Keystroke {
  /** The longest time for which the page's thread did nothing else, until the results were on the screen. */
  heldMs: number;
  /** Until the frame with the letter, and until the last one in which the wall changed. */
  echoMs: number;
  doneMs: number;
}

interface Typing {
  /** Every letter, and its loss again. */
  keys: Keystroke[];
  /** The longest holds while nobody types, for as long as a keystroke is given. */
  idleMs: number[];
}

/** Types in the search of a wall, letter by letter, and measures what each letter costs. `usable`: the wall is drawn. */
export async function typeInSearch(
  browser: Browser,
  origin: string,
  { prepare, usable }: { prepare(page: Page): Promise<void>; usable(page: Page): Promise<unknown> },
): Promise<Typing> {
  await using console = await signIn(browser, origin, 'situation', { prepare });
  const { page } = console;
  await usable(page);
  await installBeat(page);
  await page.evaluate(watchTyping);
  await page.getByRole('searchbox').focus();
  const keys: Keystroke[] = [];
  const idleMs: number[] = [];
  const press = async (act: () => Promise<void>) => {
    await act();
    keys.push((await page.evaluate('vartaTyping.last()')) as Keystroke);
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    idleMs.push(Number(await page.evaluate('vartaTyping.idle()')));
    for (const letter of TYPED) await press(() => page.keyboard.insertText(letter));
    for (const _ of TYPED) await press(() => page.keyboard.press('Backspace'));
  }
  return { keys, idleMs };
}

/** In the page: `last()` is fulfilled when nothing has changed for a while after the last keystroke. */
function watchTyping(): void {
  const { vartaBeat } = window as unknown as { vartaBeat: { restart(): void; heldMs(): number } };
  const SETTLED_MS = 150;
  let [beganMs, echoMs, doneMs] = [0, 0, 0];
  /** The task after the callback comes when the frame has been drawn. */
  const afterFrame = (act: () => void) => requestAnimationFrame(() => setTimeout(act));
  const begin = () => {
    beganMs = performance.now();
    [echoMs, doneMs] = [0, 0];
    vartaBeat.restart();
    afterFrame(() => {
      echoMs = performance.now() - beganMs;
      doneMs = Math.max(doneMs, echoMs);
    });
  };
  addEventListener('input', begin, { capture: true });
  new MutationObserver(() => {
    if (beganMs === 0) return;
    afterFrame(() => {
      doneMs = performance.now() - beganMs;
    });
  }).observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true });
  const settled = async () => {
    while (echoMs === 0 || performance.now() - beganMs - doneMs < SETTLED_MS)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  Reflect.set(globalThis, 'vartaTyping', {
    last: async () => {
      await settled();
      return { heldMs: vartaBeat.heldMs(), echoMs, doneMs };
    },
    /** The same for as long as nobody types. */
    idle: async () => {
      vartaBeat.restart();
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      return vartaBeat.heldMs();
    },
  });
}
