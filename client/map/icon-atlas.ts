import { ICON_NAMES, ICONS, type IconName } from './icons.ts';

const CELL = 64;

export interface IconAtlas {
  image: HTMLCanvasElement;
  mapping: Record<IconName, { x: number; y: number; width: number; height: number; mask: boolean }>;
}

/** White shapes on nothing, drawn once; a mask that takes the layer's colour. */
export function drawIconAtlas(): IconAtlas {
  const image = document.createElement('canvas');
  image.width = CELL * ICON_NAMES.length;
  image.height = CELL;
  const context = image.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  context.fillStyle = '#fff';
  context.strokeStyle = '#fff';
  for (const [index, name] of ICON_NAMES.entries()) {
    const { fill, stroke } = ICONS[name];
    context.save();
    context.translate(index * CELL, 0);
    context.scale(CELL / 16, CELL / 16);
    if (fill) context.fill(new Path2D(fill));
    if (stroke) {
      context.lineWidth = stroke.width;
      context.stroke(new Path2D(stroke.path));
    }
    context.restore();
  }
  const mapping = Object.fromEntries(
    ICON_NAMES.map((name, index) => [name, { x: index * CELL, y: 0, width: CELL, height: CELL, mask: true }]),
  ) as IconAtlas['mapping'];
  return { image, mapping };
}
