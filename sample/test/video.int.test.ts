import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { createAreaIndex } from '../cameras/area-index.ts';
import { createPainter } from '../cameras/picture/painter.ts';
import { describeScene, LOOP_FRAMES, type Scene } from '../cameras/picture/scene.ts';
import { NAL, nalType, parseAccessUnits, toByteStream } from '../cameras/video/annex-b.ts';
import { openClipFiles, readClipsIn } from '../cameras/video/clip-files.ts';
import { createClipLibrary } from '../cameras/video/clip-library.ts';
import { createEncodeQueue } from '../cameras/video/encode-queue.ts';
import { GOP_FRAMES } from '../cameras/video/encoder.ts';
import { prepareVideo } from '../cameras/video/prepare-video.ts';
import { usualPeople } from '../population.ts';
import { decodeCodes, FFMPEG_BIN } from './fixtures/decode.ts';

const { areas } = generateSampleNation();
const { indexOf } = createAreaIndex({ areas });
const log = pino({ level: 'silent' });
const wanted = new AbortController().signal;

/** One area of each kind, and the last of all. */
const SHOWN = [...new Map(areas.map((area) => [area.kind, area])).values(), ...areas.slice(-1)];

function sceneOf(area: (typeof areas)[number]): Scene {
  return describeScene(area, indexOf(area.id) ?? 0, usualPeople(area));
}

async function encode(scene: Scene, layer: Layer): Promise<Buffer> {
  await using queue = createEncodeQueue({ ffmpegBin: FFMPEG_BIN });
  return await queue.encode({ layer, createPainter: () => createPainter(scene, layer), signal: wanted });
}

describe.each(['low', 'high'] as const)('the %s layer', (layer) => {
  test('of every kind of area names its area and counts its frames, after a real encoder and decoder', async () => {
    await using queue = createEncodeQueue({ ffmpegBin: FFMPEG_BIN });
    for (const area of SHOWN) {
      const scene = sceneOf(area);
      const stream = await queue.encode({
        layer,
        createPainter: () => createPainter(scene, layer),
        signal: wanted,
      });
      expect(await decodeCodes(stream, layer), area.id).toEqual(
        Array.from({ length: LOOP_FRAMES }, (_, frame) => ({ areaIndex: scene.areaIndex, frame })),
      );
    }
  });

  test('is constrained baseline with a keyframe and its parameter sets every second', async () => {
    const [area] = areas;
    if (!area) throw new Error('unreachable');
    const units = parseAccessUnits(await encode(sceneOf(area), layer));
    expect(units).toHaveLength(LOOP_FRAMES);
    for (const [index, { key, nals }] of units.entries()) {
      expect(key).toBe(index % GOP_FRAMES === 0);
      const types = nals.map(nalType);
      expect(types).toEqual(key ? [NAL.sps, NAL.pps, NAL.idrSlice] : [NAL.slice]);
      // profile_idc 66 with constraint_set1: constrained baseline. Level 3.1.
      const sps = key ? nals[0] : undefined;
      if (sps) expect([sps[1], (sps[2] ?? 0) & 0x40, sps[3]]).toEqual([66, 0x40, 31]);
    }
    const bps = (toByteStream(units.flatMap(({ nals }) => nals)).length * 8) / (LOOP_FRAMES / 15);
    const target = layer === 'low' ? 150_000 : 500_000;
    expect(bps).toBeGreaterThan(target * 0.7);
    expect(bps).toBeLessThan(target * 1.2);
  });
});

