const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How much `y` grows with one unit of `x`, by least squares; 0 where there is nothing to tell it from. */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const above = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** The end of the line through the points against its beginning: what is read once too high or too low counts as one reading. */
export function growthOf(points: readonly { x: number; y: number }[]): number {
  const xs = points.map(({ x }) => x);
  const slope = slopeOf(points);
  const at = (x: number) => mean(points.map(({ y }) => y)) + slope * (x - mean(xs));
  return at(Math.max(...xs)) / at(Math.min(...xs));
}
