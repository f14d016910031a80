import { expect, test } from 'vitest';
import { limits } from '../../config/norms/norms.ts';
import { digestNumbers } from './digest.ts';
import { lateOf, limitsOn, toFigures } from './to-figures.ts';

const ALL = limits();
const law = limitsOn('law', ALL);
const guidance = limitsOn('guidance', ALL);

test('every limit once late: the column of law counts those of law alone, guidance stands apart', () => {
  const figures = toFigures(
    Object.fromEntries(ALL.map(({ normSet, limit }) => [`late/${normSet}/${limit}`, 1])),
  );
  const countOf = (standing: string) =>
    ALL.filter((one) => one.standing === standing && one.kind !== 'duty').length;
  expect(countOf('guidance')).toBeGreaterThan(0);
  expect(digestNumbers(figures, { law, guidance })).toMatchObject({
    breaches: countOf('law'),
    guidanceLate: countOf('guidance'),
  });
  expect(lateOf(figures, law)).toBe(countOf('law'));
});

test('who never had a lawyer is told, and is not among those whose lawyer came late', () => {
  const figures = toFigures({
    'lawyer/1h': 1,
    'lawyer/6h': 2,
    'lawyer/later': 4,
    'lawyer/none': 8,
    'lawyer/unassigned': 16,
  });
  expect(digestNumbers(figures, { law, guidance })).toMatchObject({ lawyerLate: 6, lawyerNever: 24 });
});
