/** A colour as deck.gl takes it: red, green, blue, opacity, each from 0 to 255. */
export type Rgba = [number, number, number, number];

/** Colours of the map, read from the design tokens; there is no other place where a colour has its value. */
const TOKENS = {
  ground: '--ground',
  country: '--map-country',
  region: '--map-region',
  regionChosen: '--map-region-chosen',
  line: '--map-line',
  lineChosen: '--text-2',
  highlight: '--map-highlight',
  highlightStrong: '--map-highlight-strong',
  noData: '--no-data-ground',
  stroke: '--line-strong',
  text: '--text-2',
  textStrong: '--text',
  calm: '--text-2',
  outside: '--line-strong',
  chosen: '--focus',
  unseen: '--text',
  1: '--level-1',
  2: '--level-2',
  3: '--level-3',
  4: '--level-4',
} as const;

export type Palette = Readonly<Record<keyof typeof TOKENS, Rgba>>;

/** Lets the browser resolve each token to numbers; tokens are in OKLCH, deck.gl wants sRGB. */
export function readPalette(root: HTMLElement): Palette {
  const style = getComputedStyle(root);
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D canvas');
  const toRgba = (token: string): Rgba => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = style.getPropertyValue(token).trim();
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha];
  };
  return Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => [name, toRgba(token)]),
  ) as unknown as Palette;
}
