import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capture } from '../../../setup/command.ts';
import type { Machine } from '../machine.ts';
import { downloadPrebuilt } from '../prebuilt.ts';

const machine: Machine = {
  env: process.env,
  capture,
  run: () => Promise.reject(new Error('nothing is built here')),
  withLock: (_path, action) => action(),
  say: () => {},
};

async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'varta-prebuilt-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/worker.tgz`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An archive such as is released, with a program that ends with `code` as its worker. */
async function makeArchive(folder: string, code: number): Promise<Buffer> {
  const program = join(folder, 'mediasoup-worker');
  await writeFile(program, `#!/bin/sh\nexit ${code}\n`);
  await chmod(program, 0o755);
  execFileSync('tar', ['-czf', join(folder, 'made.tgz'), '-C', folder, 'mediasoup-worker']);
  await rm(program);
  const archive = await readFile(join(folder, 'made.tgz'));
  await rm(join(folder, 'made.tgz'));
  return archive;
}

test('a released worker that starts here is taken', async () => {
  await using folder = await makeFolder();
  const archive = await makeArchive(folder.path, 41);
  await using server = await serve((_request, response) => void response.end(archive));
  const result = await downloadPrebuilt(machine, server.url, join(folder.path, 'worker'));
  expect(result).toEqual({ ok: true, file: join(folder.path, 'worker', 'mediasoup-worker') });
  expect(await readdir(folder.path)).toEqual(['worker']);
});

test.each<[string, (archive: Buffer) => RequestListener, number, RegExp]>([
  [
    'is not released for this machine',
    () => (_, response) => void response.writeHead(404).end(),
    41,
    /HTTP 404/,
  ],
  ['does not start', (archive) => (_, response) => void response.end(archive), 127, /does not start/],
  [
    'is cut off',
    (archive) => (_, response) => void response.end(archive.subarray(0, 60)),
    41,
    /does not unpack/,
  ],
  ['never answers', () => () => {}, 41, /no answer/],
  ['breaks off', () => (_, response) => void response.write('x', () => response.destroy()), 41, /./],
])('one that %s leaves nothing behind, and the reason is given', async (_what, respond, code, reason) => {
  await using folder = await makeFolder();
  await using server = await serve(respond(await makeArchive(folder.path, code)));
  const result = await downloadPrebuilt(machine, server.url, join(folder.path, 'worker'), 300);
  expect(result).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  expect(await readdir(folder.path)).toEqual([]);
});
