/** A grey picture: one byte a pixel, row by row. */
export interface LumaPlane {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A point in pixels, from the top left corner. */
export type Point = readonly [x: number, y: number];

/** A colour that runs from one luma at a shape's top to another at its bottom. */
export type Shade = number | readonly [top: number, bottom: number];

/** A black picture. */
export function createPlane(width: number, height: number): LumaPlane {
  return { data: new Uint8Array(width * height), width, height };
}

/** Fills a convex or concave polygon (even-odd), without smoothing: backgrounds are drawn larger and then halved. */
export function fillPolygon(plane: LumaPlane, points: readonly Point[], shade: Shade): void {
  const ys = points.map(([, y]) => y);
  const top = Math.min(...ys);
  const bottom = Math.max(...ys);
  const firstRow = Math.max(0, Math.ceil(top - 0.5));
  const lastRow = Math.min(plane.height - 1, Math.floor(bottom - 0.5));
  for (let row = firstRow; row <= lastRow; row++) {
    const luma = shadeAt(shade, (row + 0.5 - top) / Math.max(1, bottom - top));
    const crossings = crossingsAt(points, row + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      fillRow(plane, row, { from: crossings[i] ?? 0, to: crossings[i + 1] ?? 0, luma });
    }
  }
}

export function fillRect(
  plane: LumaPlane,
  rect: { x: number; y: number; width: number; height: number },
  shade: Shade,
): void {
  const { x, y, width, height } = rect;
  fillPolygon(
    plane,
    [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ],
    shade,
  );
}

/** Draws lines of a width with round ends and smooth edges, over what is there. */
export function strokeLine(
  plane: LumaPlane,
  points: readonly Point[],
  { width, luma, opacity = 1 }: { width: number; luma: number; opacity?: number },
): void {
  const radius = width / 2;
  const reach = radius + 1;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const box = {
    left: Math.min(...xs) - reach,
    right: Math.max(...xs) + reach,
    top: Math.min(...ys) - reach,
    bottom: Math.max(...ys) + reach,
  };
  blend(plane, box, {
    lumaAt: () => luma,
    coverAt: (x, y) => Math.min(1, radius - distanceToLines(points, x, y) + 0.5) * opacity,
  });
}

/** What {@link blend} lays over a picture: its luma and how much it covers (0 to 1; less is nothing, more is all), by place. */
export interface Cover {
  lumaAt(x: number, y: number): number;
  coverAt(x: number, y: number): number;
}

/** Lays something over a box of pixels; what lies outside the picture is left out. */
export function blend(
  plane: LumaPlane,
  box: { left: number; right: number; top: number; bottom: number },
  cover: Cover,
): void {
  const { data, width, height } = plane;
  const left = Math.max(0, Math.floor(box.left));
  const right = Math.min(width - 1, Math.ceil(box.right));
  const bottom = Math.min(height - 1, Math.ceil(box.bottom));
  for (let y = Math.max(0, Math.floor(box.top)); y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const part = cover.coverAt(x + 0.5, y + 0.5);
      if (part <= 0) continue;
      const at = y * width + x;
      const under = data[at] ?? 0;
      data[at] = under + (cover.lumaAt(x + 0.5, y + 0.5) - under) * (part < 1 ? part : 1);
    }
  }
}

/** The picture at half its size, each pixel the mean of four: smooth edges for little effort. */
export function halve(plane: LumaPlane): LumaPlane {
  const half = createPlane(plane.width >> 1, plane.height >> 1);
  const { data, width } = plane;
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const at = 2 * y * width + 2 * x;
      const sum =
        (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + width] ?? 0) + (data[at + width + 1] ?? 0);
      half.data[y * half.width + x] = (sum + 2) >> 2;
    }
  }
  return half;
}

function shadeAt(shade: Shade, part: number): number {
  return typeof shade === 'number' ? shade : shade[0] + (shade[1] - shade[0]) * part;
}

function crossingsAt(points: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  for (const [index, [x1, y1]] of points.entries()) {
    const next = points[(index + 1) % points.length];
    if (!next) continue;
    const [x2, y2] = next;
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return crossings.sort((a, b) => a - b);
}

function fillRow(plane: LumaPlane, row: number, span: { from: number; to: number; luma: number }): void {
  const from = Math.max(0, Math.ceil(span.from - 0.5));
  const to = Math.min(plane.width, Math.ceil(span.to - 0.5));
  if (to > from) plane.data.fill(span.luma, row * plane.width + from, row * plane.width + to);
}

function distanceToLines(points: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i++) {
    const [ax, ay] = points[i] ?? [0, 0];
    const [bx, by] = points[i + 1] ?? [0, 0];
    const dx = bx - ax;
    const dy = by - ay;
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    nearest = Math.min(nearest, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return nearest;
}
