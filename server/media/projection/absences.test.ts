import { expect, test } from 'vitest';
import { AWAY_AFTER_MS, awaySince, noteAbsences } from './absences.ts';

const T0_MS = 1_000_000;

test('equipment is away when it has not come back for a while, since it was missed first', () => {
  const first = noteAbsences(new Map(), ['cell', 'yard'], T0_MS);
  const later = noteAbsences(first, ['cell'], T0_MS + 5_000);
  expect(awaySince(later, 'cell', T0_MS + AWAY_AFTER_MS - 1)).toBeUndefined();
  expect(awaySince(later, 'cell', T0_MS + AWAY_AFTER_MS)).toBe(T0_MS);
  expect(awaySince(later, 'yard', T0_MS + 2 * AWAY_AFTER_MS)).toBeUndefined();
});

test('who comes back and goes again is missed anew', () => {
  const gone = noteAbsences(new Map(), ['cell'], T0_MS);
  const again = noteAbsences(noteAbsences(gone, [], T0_MS + 5_000), ['cell'], T0_MS + 10_000);
  expect(awaySince(again, 'cell', T0_MS + AWAY_AFTER_MS)).toBeUndefined();
  expect(awaySince(again, 'cell', T0_MS + 10_000 + AWAY_AFTER_MS)).toBe(T0_MS + 10_000);
});
