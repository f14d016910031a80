import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeAll } from '../posters/decode-all.ts';
import { decodeBatch } from '../posters/decode-batch.ts';
import { depacketiseH264 } from '../posters/h264-payload.ts';
import type { Keyframe } from '../posters/keyframe.ts';
import { areaShownIn, paintArea, toVideo } from './fixtures/sample-video.ts';

const AREAS = [5, 81, 157, 233, 309, 385, 461, 537];
const ffmpegBin = process.env.FFMPEG_BIN ?? 'ffmpeg';
const decode = (keyframes: readonly Keyframe[]) =>
  decodeBatch(keyframes, { ffmpegBin, timeoutMs: 30_000, signal: new AbortController().signal });

let good: Keyframe[];
beforeAll(async () => {
  good = await Promise.all(
    AREAS.map(async (area) => {
      const { low } = await toVideo(paintArea(area).slice(0, 15));
      const keyframe = depacketiseH264(low[0]?.payloads ?? []);
      if (!keyframe) throw new Error('no keyframe');
      return keyframe;
    }),
  );
});

/** The first picture of an area as VP8, in the file that ffmpeg makes of it. */
async function asVp8(area: number): Promise<Keyframe> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '320x180', '-i', 'pipe:0', '-frames:v', '1'];
  const encoding = promisify(execFile)(
    ffmpegBin,
    ['-v', 'error', ...raw, '-c:v', 'libvpx', '-b:v', '500k', '-f', 'ivf', '-'],
    { encoding: 'buffer', maxBuffer: 1_000_000 },
  );
  encoding.child.stdin?.end(paintArea(area)[0]);
  return { format: 'ivf', bytes: (await encoding).stdout };
}

/** The grey of a still, in its own size. */
async function toGrey(jpeg: Buffer): Promise<Buffer> {
  const reading = [
    '-v',
    'error',
    '-f',
    'mjpeg',
    '-i',
    'pipe:0',
    '-vf',
    'extractplanes=y',
    '-f',
    'rawvideo',
    '-',
  ];
  const decoding = promisify(execFile)(ffmpegBin, reading, { encoding: 'buffer', maxBuffer: 1_000_000 });
  decoding.child.stdin?.end(jpeg);
  return (await decoding).stdout;
}

async function areasIn(keyframes: readonly Keyframe[]): Promise<(number | undefined | 'none')[]> {
  const decoded = await decodeAll(keyframes, decode);
  return Promise.all(decoded.map(async (it) => (it ? areaShownIn(await toGrey(it.jpeg)) : 'none')));
}

const withBytes = (change: (bytes: Buffer) => Buffer, at = 0): Keyframe => ({
  format: 'h264',
  bytes: change(Buffer.from(good[at]?.bytes ?? [])),
});
const FLAWS: [string, () => Keyframe][] = [
  [
    'flipped bits in its slices',
    () =>
      withBytes(
        (bytes) => bytes.map((byte, at) => (at > 600 && at % 3 === 0 ? byte ^ 0x5a : byte)) as Buffer,
      ),
  ],
  ['its second half missing', () => withBytes((bytes) => bytes.subarray(0, bytes.length / 2))],
  [
    'no parameter sets',
    () => withBytes((bytes) => bytes.subarray(bytes.indexOf(Buffer.from([0, 0, 0, 1, 0x65])))),
  ],
  ['garbage for a picture', () => withBytes((bytes) => Buffer.alloc(bytes.length, 'garbage'))],
  ['nothing at all', () => withBytes(() => Buffer.alloc(0))],
  ['another codec’s name', () => ({ ...withBytes((bytes) => bytes), format: 'ivf' })],
];

describe('a batch', () => {
  test('gives each feed its own picture, of either codec', async () => {
    const keyframes = [...good.slice(0, 4), await asVp8(99), ...good.slice(4)];
    expect(await areasIn(keyframes)).toEqual([...AREAS.slice(0, 4), 99, ...AREAS.slice(4)]);
  });

  test.each(FLAWS)(
    'with one that has %s in the middle gives all others their own, and that one none',
    async (_, flaw) => {
      const keyframes = [...good.slice(0, 4), flaw(), ...good.slice(4)];
      expect(await areasIn(keyframes)).toEqual([...AREAS.slice(0, 4), 'none', ...AREAS.slice(4)]);
    },
  );

  test('with all of these flaws gives every sound one its own', async () => {
    const keyframes = good.flatMap((keyframe, index) => [
      keyframe,
      FLAWS[index % FLAWS.length]?.[1]() ?? keyframe,
    ]);
    const areas = await areasIn(keyframes);
    for (const [index, area] of areas.entries())
      if (index % 2 === 1) expect(area).toBe('none');
      else expect([AREAS[index / 2], 'none']).toContain(area);
    expect(areas.filter((area) => area !== 'none').length).toBeGreaterThanOrEqual(AREAS.length / 2);
  });
});

test('ffmpeg ends with us: at once when it is told to, and when its time is over', async () => {
  const closing = new AbortController();
  const many = Array.from({ length: 32 }, () => good[0]).flatMap((it) => it ?? []);
  const decoding = decodeBatch(many, { ffmpegBin, timeoutMs: 30_000, signal: closing.signal });
  closing.abort();
  await expect(decoding).rejects.toThrow(/abort/i);
  const late = await decodeBatch(many, { ffmpegBin, timeoutMs: 1, signal: new AbortController().signal });
  expect(late.finished).toBe(false);
  await expect(
    decodeBatch(many, { ffmpegBin: '/nonexistent', timeoutMs: 1_000, signal: new AbortController().signal }),
  ).rejects.toThrow(/ENOENT/);
});
