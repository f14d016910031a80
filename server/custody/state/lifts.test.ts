import { expect, test } from 'vitest';
import { MASK_LIFT_LEVEL } from '../../../config/gate/mask.ts';
import type { Lift } from './area-log.ts';
import type { CaseView } from './case-view.ts';
import { standingLift } from './lifts.ts';

const CASE = 'cr-1';
const lifted = (at: number, change: Partial<Lift> = {}): Lift => ({
  id: `lift-${at}`,
  at,
  recordedAt: at,
  lifts: true,
  until: at + 100,
  concerns: CASE,
  by: 'duty-68',
  ...change,
});
const covered = (at: number): Lift => ({ ...lifted(at), lifts: false });
const inside = (sinceMs: number, observationLevel: number = MASK_LIFT_LEVEL) =>
  [{ caseId: CASE, place: { areaId: 'a-1', sinceMs }, facts: { observationLevel } }] as unknown as CaseView[];
const nothingVoid = { isVoid: () => false, correctedAt: () => 0 };
const standing = (
  lifts: readonly Lift[],
  people: readonly CaseView[],
  isVoid: (id: string) => boolean = () => false,
) => standingLift(lifts, { inside: people, corrections: { ...nothingVoid, isVoid } });

test('a mask is lifted from when that was decided, until its end, by whom', () => {
  expect(standing([lifted(50)], inside(10))).toEqual({ sinceMs: 50, untilMs: 150, by: 'duty-68' });
  expect(standing([lifted(50), covered(60)], inside(10))).toBeUndefined();
  expect(standing([lifted(50), covered(60), lifted(70)], inside(10))?.sinceMs).toBe(70);
});

test('only for somebody who is inside, has been since then, and is at that risk', () => {
  expect(standing([lifted(50)], [])).toBeUndefined();
  expect(standing([lifted(50)], inside(51))).toBeUndefined();
  expect(standing([lifted(50)], inside(10, MASK_LIFT_LEVEL - 1))).toBeUndefined();
  expect(standing([lifted(50, { concerns: 'cr-2' })], inside(10))).toBeUndefined();
});

test('what lifted it can be void, that it covers again cannot', () => {
  expect(standing([lifted(50)], inside(10), (id) => id === 'lift-50')).toBeUndefined();
  expect(standing([lifted(50), covered(60)], inside(10), (id) => id === 'lift-60')).toBeUndefined();
});
