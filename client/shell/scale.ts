/** The desk that `--scale` 1 stands for, in CSS pixels. */
const DESK = { width: 1920, height: 1080 };
const SMALLEST = 0.75;
const LARGEST = 4;

/**
 * Size of the text against a desk at arm's length. What the URL says (`?scale=1.5`, the number of an enrolled display),
 * else the screen's size: a screen of four times the pixels is a wall that is read from farther away. Never smaller than
 * on the desk, or a phone could not be read.
 */
export function chooseScale(wish: string | null, screen: { width: number; height: number }): number {
  const asked = Number(wish);
  if (wish !== null && Number.isFinite(asked) && asked > 0)
    return Math.min(LARGEST, Math.max(SMALLEST, asked));
  const fit = Math.min(screen.width / DESK.width, screen.height / DESK.height);
  return Math.min(LARGEST, Math.max(1, fit));
}

/** Keeps the scale in step with the window. */
export function applyScale(window: Window, query: URLSearchParams): void {
  const wish = query.get('scale');
  const apply = () => {
    const scale = chooseScale(wish, { width: window.innerWidth, height: window.innerHeight });
    window.document.documentElement.style.setProperty('--scale', scale.toFixed(3));
  };
  apply();
  window.addEventListener('resize', apply);
}
