/**
 * A strip of black and white blocks in the bottom left corner of every sample picture, by which a program can tell
 * which area it sees and whether the picture moves. It has no imports, so that it runs in a page as well.
 *
 * 32 blocks in two rows of 16, most significant bit first: area index (16 bits), frame counter (8), CRC-8 of the 24
 * bits before it (8). Blocks are 4 × 4 pixels in a picture 320 pixels wide, and scale with the width.
 */

/** What a picture says of itself. */
export interface PixelCode {
  /** Position of the area in the nation file, 0 to 65,535. */
  areaIndex: number;
  /** Number of the frame within its loop, 0 to 255. */
  frame: number;
}

/** A picture: one byte a pixel (luma), or four (RGBA, as a canvas gives it), row by row. */
export interface PixelImage {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
}

const REFERENCE_WIDTH = 320;
const BLOCK = 4;
const COLUMNS = 16;
const ROWS = 2;
const LEFT = 8;
/** Distance from the bottom edge of the picture to the bottom of the strip. */
const BELOW = 4;

/** Luma of a zero and of a one: far enough apart to survive a low bitrate, near enough to be discreet. */
const DARK = 24;
const LIGHT = 150;
/** Blocks that differ by less are not a strip. */
const LEAST_CONTRAST = 50;

/** Writes the code into a luma plane. */
export function drawCode(
  plane: { readonly data: Uint8Array; readonly width: number; readonly height: number },
  code: PixelCode,
): void {
  const bits = toBits(code);
  const block = blockSize(plane.width);
  const { x, y } = origin(plane);
  for (let row = 0; row < ROWS * block; row++) {
    const line = (y + row) * plane.width + x;
    const rank = Math.floor(row / block) * COLUMNS;
    for (let column = 0; column < COLUMNS; column++) {
      const isOne = (bits >>> (31 - rank - column)) & 1;
      plane.data.fill(isOne ? LIGHT : DARK, line + column * block, line + (column + 1) * block);
    }
  }
}

/** Reads the code; undefined where there is none that can be trusted. */
export function readCode(image: PixelImage): PixelCode | undefined {
  const lumas: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) lumas.push(blockLuma(image, column, row));
  }
  const darkest = Math.min(...lumas);
  const lightest = Math.max(...lumas);
  if (!(lightest - darkest >= LEAST_CONTRAST)) return undefined;
  const threshold = (darkest + lightest) / 2;
  let bits = 0;
  for (const luma of lumas) bits = (bits << 1) | (luma > threshold ? 1 : 0);
  return fromBits(bits >>> 0);
}

function toBits({ areaIndex, frame }: PixelCode): number {
  const payload = ((areaIndex & 0xffff) << 8) | (frame & 0xff);
  return ((payload << 8) | crc8(payload)) >>> 0;
}

function fromBits(bits: number): PixelCode | undefined {
  const payload = bits >>> 8;
  if (crc8(payload) !== (bits & 0xff)) return undefined;
  return { areaIndex: payload >>> 8, frame: payload & 0xff };
}

/** CRC-8 (polynomial 0x07) over 24 bits. It starts at 0xa5, so that no code is all dark or all light. */
function crc8(payload: number): number {
  let crc = 0xa5;
  for (const shift of [16, 8, 0]) {
    crc ^= (payload >>> shift) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

function blockSize(width: number): number {
  return Math.max(1, Math.round((BLOCK * width) / REFERENCE_WIDTH));
}

function origin({ width, height }: { width: number; height: number }): { x: number; y: number } {
  const scale = width / REFERENCE_WIDTH;
  return {
    x: Math.round(LEFT * scale),
    y: height - Math.round(BELOW * scale) - ROWS * blockSize(width),
  };
}

/** Mean luma of the inner half of a block, away from the edges that compression smears. */
function blockLuma(image: PixelImage, column: number, row: number): number {
  const block = blockSize(image.width);
  const { x, y } = origin(image);
  const inset = Math.floor(block / 4);
  let sum = 0;
  let count = 0;
  for (let dy = inset; dy < block - inset; dy++) {
    for (let dx = inset; dx < block - inset; dx++) {
      const pixel = (y + row * block + dy) * image.width + x + column * block + dx;
      sum += lumaAt(image, pixel);
      count++;
    }
  }
  return sum / count;
}

/** Green stands for luma in RGBA: the strip is grey. NaN outside the picture. */
function lumaAt(image: PixelImage, pixel: number): number {
  return image.data[image.channels === 1 ? pixel : pixel * 4 + 1] ?? Number.NaN;
}
