import { expect, test } from 'vitest';
import { formatSummary } from './summary-reporter.ts';

test('is the line that programs look for', () => {
  expect(formatSummary(12, 3)).toBe('Tests: 12 passed, 3 failed');
});
