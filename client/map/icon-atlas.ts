import type { Worst } from './map-facts.ts';

/** Signs of a facility's worst state, the same shapes as on tiles; drawn once, coloured by the layer. */
export const ICON_NAMES = ['1', '2', '3', '4', 'unseen', 'calm', 'outside'] as const;
export type IconName = (typeof ICON_NAMES)[number];

const CELL = 64;

export interface IconAtlas {
  image: HTMLCanvasElement;
  mapping: Record<IconName, { x: number; y: number; width: number; height: number; mask: boolean }>;
}

export function iconName(worst: Worst): IconName {
  return String(worst) as IconName;
}

/** White shapes on nothing; a mask that takes the layer's colour. */
export function drawIconAtlas(): IconAtlas {
  const image = document.createElement('canvas');
  image.width = CELL * ICON_NAMES.length;
  image.height = CELL;
  const context = image.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  context.fillStyle = '#fff';
  context.strokeStyle = '#fff';
  for (const [index, name] of ICON_NAMES.entries()) {
    context.save();
    context.translate(index * CELL, 0);
    context.scale(CELL / 16, CELL / 16);
    DRAW[name](context);
    context.restore();
  }
  const mapping = Object.fromEntries(
    ICON_NAMES.map((name, index) => [name, { x: index * CELL, y: 0, width: CELL, height: CELL, mask: true }]),
  ) as IconAtlas['mapping'];
  return { image, mapping };
}

type Draw = (context: CanvasRenderingContext2D) => void;

function fill(path: string): Draw {
  return (context) => context.fill(new Path2D(path));
}

function stroke(path: string, width: number): Draw {
  return (context) => {
    context.lineWidth = width;
    context.stroke(new Path2D(path));
  };
}

/** In a square of 16; octagon, triangle, half-filled diamond, open circle as in LevelMark. */
const DRAW: Record<IconName, Draw> = {
  '1': fill('M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z'),
  '2': fill('M8 1.2 15.4 14.4H.6z'),
  '3': (context) => {
    fill('M8 .9v14.2L.9 8z')(context);
    stroke('M8 1.9 14.1 8 8 14.1 1.9 8z', 1.6)(context);
  },
  '4': stroke('M8 2a6 6 0 1 0 .01 0z', 2.4),
  unseen: stroke('M2.5 4.5h8v7h-8zM10.5 7l3-2v6l-3-2M2 14 14 2', 1.5),
  calm: fill('M8 4.8a3.2 3.2 0 1 0 .01 0z'),
  outside: fill('M8 6.2a1.8 1.8 0 1 0 .01 0z'),
};
