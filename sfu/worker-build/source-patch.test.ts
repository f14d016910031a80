import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyPatch, dtlsReturnBitPatch } from './source-patch.ts';

const patch = { file: 'a.cpp', before: 'x == 1', after: 'x & 1' };

test('changes the one place', () => {
  expect(applyPatch('if (x == 1) {}', patch)).toBe('if (x & 1) {}');
});

test.each([
  ['is not there', 'if (y) {}', '0 times'],
  ['is there twice', 'x == 1; x == 1', '2 times'],
])('fails loudly when the text %s', (_what, text, count) => {
  expect(() => applyPatch(text, patch)).toThrow(count);
});

test('fits the worker that is installed', async () => {
  const file = join(import.meta.dirname, '../../node_modules/mediasoup/worker', dtlsReturnBitPatch.file);
  const text = await readFile(file, 'utf8');
  const mended = applyPatch(text, dtlsReturnBitPatch);
  expect(mended).toContain('(operationType & BIO_CB_RETURN) ?');
  expect(mended.split('\n').filter((line, index) => line !== text.split('\n')[index])).toHaveLength(1);
});
