import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseMesonList, renderCMakeSources, toSourceLists } from './source-lists.ts';

const worker = join(import.meta.dirname, '../../node_modules/mediasoup/worker');

test('joins a list with what is added to it later, and skips comments', () => {
  const text = `
other = [
  'src/other.cpp',
]
files = [
  'src/a.cpp', # 'src/commented.cpp',
  'src/b.cpp',
]
if not get_option('something')
  files += [
    'src/c.cc',
  ]
endif
`;
  expect(parseMesonList(text, 'files')).toEqual(['src/a.cpp', 'src/b.cpp', 'src/c.cc']);
});

test.each([
  ['a list that is not there', `other = ['src/a.cpp']`],
  ['an empty list', 'files = []'],
  ['something that is no C++ file', `files = ['src/a.hpp']`],
  ['a path that leaves the folder', `files = ['src/../../a.cpp']`],
])('refuses %s', (_what, text) => {
  expect(() => parseMesonList(text, 'files')).toThrow();
});

test('reads the lists of the worker that is installed: every file is there', async () => {
  const lists = toSourceLists(
    await readFile(join(worker, 'meson.build'), 'utf8'),
    await readFile(join(worker, 'deps/libwebrtc/meson.build'), 'utf8'),
  );
  expect(lists.worker).toContain('src/RTC/TransportCongestionControlClient.cpp');
  expect(lists.worker.at(-1)).toBe('src/main.cpp');
  expect(new Set(lists.worker).size).toBe(lists.worker.length);
  for (const file of [...lists.worker, ...lists.libwebrtc]) {
    await expect(readFile(join(worker, file)), file).resolves.toBeDefined();
  }
});

test('renders lists that CMake reads', () => {
  expect(renderCMakeSources({ worker: ['src/a.cpp', 'src/main.cpp'], libwebrtc: ['deps/b.cc'] })).toBe(
    'set(WORKER_SOURCES\n  src/a.cpp\n  src/main.cpp)\nset(LIBWEBRTC_SOURCES\n  deps/b.cc)\n',
  );
});
