import { expect, test } from 'vitest';
import { formatFlaky, formatSummary } from './summary-reporter.ts';

test('is the line that programs look for', () => {
  expect(formatSummary(12, 3)).toBe('Tests: 12 passed, 3 failed');
});

test('names what passed at the second attempt only, before that line', () => {
  expect(formatFlaky([])).toBe('');
  expect(formatFlaky(['a.test.ts > one'])).toBe('Passed at the second attempt only:\n  a.test.ts > one\n');
});
