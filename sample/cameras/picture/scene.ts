import type { Area, AreaKind } from '#contract/nation.ts';
import { between, hashText, seededRandom, wholeBetween } from '../../../config/nation/seeded.ts';

/** Sample video runs in a loop of this many frames, 15 a second: long enough not to look like a loop at a glance. */
export const LOOP_FRAMES = 120;

/** The reference picture that scenes are described in; larger layers scale it. */
export const SCENE_WIDTH = 320;
export const SCENE_HEIGHT = 180;

/** Somebody in the picture, who goes to and fro on a closed path once a loop. */
export interface Walker {
  /** Middle of the path, in reference pixels; `y` is where the feet are. */
  x: number;
  y: number;
  /** How far the path leads to the sides and to the front. */
  reachX: number;
  reachY: number;
  /** Where on the path the loop begins, in turns. */
  phase: number;
  luma: number;
}

/** What a camera sees, in reference pixels: everything that makes one area's picture differ from another's. */
export interface Scene {
  areaIndex: number;
  kind: AreaKind;
  /** The wall opposite the camera. */
  back: { left: number; right: number; top: number; bottom: number };
  /** Brightness of the room, 1 in the middle. */
  light: number;
  /** The side that the bunk, counter or table stands on. */
  side: 'left' | 'right';
  /** Middle of the window, or of what is there instead. */
  windowX: number;
  windowPanes: number;
  /** Top left corner of the area's number. */
  number: { x: number; y: number; height: number };
  /** A part of the picture that is blackened: the sanitary corner. */
  mask: { x: number; y: number; width: number; height: number } | undefined;
  walkers: Walker[];
  noiseSeed: number;
}

/** How an area looks, with so many people inside. Pure: the same area always looks the same. */
export function describeScene(
  { id, kind, privacy }: Pick<Area, 'id' | 'kind' | 'privacy'>,
  areaIndex: number,
  people: number,
): Scene {
  const random = seededRandom(`picture of ${id}`);
  const side = random() < 0.5 ? 'left' : 'right';
  const back = backWall(kind, random);
  const middle = (back.left + back.right) / 2;
  // The window takes one half of the wall, the number the other.
  const windowRight = kind === 'corridor' || random() < 0.5;
  const windowX = middle + (windowRight ? 1 : -1) * between(random, 42, 68);
  return {
    areaIndex,
    kind,
    back,
    light: between(random, 0.95, 1.4),
    side,
    windowX,
    windowPanes: wholeBetween(random, 2, 4),
    number: { x: windowRight ? middle - 92 : middle + 14, y: Math.max(back.top, 0) + 24, height: 28 },
    mask:
      privacy === 'masked'
        ? { x: side === 'left' ? 244 : 24, y: back.bottom - 26, width: 52, height: 50 }
        : undefined,
    walkers: describeWalkers(random, { kind, people, floor: back.bottom, side }),
    noiseSeed: hashText(id),
  };
}

function backWall(kind: AreaKind, random: () => number): Scene['back'] {
  if (kind === 'corridor') {
    const middle = between(random, 140, 180);
    return { left: middle - 100, right: middle + 100, top: -14, bottom: between(random, 80, 92) };
  }
  if (kind === 'exercise-yard') {
    return {
      left: between(random, 18, 40),
      right: between(random, 280, 302),
      top: 14,
      bottom: between(random, 84, 96),
    };
  }
  const left = between(random, 18, 64);
  const right = between(random, 256, 302);
  return { left, right, top: between(random, -8, 6), bottom: between(random, 76, 96) };
}

/** Guards are seen where nobody is held; a room for talks is empty as long as nobody talks in it. */
const GUARDED: readonly AreaKind[] = ['corridor', 'reception', 'exercise-yard'];

function describeWalkers(
  random: () => number,
  { kind, people, floor, side }: { kind: AreaKind; people: number; floor: number; side: Scene['side'] },
): Walker[] {
  const count = kind === 'cell' ? people : GUARDED.includes(kind) ? 1 : 0;
  const free = side === 'left' ? { from: 110, to: 286 } : { from: 34, to: 210 };
  const width = (free.to - free.from) / Math.max(1, count);
  return Array.from({ length: count }, (_, index) => ({
    x: free.from + width * (index + between(random, 0.35, 0.65)),
    y: between(random, floor + 26, 156),
    reachX: between(random, 0.15, 0.45) * Math.min(90, width),
    reachY: between(random, 1, 7),
    phase: random(),
    luma: between(random, 112, 148),
  })).sort((a, b) => a.y - b.y);
}
