import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashContents } from './content-hash.ts';

async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'varta-hash-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('changes with names and contents of what counts, and with nothing else', async () => {
  await using folder = await makeFolder();
  await mkdir(join(folder.path, 'client/wall'), { recursive: true });
  await writeFile(join(folder.path, 'client/wall/a.ts'), 'one');
  await writeFile(join(folder.path, 'client/b.test.ts'), 'test');
  await writeFile(join(folder.path, 'lock.json'), '{}');
  const hash = () =>
    hashContents(folder.path, ['client', 'lock.json', 'not-there'], (file) => !file.includes('.test.'));

  const first = await hash();
  await writeFile(join(folder.path, 'client/b.test.ts'), 'another test');
  expect(await hash()).toBe(first);
  await writeFile(join(folder.path, 'client/wall/a.ts'), 'two');
  const second = await hash();
  expect(second).not.toBe(first);
  await writeFile(join(folder.path, 'lock.json'), '{"a":1}');
  const third = await hash();
  expect(third).not.toBe(second);
  await writeFile(join(folder.path, 'client/wall/c.ts'), '');
  expect(await hash()).not.toBe(third);
});
