import { drawLargeNumber, drawText, textWidth } from './lettering.ts';
import {
  createPlane,
  fillPolygon,
  fillRect,
  halve,
  type LumaPlane,
  type Point,
  type Shade,
} from './plane.ts';
import { SCENE_HEIGHT, SCENE_WIDTH, type Scene } from './scene.ts';

/** Said on every picture, in both languages of the interface. */
const SAMPLE_MARK = 'ЗРАЗОК / SAMPLE';

/** Draws what does not move: the room, its furniture, the area's number, the mark that it is a sample. */
export function drawRoom(scene: Scene, scale: number): LumaPlane {
  // Twice the size, then halved, for smooth edges.
  const plane = createPlane(SCENE_WIDTH * scale * 2, SCENE_HEIGHT * scale * 2);
  const pen = createPen(plane, { scale: scale * 2, light: scene.light });
  if (scene.kind === 'exercise-yard') drawYard(pen, scene);
  else drawWalls(pen, scene);
  drawFurniture(pen, scene);
  if (scene.mask) pen.rect(scene.mask, 16);
  const room = halve(plane);
  drawLettering(room, scene, scale);
  return room;
}

/** Draws in reference pixels, in the light of the room. */
interface Pen {
  shape(points: readonly Point[], shade: Shade): void;
  rect(rect: { x: number; y: number; width: number; height: number }, shade: Shade): void;
}

function createPen(plane: LumaPlane, { scale, light }: { scale: number; light: number }): Pen {
  const lit = (shade: Shade): Shade =>
    typeof shade === 'number' ? shade * light : [shade[0] * light, shade[1] * light];
  return {
    shape: (points, shade) =>
      fillPolygon(
        plane,
        points.map(([x, y]): Point => [x * scale, y * scale]),
        lit(shade),
      ),
    rect: ({ x, y, width, height }, shade) =>
      fillRect(
        plane,
        { x: x * scale, y: y * scale, width: width * scale, height: height * scale },
        lit(shade),
      ),
  };
}

function drawWalls(pen: Pen, { back, kind, windowX, windowPanes }: Scene): void {
  const { left, right, top, bottom } = back;
  pen.rect({ x: 0, y: 0, width: SCENE_WIDTH, height: SCENE_HEIGHT }, 70);
  // Side walls, floor, back wall, with a thin dark line where they meet.
  pen.shape(quad([0, -60], [left, top], [left, bottom], [0, SCENE_HEIGHT]), [52, 40]);
  pen.shape(quad([SCENE_WIDTH, -60], [right, top], [right, bottom], [SCENE_WIDTH, SCENE_HEIGHT]), [58, 44]);
  pen.shape(quad([0, SCENE_HEIGHT], [left, bottom], [right, bottom], [SCENE_WIDTH, SCENE_HEIGHT]), [36, 48]);
  pen.rect({ x: left, y: top, width: right - left, height: bottom - top }, [72, 58]);
  pen.rect({ x: left - 0.6, y: top, width: 1.2, height: bottom - top }, 30);
  pen.rect({ x: right - 0.6, y: top, width: 1.2, height: bottom - top }, 30);
  pen.rect({ x: left, y: bottom - 0.6, width: right - left, height: 1.2 }, 30);
  if (kind === 'corridor') drawDoors(pen, back);
  else if (kind === 'investigation-room')
    pen.rect({ x: windowX - 44, y: 22, width: 88, height: 32 }, [36, 28]);
  else if (kind === 'medical-room') drawCross(pen, { x: windowX, y: 38 });
  else drawWindow(pen, { x: windowX, y: Math.max(16, top + 16), panes: windowPanes });
}

function drawWindow(pen: Pen, { x, y, panes }: { x: number; y: number; panes: number }): void {
  const pane = { width: 13, height: 26 };
  const left = x - (panes * (pane.width + 2)) / 2;
  pen.rect({ x: left - 2, y: y - 2, width: panes * (pane.width + 2) + 2, height: pane.height + 4 }, 44);
  for (let index = 0; index < panes; index++) {
    pen.rect({ x: left + index * (pane.width + 2), y, ...pane }, [128, 104]);
  }
}

function drawCross(pen: Pen, { x, y }: { x: number; y: number }): void {
  pen.rect({ x: x - 4, y: y - 13, width: 8, height: 26 }, 116);
  pen.rect({ x: x - 13, y: y - 4, width: 26, height: 8 }, 116);
}

function drawDoors(pen: Pen, { left, right, bottom }: Scene['back']): void {
  for (const part of [0.3, 0.62]) {
    const depth = part + 0.2;
    const wallLeft = [left * (1 - part), left * (1 - depth)] as const;
    const wallRight = [SCENE_WIDTH - (SCENE_WIDTH - right) * (1 - part), 0] as const;
    const step = (SCENE_WIDTH - right) * (depth - part);
    const foot = (at: number) => bottom + (SCENE_HEIGHT - bottom) * at;
    pen.shape(
      quad(
        [wallLeft[0], foot(part)],
        [wallLeft[1], foot(depth)],
        [wallLeft[1], foot(depth) - 70],
        [wallLeft[0], foot(part) - 58],
      ),
      [30, 26],
    );
    pen.shape(
      quad(
        [wallRight[0], foot(part)],
        [wallRight[0] + step, foot(depth)],
        [wallRight[0] + step, foot(depth) - 70],
        [wallRight[0], foot(part) - 58],
      ),
      [34, 30],
    );
  }
  const middle = (left + right) / 2;
  pen.rect({ x: middle + 20, y: bottom - 58, width: 34, height: 58 }, [40, 34]);
  pen.rect({ x: middle - 46, y: 4, width: 92, height: 5 }, 140);
}

