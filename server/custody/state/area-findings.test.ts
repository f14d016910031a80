import { describe, expect, test } from 'vitest';
import type { CustodyEvent } from '#contract/custody-events.ts';
import {
  ADULT,
  areaEvent,
  BASIS,
  caseEvent,
  correction,
  after as minutes,
  stored,
} from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import { restoreFacility } from './facility-custody.ts';

const findingsOf = (events: readonly CustodyEvent[], area = 'cell-1') =>
  applyEvents(
    restoreFacility('ua-68-itt-1', BASIS),
    events.map((event) => stored(event)),
    BASIS,
  ).facility.statuses.get(`ua-68-itt-1-${area}`)?.findings;

describe('power', () => {
  const lost = (id: number, at: number, area = 'cell-1') => areaEvent('POWER_LOST', { id, at, area });
  const restored = (id: number, at: number) => areaEvent('POWER_RESTORED', { id, at, area: 'cell-1' });
  const since = (at: number) => [{ normSet: 'record', code: 'power-lost', since: minutes(at) }];

  test.each([
    ['fails', [lost(1, 0)], since(0)],
    ['fails, and that is said again', [lost(1, 0), lost(2, 30)], since(0)],
    ['is back', [lost(1, 0), restored(2, 30)], undefined],
    ['fails once more', [lost(1, 0), restored(2, 30), lost(3, 60)], since(60)],
    ['was back before it failed', [restored(1, 0), lost(2, 30)], since(30)],
    ['fails elsewhere', [lost(1, 0, 'cell-2')], undefined],
    ['did not fail', [lost(1, 0), correction({ id: 2, at: 10, corrects: 1 })], undefined],
    [
      'failed somewhere else',
      [lost(1, 0), correction({ id: 2, at: 10, corrects: 1, replacement: lost(3, 0, 'cell-2') })],
      undefined,
    ],
  ])('%s, in whatever order that comes', (_, events, expected) => {
    expect(findingsOf(events)).toEqual(expected);
    expect(findingsOf(events.toReversed())).toEqual(expected);
  });
});

describe('who may harm themselves', () => {
  const atRisk = { ...ADULT, atRisk: true };
  const placed = caseEvent('CELL_PLACED', { id: 1, at: 10, area: 'cell-1', person: atRisk });
  const assessed = (id: number, at: number, observationLevel?: number) =>
    caseEvent('RISK_ASSESSED', { id, at, ...(observationLevel === undefined ? {} : { observationLevel }) });
  const unobserved = [{ normSet: 'practice', code: 'risk-unobserved', since: minutes(10) }];

  test.each([
    ['is observed as everybody', [placed], unobserved],
    ['is assessed, and nothing is decided', [placed, assessed(2, 20)], unobserved],
    ['is to be observed as everybody', [placed, assessed(2, 20, 1)], unobserved],
    ['is observed more closely', [placed, assessed(2, 20, 2)], undefined],
    ['is no longer observed more closely', [placed, assessed(2, 20, 3), assessed(3, 60, 1)], unobserved],
    [
      'is at no risk any more',
      [placed, caseEvent('RISK_ASSESSED', { id: 2, at: 30, person: ADULT })],
      undefined,
    ],
    ['has left', [placed, caseEvent('RELEASED', { id: 2, at: 30 })], undefined],
    [
      'was never at risk',
      [caseEvent('CELL_PLACED', { id: 1, at: 10, area: 'cell-1', person: ADULT })],
      undefined,
    ],
  ])('%s', (_, events, expected) => {
    expect(findingsOf(events)).toEqual(expected);
  });

  test('one of two who is not observed is enough', () => {
    const other = caseEvent('CELL_PLACED', {
      id: 4,
      at: 15,
      area: 'cell-1',
      person: atRisk,
      caseName: 'two',
    });
    const found = findingsOf([placed, assessed(2, 20, 2), other]);
    expect(found).toEqual([{ normSet: 'practice', code: 'risk-unobserved', since: minutes(15) }]);
  });
});
