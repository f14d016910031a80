import { beforeEach, expect, test } from 'vitest';
import { CLIP_MAX_BYTES } from '#contract/clips.ts';
import { Clip } from './clip.ts';
import { ClipRoom } from './clip-room.ts';
import type { Picture } from './picture.ts';

const MB = 1_000_000;
const AT_MS = 100_000;

let room: ClipRoom;
let number: number;
beforeEach(() => {
  room = new ClipRoom(100 * MB);
  number = 0;
});

function createClip(share = room): Clip {
  number += 1;
  return new Clip({
    id: `00000000-0000-4000-8000-00000000000${number}`,
    feedId: 'cell-1',
    layer: undefined,
    ...{ atMs: AT_MS, preMs: 10_000, postMs: 60_000, grantedUntilMs: AT_MS + 60_000 },
    room: share,
    onEnd: () => undefined,
    now: () => AT_MS,
  });
}

function picture(bytes: number): Picture {
  const format = { codec: 'vp8', codecString: 'vp8', width: 3_840, height: 2_160 } as const;
  return { bytes: Buffer.alloc(bytes), format, timestamp: 0, atMs: AT_MS, layer: 'high' };
}

test('a clip ends when it is as large as one may be, its file counted with it; what it has stays', () => {
  using clip = createClip();
  const size = 2 * MB;
  while (!clip.ended) clip.take(picture(size));
  expect(clip.ended).toBe('full');
  expect(clip.pictures.size).toBe(Math.floor(CLIP_MAX_BYTES / (2 * size)));
  expect(room.usedBytes).toBe(clip.pictures.size * 2 * size);
});

test('clips share the node’s memory: the one that finds none left ends, and gives it back when it is dropped', () => {
  const first = createClip();
  using second = createClip();
  for (let count = 0; count < 15; count += 1) first.take(picture(2 * MB));
  expect([first.ended, room.usedBytes]).toEqual([undefined, 60 * MB]);
  while (!second.ended) second.take(picture(2 * MB));
  expect([second.ended, room.usedBytes, room.hasSpare]).toEqual(['full', 100 * MB, false]);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect([room.usedBytes, room.hasSpare]).toEqual([40 * MB, true]);
});
