import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyRing } from './key-ring.ts';

const KEY = 'a-key-of-more-than-twenty-characters';

let file: string;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'varta-keys-'));
  file = join(dir, 'sample-keys.json');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a file that is not there yet holds no key', async () => {
  const keys = createKeyRing(file);
  await keys.refresh();
  expect(keys.get('ua-68-itt-2')).toBeUndefined();
});

test('a refresh reads what has been written', async () => {
  await writeFile(file, JSON.stringify({ 'ua-68-itt-2': KEY }));
  const keys = createKeyRing(file);
  expect(keys.get('ua-68-itt-2')).toBeUndefined();
  await keys.refresh();
  expect(keys.get('ua-68-itt-2')).toBe(KEY);
});

test.each(['', '{"ua-68-itt-2":', '[]', '{"ua-68-itt-2":7}'])(
  'a file that holds %j leaves the keys as they were',
  async (content) => {
    await writeFile(file, JSON.stringify({ 'ua-68-itt-2': KEY }));
    let nowMs = 0;
    const keys = createKeyRing(file, () => nowMs);
    await keys.refresh();
    await writeFile(file, content);
    nowMs = 60_000;
    await keys.refresh();
    expect(keys.get('ua-68-itt-2')).toBe(KEY);
  },
);

test('it is read at most once a second, however many keys are refused', async () => {
  let nowMs = 0;
  const keys = createKeyRing(file, () => nowMs);
  await keys.refresh();
  await writeFile(file, JSON.stringify({ 'ua-68-itt-2': KEY }));
  nowMs = 500;
  await keys.refresh();
  expect(keys.get('ua-68-itt-2')).toBeUndefined();
  nowMs = 1_500;
  await keys.refresh();
  expect(keys.get('ua-68-itt-2')).toBe(KEY);
});
