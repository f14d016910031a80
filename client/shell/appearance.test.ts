import { expect, test } from 'vitest';
import { capMinutesOf, READ_ARC_MINUTES } from '#contract/displays.ts';
import { chosenAlarmPlace } from './alarm-place.ts';
import { chooseScale, chosenTextSize, TEXT_SIZES } from './scale.ts';
import { chosenTheme, effectiveTheme } from './theme.ts';

const storage = (value: string | null) => ({ getItem: () => value });

test('a theme is what was chosen on the device, else what the system prefers', () => {
  expect(chosenTheme(storage(null))).toBe('auto');
  expect(chosenTheme(storage('sepia'))).toBe('auto');
  expect(chosenTheme(storage('light'))).toBe('light');
  expect(effectiveTheme('auto', true)).toBe('light');
  expect(effectiveTheme('auto', false)).toBe('dark');
  expect(effectiveTheme('dark', true)).toBe('dark');
});

test('text follows the screen unless somebody chose its size, and can be chosen so that a room reads it', () => {
  const wall = { width: 3840, height: 2160 };
  expect(chooseScale(null, wall)).toBe(2);
  expect(chosenTextSize(storage(null))).toBe('auto');
  expect(chosenTextSize(storage('17'))).toBe('auto');
  const largest = Math.max(...TEXT_SIZES.filter((size) => size !== 'auto').map(Number));
  expect(chooseScale(String(largest), wall)).toBe(largest);
  // The smallest text of a desk's tiles, of 12 px at scale 1.
  expect(capMinutesOf(12 * largest, { diagonalInches: 85, distanceM: 3.6 }, wall)).toBeGreaterThanOrEqual(
    READ_ARC_MINUTES,
  );
});

test('alarms are beside the pictures unless somebody wants them below', () => {
  expect(chosenAlarmPlace(storage(null))).toBe('right');
  expect(chosenAlarmPlace(storage('above'))).toBe('right');
  expect(chosenAlarmPlace(storage('bottom'))).toBe('bottom');
});
