/** How a picture is enlarged: how many times, and how far its middle is moved, in sizes of the picture. */
export interface Zoom {
  factor: number;
  x: number;
  y: number;
}

export const NO_ZOOM: Zoom = { factor: 1, x: 0, y: 0 };
/** Beyond this a pixel of the camera is a block. */
export const MOST_ZOOM = 8;
/** One press of a key. */
export const ZOOM_STEP = 1.25;
/** How far an arrow moves what is enlarged, in sizes of the picture. */
export const PAN_STEP = 0.125;

/** Enlarges so that what lies at a point stays there; the point is counted from the middle, in sizes of the picture. */
export function zoomBy(zoom: Zoom, by: number, at: { x: number; y: number } = { x: 0, y: 0 }): Zoom {
  const factor = Math.min(MOST_ZOOM, Math.max(1, zoom.factor * by));
  const ratio = factor / zoom.factor;
  return inside({
    factor,
    x: at.x - (at.x - zoom.x) * ratio,
    y: at.y - (at.y - zoom.y) * ratio,
  });
}

/** Moves what is enlarged, in sizes of the picture. */
export function panBy(zoom: Zoom, x: number, y: number): Zoom {
  return inside({ ...zoom, x: zoom.x + x, y: zoom.y + y });
}

/** The picture always fills its place: no edge of it comes inside. */
function inside({ factor, x, y }: Zoom): Zoom {
  const most = (factor - 1) / 2;
  const within = (value: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { factor, x: within(x), y: within(y) };
}
