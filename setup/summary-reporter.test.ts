import { expect, test } from 'vitest';
import { formatFlaky, formatSkipped, formatSummary } from './summary-reporter.ts';

test('is the line that programs look for', () => {
  expect(formatSummary(12, 3)).toBe('Tests: 12 passed, 3 failed');
});

test('names what passed at the second attempt only, before that line', () => {
  expect(formatFlaky([])).toBe('');
  expect(formatFlaky([{ name: 'a.test.ts > one', error: undefined }])).toBe(
    'Passed at the second attempt only:\n  a.test.ts > one\n    no error was kept\n',
  );
});

test('says in one line what the first attempt failed with, and what that came from', () => {
  const error = {
    message: 'not within 20000 ms:\n  the tab counts an alert',
    cause: { message: '\u001b[31mexpected 2\u001b[39m to be 1' },
  };
  expect(formatFlaky([{ name: 'a.test.ts > one', error }])).toBe(
    'Passed at the second attempt only:\n  a.test.ts > one\n    not within 20000 ms: the tab counts an alert; cause: expected 2 to be 1\n',
  );
});

test('names what did not run, and why', () => {
  expect(formatSkipped([])).toBe('');
  expect(formatSkipped([{ name: 'a.test.ts > one', note: 'it takes root' }])).toBe(
    'Not run here:\n  a.test.ts > one\n    it takes root\n',
  );
});

test('of a message that is endless it says the beginning', () => {
  const told = formatFlaky([{ name: 'a.test.ts > one', error: { message: 'x'.repeat(10_000) } }]);
  expect(told).toContain(`    ${'x'.repeat(500)}…\n`);
});