describe('the library', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'varta-video-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function openLibrary(ffmpegBin: string, maxBytes = 50_000_000, readyDir?: string) {
    const files = await openClipFiles(dir, maxBytes);
    const queue = createEncodeQueue({ ffmpegBin });
    const ready = readClipsIn(readyDir);
    return { files, library: createClipLibrary({ files, ready, queue, memoryBytes: 1_000_000, log }) };
  }

  const scenes = areas.slice(0, 6).map(sceneOf);
  const [scene] = scenes as [Scene];

  test('encodes once, and later needs no encoder', async () => {
    const first = await openLibrary(FFMPEG_BIN);
    const [one, two] = await Promise.all([
      first.library.get(scene, 'low', wanted),
      first.library.get(scene, 'low', wanted),
    ]);
    expect(one).toBe(two);
    expect(await first.library.get(scene, 'low', wanted)).toBe(one);
    await first.library[Symbol.asyncDispose]();
    expect(await readdir(dir)).toHaveLength(1);

    const second = await openLibrary('no-such-encoder');
    expect(await second.library.get(scene, 'low', wanted)).toEqual(one);
    await second.library[Symbol.asyncDispose]();
  });

  test('needs no encoder for what set-up has encoded, and writes nothing there', async () => {
    const readyDir = await mkdtemp(join(tmpdir(), 'varta-ready-'));
    await prepareVideo({ scenes: [scene], dir: readyDir, ffmpegBin: FFMPEG_BIN, log });
    expect(await readdir(readyDir)).toHaveLength(1);
    const { library } = await openLibrary('no-such-encoder', 50_000_000, readyDir);
    expect((await library.get(scene, 'low', wanted)).frames).toHaveLength(LOOP_FRAMES);
    await expect(library.get(scene, 'high', wanted)).rejects.toThrow(/no-such-encoder/);
    await library[Symbol.asyncDispose]();
    expect(await readdir(readyDir)).toHaveLength(1);
    await rm(readyDir, { recursive: true });
  });

  test('encodes again what is damaged', async () => {
    const first = await openLibrary(FFMPEG_BIN);
    const clip = await first.library.get(scene, 'low', wanted);
    await first.library[Symbol.asyncDispose]();
    expect(await readdir(dir)).toHaveLength(1);
    const [name = ''] = await readdir(dir);
    await writeFile(join(dir, name), 'damaged');

    const second = await openLibrary(FFMPEG_BIN);
    const again = await second.library.get(scene, 'low', wanted);
    expect(again.frames).toHaveLength(clip.frames.length);
    await second.library[Symbol.asyncDispose]();
  });

  test('keeps to its bound on disk', async () => {
    const bound = 400_000;
    const { library, files } = await openLibrary(FFMPEG_BIN, bound);
    await Promise.all(scenes.map((one) => library.get(one, 'low', wanted)));
    await library[Symbol.asyncDispose]();
    await expect.poll(() => files.bytes).toBeLessThanOrEqual(bound);
    await expect
      .poll(async () => (await readdir(dir)).filter((name) => name.endsWith('.h264')).length)
      .toBe(2);
  });

  test('says why there is no video when the encoder is missing', async () => {
    const { library } = await openLibrary('no-such-encoder');
    await expect(library.get(scene, 'low', wanted)).rejects.toThrow(/no-such-encoder/);
    await library[Symbol.asyncDispose]();
  });

  test('says why there is no video when the encoder dies', async () => {
    const { library } = await openLibrary('false');
    await expect(library.get(scene, 'low', wanted)).rejects.toThrow(/ended with 1/);
    await library[Symbol.asyncDispose]();
  });

  test('a loop that nobody wants any more is not encoded', async () => {
    const { library } = await openLibrary(FFMPEG_BIN);
    const leaving = new AbortController();
    const all = scenes.map((one, index) => library.get(one, 'low', index === 5 ? leaving.signal : wanted));
    leaving.abort();
    await expect(all[5]).rejects.toThrow(/not wanted/);
    await Promise.all(all.slice(0, 5));
    await library[Symbol.asyncDispose]();
  });

  test('stops at once, and leaves nobody waiting', async () => {
    const { library } = await openLibrary(FFMPEG_BIN);
    const all = scenes.map((one) => library.get(one, 'high', wanted));
    const settled = Promise.allSettled(all);
    await library[Symbol.asyncDispose]();
    const outcomes = await settled;
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
  });
});
