import { expect, test } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

function collect() {
  const lines: string[] = [];
  return { lines, splitter: createLineSplitter((line) => lines.push(line)) };
}

test('joins what came in pieces and gives out the rest at the end', () => {
  const { lines, splitter } = collect();
  for (const piece of ['on', 'e\ntwo\r\n\nthr', 'ee']) splitter.push(piece);
  expect(lines).toEqual(['one', 'two', '']);
  splitter.flush();
  splitter.flush();
  expect(lines).toEqual(['one', 'two', '', 'three']);
});

test('a line without an end is cut, so that it can not fill the memory', () => {
  const { lines, splitter } = collect();
  splitter.push('x'.repeat(100_000));
  expect(lines.length).toBeGreaterThan(1);
  splitter.flush();
  expect(lines.join('')).toBe('x'.repeat(100_000));
});
