import { expect, test } from 'vitest';
import type { CaseRun } from '#contract/cases.ts';
import { inMinutes, NOON_MS } from '../test/samples.ts';
import { groupRuns, lateByMs, toClock } from './case-runs.ts';

function run(over: Partial<CaseRun> = {}): CaseRun {
  return {
    normSet: 'ua-cpc',
    limit: 'court',
    kind: 'deadline',
    standing: 'law',
    shadowed: false,
    ground: null,
    anchorAt: inMinutes(-600),
    amberAt: inMinutes(-60),
    redAt: inMinutes(-30),
    dueAt: inMinutes(60),
    metAt: null,
    pausedAt: null,
    ...over,
  };
}

const open = { isClosed: false, nowMs: NOON_MS };
const limits = (runs: readonly CaseRun[]) => runs.map(({ limit }) => limit);

test('what runs comes most pressing first, and what is in shadow last', () => {
  const { running } = groupRuns(
    [
      run({ limit: 'shadowed', shadowed: true, dueAt: inMinutes(-10) }),
      run({ limit: 'later', amberAt: inMinutes(10), redAt: inMinutes(20), dueAt: inMinutes(30) }),
      run({ limit: 'breached', dueAt: inMinutes(-1) }),
      run({ limit: 'red', dueAt: inMinutes(5) }),
    ],
    open,
  );
  expect(limits(running)).toEqual(['breached', 'red', 'later', 'shadowed']);
});

test('to be met at the very end is to be in time; a second later is late', () => {
  const inTime = run({ limit: 'in-time', dueAt: inMinutes(-5), metAt: inMinutes(-5) });
  const late = run({
    limit: 'late',
    dueAt: inMinutes(-5),
    metAt: new Date(NOON_MS - 299_000).toISOString(),
  });
  const groups = groupRuns([inTime, late], open);
  expect(limits(groups.met)).toEqual(['in-time']);
  expect(limits(groups.late)).toEqual(['late']);
  expect(lateByMs(late)).toBe(1_000);
});

test('what still ran when the case was closed was not met', () => {
  const groups = groupRuns([run()], { isClosed: true, nowMs: NOON_MS });
  expect(limits(groups.unmet)).toEqual(['court']);
  expect(groups.running).toEqual([]);
});

test('a run says the same as the wall’s clock', () => {
  expect(toClock(run(), 'cr-1')).toEqual({
    normSet: 'ua-cpc',
    limit: 'court',
    caseId: 'cr-1',
    anchorAt: inMinutes(-600),
    amberAt: inMinutes(-60),
    redAt: inMinutes(-30),
    dueAt: inMinutes(60),
  });
  expect(
    toClock(
      run({ kind: 'duty', standing: 'judgment', shadowed: true, ground: 'ruling', pausedAt: inMinutes(-1) }),
      'cr-1',
    ),
  ).toMatchObject({
    kind: 'duty',
    standing: 'judgment',
    shadowed: true,
    ground: 'ruling',
    pausedAt: inMinutes(-1),
  });
});
