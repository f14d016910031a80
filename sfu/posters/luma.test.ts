import { describe, expect, test } from 'vitest';
import { GREY_BYTES, GREY_WIDTH, isBlack, isCovered, isSamePicture } from './luma.ts';

type Paint = (x: number, y: number) => number;

function paint(lumaAt: Paint): Uint8Array {
  return Uint8Array.from({ length: GREY_BYTES }, (_, at) =>
    Math.max(0, Math.min(255, Math.round(lumaAt(at % GREY_WIDTH, Math.floor(at / GREY_WIDTH))))),
  );
}

/** Repeatable grain of this many levels up and down; each seed is another moment. */
function grain(seed: number, levels: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 16) / 0xffff) * 2 * levels - levels;
  };
}

const withGrain = (lumaAt: Paint, seed: number, levels: number) => {
  const noise = grain(seed, levels);
  return paint((x, y) => lumaAt(x, y) + noise());
};

/** A back wall between two side walls, a bunk, a door. */
const room: Paint = (x, y) => {
  if (x > 100 && x < 116 && y > 20 && y < 60) return 60;
  if (y > 60 && x < 60) return 110;
  if (x < 24 || x > 136) return 55;
  return y > 62 ? 75 : 95;
};
const dim: Paint = (x, y) => 16 + (room(x, y) - 16) * 0.3;
const lettering =
  (seed: number): Paint =>
  (x, y) =>
    y > 4 && y < 9 && x < 60 ? ((x * 7 + y * 3 + seed * 5) % 11 < 5 ? 220 : 30) : -1;
const lettered =
  (under: Paint, seed: number): Paint =>
  (x, y) => {
    const letter = lettering(seed)(x, y);
    return letter < 0 ? under(x, y) : letter;
  };

const CELLS: [string, Paint][] = [
  ['a room', room],
  ['a dim room', dim],
  ['a room with a clock', lettered(room, 1)],
  ['a room with a privacy mask', (x, y) => (x > 70 && x < 96 && y > 60 && y < 85 ? 16 : room(x, y))],
  ['a dark room with a lit window', (x, y) => (x > 60 && x < 100 && y > 20 && y < 50 ? 120 : 17)],
];
const cloth: Paint = (x, y) => 140 - 0.8 * Math.hypot(x - 80, y - 45);
const COVERS: [string, Paint][] = [
  ['paint', () => 120],
  ['a cloth that lets light through in the middle', cloth],
  ['a bright sheet', () => 235],
  ['paint, under a clock', lettered(() => 120, 1)],
  ['paint, with a privacy mask', (x, y) => (x > 20 && x < 46 && y > 40 && y < 65 ? 16 : 120)],
];
const NIGHTS: [string, Paint][] = [
  ['nothing', () => 16],
  ['full-range nothing', () => 0],
  ['nothing, under a clock', lettered(() => 18, 1)],
];

describe.each([0, 1.5, 4])('with grain of %s levels', (levels) => {
  test.each(CELLS)('%s is seen', (_, lumaAt) => {
    const picture = withGrain(lumaAt, 3, levels);
    expect([isBlack(picture), isCovered(picture)]).toEqual([false, false]);
  });

  test.each(COVERS)('%s covers the lens, and is not black', (_, lumaAt) => {
    const picture = withGrain(lumaAt, 3, levels);
    expect([isBlack(picture), isCovered(picture)]).toEqual([false, true]);
  });

  test.each(NIGHTS)('%s is black, and covers nothing', (_, lumaAt) => {
    const picture = withGrain(lumaAt, 3, levels);
    expect([isBlack(picture), isCovered(picture)]).toEqual([true, false]);
  });
});

describe.each([0, 1.5, 4])('behind a large mask that is known, with grain of %s levels', (levels) => {
  const mask = { x: 0.4, y: 0.3, width: 0.4, height: 0.5 };
  const behind =
    (under: Paint): Paint =>
    (x, y) =>
      x >= 64 && x < 128 && y >= 27 && y < 72 ? 16 : under(x, y);
  const judge = (under: Paint, masks = [mask]) => {
    const picture = withGrain(behind(under), 3, levels);
    return [isBlack(picture, masks), isCovered(picture, masks)];
  };

  test.each(COVERS)('%s covers the lens, which is not seen without knowing the mask', (_, under) => {
    expect(judge(under)).toEqual([false, true]);
    expect(judge(under, [])).toEqual([false, false]);
  });

  test.each(CELLS.slice(0, 3))('%s is seen', (_, under) => {
    expect(judge(under)).toEqual([false, false]);
  });

  test.each(NIGHTS)('%s is black', (_, under) => {
    expect(judge(under)).toEqual([true, false]);
  });

  test('nothing is told of a picture that is masked as a whole', () => {
    expect(judge(() => 16, [{ x: 0, y: 0, width: 1, height: 1 }])).toEqual([false, false]);
  });
});

describe('two pictures of a room where nothing moves', () => {
  test('are the same when they are the same, or were compressed twice', () => {
    expect(isSamePicture(paint(room), paint(room))).toBe(true);
    expect(isSamePicture(paint(room), withGrain(room, 5, 0.9))).toBe(true);
  });

  test('differ by the grain of a sensor', () => {
    expect(isSamePicture(withGrain(room, 5, 2.5), withGrain(room, 7, 2.5))).toBe(false);
  });

  test('differ by a clock, without any grain', () => {
    expect(isSamePicture(paint(lettered(room, 1)), paint(lettered(room, 2)))).toBe(false);
  });

  test('of different sizes are not the same', () => {
    expect(isSamePicture(paint(room), paint(room).subarray(1))).toBe(false);
  });
});
