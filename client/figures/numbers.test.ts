import { expect, test } from 'vitest';
import { lawyerShare } from './numbers.ts';

test('who records no lawyer at all has no perfect figure', () => {
  const lawyer = { within1h: 1, within6h: 0, later: 0, none: 0, medianMinutes: 5, worstMinutes: 5 };
  expect(lawyerShare({ lawyer: { ...lawyer, unassigned: 0 } })).toBe(1);
  expect(lawyerShare({ lawyer: { ...lawyer, unassigned: 3 } })).toBe(0.25);
});
