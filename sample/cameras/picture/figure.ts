import { blend, type LumaPlane } from './plane.ts';
import { LOOP_FRAMES, type Walker } from './scene.ts';

const SHADOW_LUMA = 20;

/** Where somebody stands in a frame, in reference pixels. */
export interface Stance {
  x: number;
  /** Where the feet are. */
  y: number;
}

/** A closed path: the loop's last frame leads into its first. */
export function stanceAt(walker: Walker, frame: number): Stance {
  const turn = 2 * Math.PI * (frame / LOOP_FRAMES + walker.phase);
  return {
    x: walker.x + walker.reachX * Math.sin(turn),
    y: walker.y + walker.reachY * Math.sin(2 * turn) + 0.8 * Math.sin(6 * turn),
  };
}

/** Draws a standing figure, a head over a cloak, at a scale (picture pixels for one reference pixel). */
export function drawFigure(
  plane: LumaPlane,
  stance: Stance,
  { luma, horizon, scale }: { luma: number; horizon: number; scale: number },
): void {
  // Who stands nearer is larger.
  const height = (34 + (stance.y - horizon) * 0.36) * scale;
  const x = stance.x * scale;
  const feet = stance.y * scale;
  const head = { radius: height * 0.115, y: feet - height * 0.885 };
  const shoulder = { half: height * 0.115, y: feet - height * 0.7 };
  const hem = height * 0.185;
  const shadow = { reachX: height * 0.3, reachY: height * 0.06 };

  blend(
    plane,
    {
      left: x - shadow.reachX,
      right: x + shadow.reachX,
      top: feet - shadow.reachY,
      bottom: feet + shadow.reachY,
    },
    {
      lumaAt: () => SHADOW_LUMA,
      coverAt: (px, py) => 0.45 * (1 - lengthOf((px - x) / shadow.reachX, (py - feet) / shadow.reachY)),
    },
  );
  blend(
    plane,
    { left: x - hem, right: x + hem, top: feet - height, bottom: feet },
    {
      // Light falls from above, so the cloak darkens downwards.
      lumaAt: (_, py) => luma * (1 - (0.35 * Math.max(0, py - head.y)) / height),
      coverAt: (px, py) =>
        0.5 +
        Math.max(
          head.radius - lengthOf(px - x, py - head.y),
          cloakInside(px - x, py, { shoulder, hem, feet }),
        ),
    },
  );
}

/** How far inside the cloak a point lies, in pixels; negative outside. */
function cloakInside(
  dx: number,
  y: number,
  { shoulder, hem, feet }: { shoulder: { half: number; y: number }; hem: number; feet: number },
): number {
  // Rounded shoulders.
  if (y < shoulder.y) return shoulder.half - lengthOf(dx, (y - shoulder.y) * 1.6);
  const part = (y - shoulder.y) / (feet - shoulder.y);
  return Math.min(shoulder.half + (hem - shoulder.half) * part - Math.abs(dx), feet - y);
}

/** Several times as quick as `Math.hypot`, which guards against overflow. */
function lengthOf(dx: number, dy: number): number {
  return Math.sqrt(dx * dx + dy * dy);
}
