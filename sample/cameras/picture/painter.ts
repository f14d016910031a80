import type { Layer } from '#contract/nation.ts';
import { seededRandom, wholeBetween } from '../../../config/nation/seeded.ts';
import { drawCode } from '../pixel-code.ts';
import { drawFigure, stanceAt } from './figure.ts';
import { drawText } from './lettering.ts';
import { blend, type LumaPlane } from './plane.ts';
import { drawRoom } from './room.ts';
import { LOOP_FRAMES, SCENE_HEIGHT, SCENE_WIDTH, type Scene } from './scene.ts';

/** Pixels of a layer for one of the scene's reference pixels. */
const LAYER_SCALE: Readonly<Record<Layer, number>> = { low: 1, high: 2 };

/** Width and height of a layer's pictures, in pixels. */
export function layerSize(layer: Layer): { width: number; height: number } {
  const scale = LAYER_SCALE[layer];
  return { width: SCENE_WIDTH * scale, height: SCENE_HEIGHT * scale };
}

/** Bytes of a picture as planar YUV 4:2:0. */
export function frameBytes(layer: Layer): number {
  const { width, height } = layerSize(layer);
  return (width * height * 3) / 2;
}

/** Paints the frames of a loop. */
export interface Painter {
  /** Paints frame 0 to `LOOP_FRAMES - 1` into a buffer of {@link frameBytes}. */
  paint(frame: number, target: Buffer): void;
}

/** A sensor is never quite still: this many levels up and down. */
const NOISE_AMPLITUDE = 2;

/** The room with different grain, taken at random: copying it is far cheaper than making new grain for every frame. */
const GRAINY_ROOMS = 5;

/** Grey has no colour: half of the range in both chroma planes. */
const NO_COLOUR = 128;

export function createPainter(scene: Scene, layer: Layer): Painter {
  const scale = LAYER_SCALE[layer];
  const { width, height } = layerSize(layer);
  const pixels = width * height;
  const rooms = addGrain(drawRoom(scene, scale).data, scene.noiseSeed);
  const order = grainOrder(scene.noiseSeed);
  return {
    paint(frame, target) {
      const plane: LumaPlane = { data: target.subarray(0, pixels), width, height };
      plane.data.set(rooms[order[frame] ?? 0] ?? []);
      target.fill(NO_COLOUR, pixels);
      if (scene.walkers.length === 0) drawFan(plane, { scene, frame, scale });
      for (const walker of scene.walkers) {
        drawFigure(plane, stanceAt(walker, frame), { luma: walker.luma, horizon: scene.back.bottom, scale });
      }
      drawText(plane, String(frame).padStart(3, '0'), {
        x: Math.round(scene.number.x) * scale,
        y: Math.round(scene.number.y + scene.number.height + 7) * scale,
        scale,
        luma: 140,
      });
      drawCode(plane, { areaIndex: scene.areaIndex, frame });
    },
  };
}

/** Where nobody is, a fan turns, so that a picture that stands still can be told from one that runs. */
function drawFan(
  plane: LumaPlane,
  { scene, frame, scale }: { scene: Scene; frame: number; scale: number },
): void {
  const radius = 9 * scale;
  const x = (scene.number.x + 86) * scale;
  const y = (scene.number.y + 12) * scale;
  // Eight turns a loop, so that it ends where it began.
  const angle = (2 * Math.PI * 8 * frame) / LOOP_FRAMES;
  blend(
    plane,
    { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius },
    {
      lumaAt: (px, py) => (Math.cos(3 * (Math.atan2(py - y, px - x) - angle)) > 0 ? 92 : 34),
      coverAt: (px, py) => radius - Math.sqrt((px - x) ** 2 + (py - y) ** 2),
    },
  );
}

function addGrain(room: Uint8Array, seed: number): Uint8Array[] {
  // xorshift32: quick, and random enough for grain. Its state must not be 0.
  let state = seed | 1;
  return Array.from({ length: GRAINY_ROOMS }, () =>
    room.map((luma) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return luma + ((state >>> 16) % (2 * NOISE_AMPLITUDE + 1)) - NOISE_AMPLITUDE;
    }),
  );
}

/** Which grainy room each frame shows, never the same twice running. */
function grainOrder(seed: number): number[] {
  const random = seededRandom(`grain ${seed}`);
  const order: number[] = [];
  for (let frame = 0; frame < LOOP_FRAMES; frame++) {
    const step = wholeBetween(random, 1, GRAINY_ROOMS - 1);
    order.push(((order.at(-1) ?? 0) + step) % GRAINY_ROOMS);
  }
  return order;
}
