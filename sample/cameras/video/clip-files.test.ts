import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openClipFiles } from './clip-files.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'varta-files-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const bytes = (length: number) => Buffer.alloc(length, 1);

test('what was written is read, also after a restart', async () => {
  const files = await openClipFiles(dir, 1000);
  await files.write('a', bytes(10));
  expect(await files.read('a')).toEqual(bytes(10));
  const again = await openClipFiles(dir, 1000);
  expect(await again.read('a')).toEqual(bytes(10));
  expect(again.bytes).toBe(10);
  expect(await again.read('b')).toBeUndefined();
});

test('who was not used for longest makes room', async () => {
  const files = await openClipFiles(dir, 30);
  for (const name of ['a', 'b', 'c']) await files.write(name, bytes(10));
  await files.read('a');
  await files.write('d', bytes(10));
  expect((await readdir(dir)).sort()).toEqual(['a', 'c', 'd']);
  expect(files.bytes).toBe(30);
});

test('what is larger than everything is not kept', async () => {
  const files = await openClipFiles(dir, 30);
  await files.write('a', bytes(31));
  expect(await readdir(dir)).toEqual([]);
  expect(files.bytes).toBe(0);
});

test('a smaller bound is kept to at the start, the oldest goes first; drafts are swept up', async () => {
  for (const [index, name] of ['new', 'old', 'older'].entries()) {
    await writeFile(join(dir, name), bytes(10));
    await utimes(join(dir, name), 2_000_000_000 - index, 2_000_000_000 - index);
  }
  await writeFile(join(dir, 'x.tmp'), bytes(10));
  const files = await openClipFiles(dir, 25);
  expect((await readdir(dir)).sort()).toEqual(['new', 'old']);
  expect(files.bytes).toBe(20);
});

test('a file that somebody has removed is missed without an error', async () => {
  const files = await openClipFiles(dir, 1000);
  await files.write('a', bytes(10));
  await rm(join(dir, 'a'));
  expect(await files.read('a')).toBeUndefined();
  expect(files.bytes).toBe(0);
});

test('writers at the same time keep to the bound together', async () => {
  const files = await openClipFiles(dir, 35);
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => files.write(name, bytes(10))));
  expect(files.bytes).toBeLessThanOrEqual(35);
  expect((await readdir(dir)).length).toBeLessThanOrEqual(3);
});
