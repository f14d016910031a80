import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from './file-lock.mjs';
import { isInstalled } from './packages.mjs';
import { processParent, processStart } from './process-table.mjs';
import { formatElapsed } from './progress.mjs';

async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'varta-lock-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('elapsed time reads well at every size', () => {
  expect([300, 9_940, 10_000, 59_400, 125_000].map(formatElapsed)).toEqual([
    '0.3 s',
    '9.9 s',
    '10 s',
    '59 s',
    '2 min 5 s',
  ]);
});

const wanted = {
  packages: {
    '': { name: 'varta' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  },
};

test('installed is what the lock file names; optional packages may be for other machines', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  expect(isInstalled(wanted, { packages: { 'node_modules/a': a } })).toBe(true);
  expect(isInstalled(wanted, { packages: {} })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { ...a, integrity: 'sha512-x' } } })).toBe(
    false,
  );
  expect(isInstalled(wanted, undefined)).toBe(false);
  expect(isInstalled(undefined, { packages: {} })).toBe(false);
});

test('a lock is held by one and named to the other', async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'a.lock');
  const first = await acquireLock(path);
  expect(await acquireLock(path, { wait: false })).toEqual({ state: 'held', pid: process.pid });
  if (first.state === 'acquired') await first.release();
  const second = await acquireLock(path, { wait: false });
  expect(second.state).toBe('acquired');
  if (second.state === 'acquired') await second.release();
});

test('one who waits gets the lock when it is let go', async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'a.lock');
  const events: string[] = [];
  const first = await acquireLock(path);
  const waiting = new Promise<void>((resolve) => {
    void acquireLock(path, { onWait: () => resolve() }).then(async (lock) => {
      if (lock.state === 'acquired') await lock.release();
      events.push('second had it');
    });
  });
  await waiting;
  events.push('first lets go');
  if (first.state === 'acquired') await first.release();
  await expect.poll(() => events).toEqual(['first lets go', 'second had it']);
});

test.each([
  ['whose process is gone', { pid: 2 ** 22 + 1, start: '1' }],
  ['whose pid belongs to another process by now', { pid: process.pid, start: 'earlier' }],
])('a lock %s is taken over', async (_what, holder) => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'a.lock');
  await writeFile(path, JSON.stringify({ ...holder, host: hostname() }));
  const lock = await acquireLock(path, { wait: false });
  expect(lock.state).toBe('acquired');
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  if (lock.state === 'acquired') await lock.release();
});

test('a process has one start, a missing one has none', () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(process.pid)).toBeTypeOf('string');
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
  expect(processParent(process.pid)).toBe(process.ppid);
  expect(processParent(2 ** 22 + 1)).toBe(0);
});
