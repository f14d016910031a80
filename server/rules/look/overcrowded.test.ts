import { expect, test } from 'vitest';
import type { NationNorms } from '#contract/nation.ts';
import { chooseNorms, KAZAKHSTAN, UKRAINE } from '../../../config/norms/norms.ts';
import { applyEvents } from '../../custody/state/apply-events.ts';
import { restoreFacility } from '../../custody/state/facility-custody.ts';
import { ADULT, basisOf, caseEvent, START_MS, stored } from '../../test/fixtures/custody.ts';
import { lookAtArea } from './area.ts';

const FACILITY = 'ua-68-itt-1';

/** The line by which a cell of 16 m² is flagged with so many people, under the norms of a nation. */
function flaggedBy({ sets }: NationNorms, count: number): unknown {
  const basis = basisOf(chooseNorms(sets, 'Europe/Kyiv'));
  const arrivals = Array.from({ length: count }, (_, index) =>
    stored(
      caseEvent('CELL_PLACED', {
        id: index + 1,
        at: 0,
        area: 'cell-1',
        caseName: `n${index}`,
        person: ADULT,
      }),
    ),
  );
  const { facility } = applyEvents(restoreFacility(FACILITY, basis), arrivals, basis);
  const status = facility.statuses.get(`${FACILITY}-cell-1`);
  if (!status) throw new Error('no status');
  const { findings } = lookAtArea(status, { capacity: 4, nowMs: START_MS });
  return findings.find(({ rule }) => rule === 'overcrowded')?.params.limit;
}

test.each([
  // 4 m², 3.2 m² and 2.66 m² a person.
  ['Ukraine', UKRAINE, [undefined, undefined, 'echr/space-3']],
  ['Kazakhstan', KAZAKHSTAN, [undefined, 'cpt/space-4', 'cpt/space-4']],
] as const)('%s: too little room is flagged by a line that holds there', (_, norms, lines) => {
  expect([4, 5, 6].map((count) => flaggedBy(norms, count))).toEqual(lines);
});