/** Open to the sky behind a mesh. */
function drawYard(pen: Pen, { back }: Scene): void {
  const { left, right, top, bottom } = back;
  pen.rect({ x: 0, y: 0, width: SCENE_WIDTH, height: SCENE_HEIGHT }, [124, 96]);
  for (let x = -80; x < SCENE_WIDTH + 80; x += 20) {
    pen.shape(
      quad([x, 0], [x + 0.9, 0], [160 + (x - 160) * 0.72 + 0.9, top], [160 + (x - 160) * 0.72, top]),
      66,
    );
  }
  for (const y of [3, 7, 11]) pen.rect({ x: 0, y, width: SCENE_WIDTH, height: 0.9 }, 66);
  pen.rect({ x: left, y: top, width: right - left, height: bottom - top }, [82, 70]);
  pen.shape(quad([0, -10], [left, top], [left, bottom], [0, SCENE_HEIGHT]), [66, 52]);
  pen.shape(quad([SCENE_WIDTH, -10], [right, top], [right, bottom], [SCENE_WIDTH, SCENE_HEIGHT]), [70, 56]);
  pen.shape(quad([0, SCENE_HEIGHT], [left, bottom], [right, bottom], [SCENE_WIDTH, SCENE_HEIGHT]), [50, 62]);
}

function drawFurniture(pen: Pen, { kind, back, side }: Scene): void {
  const mirror = side === 'left' ? (x: number) => x : (x: number) => SCENE_WIDTH - x;
  /** A box with its long side along a wall: top, front and near end. */
  const box = (
    points: { far: Point; near: Point; depth: number; height: number },
    lumas: readonly number[],
  ) => {
    const [top = 0, front = 0, end = 0] = lumas;
    const { far, near, depth, height } = points;
    const m = ([x, y]: Point): Point => [mirror(x), y];
    const farInner: Point = [far[0] + depth * 0.55, far[1] + 3];
    const nearInner: Point = [near[0] + depth, near[1] + 6];
    pen.shape([m(far), m(farInner), m(nearInner), m(near)], top);
    pen.shape(
      [
        m(farInner),
        m(nearInner),
        m([nearInner[0], nearInner[1] + height]),
        m([farInner[0], farInner[1] + height * 0.6]),
      ],
      front,
    );
    pen.shape(
      [m(near), m(nearInner), m([nearInner[0], nearInner[1] + height]), m([near[0], near[1] + height])],
      end,
    );
  };
  const { bottom, left } = back;
  switch (kind) {
    case 'cell':
      box({ far: [left * 0.55, bottom + 10], near: [-18, 138], depth: 66, height: 18 }, [88, 54, 46]);
      return;
    case 'medical-room':
      box({ far: [left * 0.8, bottom + 2], near: [4, 122], depth: 56, height: 30 }, [118, 62, 54]);
      return;
    case 'reception':
      box({ far: [left * 0.9, bottom], near: [-10, 132], depth: 110, height: 40 }, [96, 60, 50]);
      return;
    case 'exercise-yard':
      box({ far: [left * 0.9, bottom + 8], near: [8, 140], depth: 22, height: 12 }, [104, 70, 60]);
      return;
    case 'interview-room':
    case 'lawyer-room':
    case 'investigation-room':
      drawTable(pen, { y: bottom + 26 });
      return;
    case 'corridor':
      return;
  }
}

function drawTable(pen: Pen, { y }: { y: number }): void {
  for (const x of [92, 206]) {
    pen.rect({ x, y: y - 26, width: 22, height: 30 }, [66, 54]);
    pen.rect({ x: x + 2, y: y + 4, width: 3, height: 22 }, 40);
    pen.rect({ x: x + 17, y: y + 4, width: 3, height: 22 }, 40);
  }
  pen.shape(quad([118, y], [202, y], [218, y + 22], [102, y + 22]), [100, 112]);
  pen.rect({ x: 102, y: y + 22, width: 116, height: 5 }, 60);
  pen.rect({ x: 106, y: y + 27, width: 4, height: 30 }, 46);
  pen.rect({ x: 210, y: y + 27, width: 4, height: 30 }, 46);
}

function drawLettering(room: LumaPlane, scene: Scene, scale: number): void {
  const { x, y, height } = scene.number;
  drawLargeNumber(room, String(scene.areaIndex), {
    x: x * scale,
    y: y * scale,
    height: height * scale,
    luma: 156,
    opacity: 0.75,
  });
  drawText(room, SAMPLE_MARK, {
    x: room.width - textWidth(SAMPLE_MARK, scale) - 8 * scale,
    y: room.height - 12 * scale,
    scale,
    luma: 118,
  });
}

function quad(a: Point, b: Point, c: Point, d: Point): readonly Point[] {
  return [a, b, c, d];
}
