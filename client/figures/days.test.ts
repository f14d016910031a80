import { expect, test } from 'vitest';
import { formatDay, parseDay } from './days.ts';

test.each(['uk', 'en'] as const)(
  'a day is written day first in %s, and read as it is written',
  (language) => {
    expect(formatDay('2026-03-04', language)).toMatch(/^04[./]03[./]2026$/);
    expect(parseDay(formatDay('2026-03-04', language))).toBe('2026-03-04');
  },
);

test.each([
  ['4.3.2026', '2026-03-04'],
  [' 04-03-2026 ', '2026-03-04'],
  ['2026-03-04', '2026-03-04'],
  ['31.02.2026', undefined],
  // The thirteenth month of the American order is no day here.
  ['04.13.2026', undefined],
  ['04.03', undefined],
  ['', undefined],
])('%j is %s', (text, day) => {
  expect(parseDay(text)).toBe(day);
});
