/** Colour as eyes and WCAG see it: light of red, green and blue, from 0 to 1. */
export type Light = readonly [red: number, green: number, blue: number];

export type Theme = 'dark' | 'light';

/** What a token of a theme is painted as, over what lies below it. The browser does the sums. */
export function tokenLight(theme: Theme, name: `--${string}`, below: Light = [0, 0, 0]): Light {
  const { documentElement: root } = document;
  root.dataset.theme = theme;
  const value = getComputedStyle(root).getPropertyValue(name).trim();
  if (value === '') throw new Error(`there is no token ${name}`);
  const context = canvas(1).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.fillStyle = `rgb(${below.map((light) => Math.round(255 * fromLight(light))).join(' ')})`;
  context.fillRect(0, 0, 1, 1);
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [toLight(red / 255), toLight(green / 255), toLight(blue / 255)];
}

/** WCAG 2.2: 1 is no contrast, 21 is black on white. */
export function contrast(first: Light, second: Light): number {
  const [dark = 0, bright = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

export function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0: what is left of colours to those who lack a kind of cone. */
const VISION = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;
export type Vision = keyof typeof VISION;

export function seenWith(vision: Vision, [red, green, blue]: Light): Light {
  const row = ([a, b, c]: readonly [number, number, number]) =>
    Math.min(1, Math.max(0, a * red + b * green + c * blue));
  const [first, second, third] = VISION[vision];
  return [row(first), row(second), row(third)];
}

/** Distance in OKLab (Ottosson 2020); 0.02 is what one can just tell side by side. */
export function distance(first: Light, second: Light): number {
  const [a, b] = [oklab(first), oklab(second)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function oklab([red, green, blue]: Light): Light {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** IEC 61966-2-1, both ways. */
function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fromLight(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

export function canvas(size: number): HTMLCanvasElement {
  const made = document.createElement('canvas');
  made.width = size;
  made.height = size;
  return made;
}
