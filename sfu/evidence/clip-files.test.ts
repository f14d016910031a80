import { expect, test } from 'vitest';
import { makeFiles } from './clip-files.ts';
import { joinPicture, type Picture } from './picture.ts';

const SPS = Buffer.from('6742c00cda05067e7c0440000003004000000783c50aa8', 'hex');
const PPS = Buffer.from('68ce3c80', 'hex');
const IDR = Buffer.from('6588840a', 'hex');
/** It ends before it says how large the pictures are. */
const CUT_SPS = SPS.subarray(0, 6);
const STEP_TICKS = 6_000;
const STEP_MS = 67;

function keyframe(sps: Buffer, place: number): Picture {
  const joined = joinPicture('h264', [sps, PPS, IDR]);
  if (!joined?.format) throw new Error('this is taken for no keyframe');
  return { ...joined, timestamp: place * STEP_TICKS, atMs: 1_000 + place * STEP_MS, layer: 'low' };
}

const clipOf = (pictures: Picture[]) => ({
  pictures: { open: () => pictures } as unknown as Parameters<typeof makeFiles>[0]['pictures'],
  ...{ atMs: 1_000, fromMs: 0 },
});
const options = { untilMs: 60_000, still: async () => undefined };

test('what only begins like a keyframe makes no file, and those before and after it are made all the same', async () => {
  const good = [0, 1, 3, 4].map((place) => keyframe(SPS, place));
  const [first, second, third, fourth] = good as [Picture, Picture, Picture, Picture];
  const { files } = await makeFiles(clipOf([first, second, broken(2), third, fourth]), options);
  expect(files.map(({ about }) => [about.pictures, about.width])).toEqual([
    [2, 320],
    [2, 320],
  ]);
});

test('when nothing can be made, that is told', async () => {
  await expect(makeFiles(clipOf([broken(0)]), options)).rejects.toThrow();
  expect((await makeFiles(clipOf([]), options)).files).toEqual([]);
});

/** Its size is another one, so that it begins a file of its own. */
function broken(place: number): Picture {
  const picture = keyframe(SPS, place);
  if (!picture.format) throw new Error('no keyframe');
  const bytes = Buffer.concat([CUT_SPS, PPS, IDR].flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit]));
  return { ...picture, bytes, format: { ...picture.format, width: 16 } };
}
