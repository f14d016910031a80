import { expect, test } from 'vitest';
import { type BuiltChunk, shellFiles } from './shell-files.ts';

const chunk = (name: string, over: Partial<BuiltChunk> = {}): BuiltChunk => ({
  fileName: `assets/${name}.js`,
  imports: [],
  modules: [`/somewhere/client/${name}.ts`],
  assets: [],
  ...over,
});

const CHUNKS = [
  chunk('main', { imports: ['assets/shared.js'] }),
  chunk('shared', {
    assets: ['assets/inter-cyrillic-wght-normal-1.woff2', 'assets/inter-greek-wght-normal-2.woff2'],
  }),
  chunk('page', { imports: ['assets/shared.js', 'assets/main.js'] }),
  chunk('map', { imports: ['assets/shared.js'] }),
];

test('a page’s files are its chunks, what they import and the fonts of our scripts', () => {
  expect(shellFiles(CHUNKS, ['client/main.ts', 'client/page.ts'])).toEqual([
    'assets/inter-cyrillic-wght-normal-1.woff2',
    'assets/main.js',
    'assets/page.js',
    'assets/shared.js',
  ]);
});

test('a module that no chunk holds stops the build', () => {
  expect(() => shellFiles(CHUNKS, ['client/gone.ts'])).toThrow(/gone/);
});
