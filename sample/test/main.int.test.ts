import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = join(import.meta.dirname, '..', 'main.ts');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'varta-sample-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function startSample(settings: Record<string, string>, args: readonly string[] = []) {
  return spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dir, SAMPLE_SERVER_URL: 'http://127.0.0.1:9', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('--check reads settings and nation, and ends', async () => {
  const sample = startSample({}, ['--check']);
  expect(await once(sample, 'close')).toEqual([0, null]);
});

test('a wrong setting is named, and it does not start', async () => {
  const sample = startSample({ SAMPLE_CACHE_MB: 'much' });
  let said = '';
  sample.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  expect(await once(sample, 'close')).toEqual([1, null]);
  expect(said).toContain('SAMPLE_CACHE_MB');
  expect(said).not.toContain('    at ');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it while it waits for the server', async (signal) => {
  const sample = startSample({ LOG_LEVEL: 'info' });
  // Its folder for video is made just before it begins to wait.
  await expect.poll(() => readdir(dir), { timeout: 10_000 }).toContain('sample-video');
  sample.kill(signal);
  expect(await once(sample, 'close')).toEqual([0, null]);
});
