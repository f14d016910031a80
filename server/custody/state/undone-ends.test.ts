import { expect, test } from 'vitest';
import type { CaseEvent } from '#contract/custody-events.ts';
import { ADULT, after, BASIS, caseEvent, stored } from '../../test/fixtures/custody.ts';
import { foldRecord } from '../cases/case-record.ts';

const HOUR = 60;
const HERE = 'ua-68-itt-1';
const CASE = 'cr-68-1-one';

const HELD: CaseEvent[] = [
  caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
  caseEvent('REGISTERED', { id: 2, at: 30 }),
  caseEvent('CELL_PLACED', { id: 3, at: 40, area: 'cell-1' }),
];
const RELEASED = caseEvent('RELEASED', { id: 4, at: 20 * HOUR });

function recordOf(...later: CaseEvent[]) {
  const events = [...HELD, ...later].map((event) => stored(event));
  const record = foldRecord({ facilityId: HERE, caseId: CASE }, events, BASIS);
  if (!record) throw new RangeError('no case');
  return record;
}
const runOf = (limit: string, ...later: CaseEvent[]) =>
  recordOf(...later).runs.find((run) => run.set.id === 'ua-cpc' && run.limit.id === limit);
const codes = (...later: CaseEvent[]) => recordOf(...later).view.contradictions.map(({ code }) => code);

test.each(['CELL_PLACED', 'CELL_MOVED', 'APPREHENDED', 'DETENTION_AUTHORISED', 'HOSPITAL_RETURNED'] as const)(
  'a release with %s after it meets no limit, and the clocks run on',
  (type) => {
    const proof = caseEvent(type, { id: 5, at: 21 * HOUR, area: 'cell-1' });
    for (const limit of ['suspicion', 'court', 'decision']) {
      expect(runOf(limit, RELEASED)?.metMs).toBe(Date.parse(after(20 * HOUR)));
      expect(runOf(limit, RELEASED, proof)?.metMs).toBeUndefined();
    }
    const { view } = recordOf(RELEASED, proof);
    expect(view.closedAtMs).toBeNull();
    expect(view.clocks.find(({ limit }) => limit === 'court')?.dueAt).toBe(after(60 * HOUR));
    expect(codes(RELEASED)).toEqual([]);
    expect(codes(RELEASED, proof)).toEqual(['held-after-release']);
  },
);

test('only the last release meets what still ran', () => {
  const again = caseEvent('CELL_PLACED', { id: 5, at: 20 * HOUR + 1, area: 'cell-1' });
  const later = caseEvent('RELEASED', { id: 6, at: 30 * HOUR });
  expect(runOf('suspicion', RELEASED, again, later)?.metMs).toBe(Date.parse(after(30 * HOUR)));
  expect(recordOf(RELEASED, again, later).view.closedAtMs).toBe(Date.parse(after(30 * HOUR)));
});

test.each(['REGISTERED', 'PROTOCOL_DRAWN', 'INTERROGATION_STARTED'] as const)(
  'what is written down or done at liberty after a release, as %s, proves nothing',
  (type) => {
    const later = caseEvent(type, { id: 5, at: 21 * HOUR });
    expect(runOf('court', RELEASED, later)?.metMs).toBe(Date.parse(after(20 * HOUR)));
    expect(codes(RELEASED, later)).toEqual([]);
  },
);

test('who was transferred and is in a cell again has not left, unless they were brought back', () => {
  const gone = caseEvent('TRANSFERRED', { id: 4, at: 20 * HOUR });
  const placed = (previous: object) =>
    caseEvent('CELL_PLACED', { id: 5, at: 30 * HOUR, area: 'cell-1', ...previous });
  const back = { previousCase: { facilityId: 'ua-05-itt-1' } };
  expect(runOf('itt-stay', gone, placed({}))?.metMs).toBeUndefined();
  expect(codes(gone, placed({}))).toEqual(['held-after-release']);
  expect(runOf('itt-stay', gone, placed(back))?.metMs).toBe(Date.parse(after(20 * HOUR)));
  expect(codes(gone, placed(back))).not.toContain('held-after-release');
});
