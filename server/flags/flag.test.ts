import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Actor,
  FLAG_TRANSITIONS,
  Flag,
  FlagState,
  type FlagTransitionBody,
  isOpenFlag,
} from '#contract/flags.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { smallRegistry } from '../test/fixtures/nation.ts';
import { isSameRaising, raiseFlag, stepFlag } from './flag.ts';

const DUTY: Actor = { kind: 'person', id: 'duty-68', name: 'duty-68' };
const AT = Date.UTC(2026, 10, 22, 12);
const STEPS = ['acknowledged', 'assigned', 'resolved', 'dismissed'] as const;

function ask(to: FlagTransitionBody['to'], version: number): FlagTransitionBody {
  return { to, version, reason: 'seen on site', assignee: 'oncall' };
}

test('a flag that is raised keeps to the wire', () => {
  const area = smallRegistry().area('ua-68-itt-1-cell-1');
  if (!area) throw new Error('no area');
  const body = {
    id: crypto.randomUUID(),
    areaId: area.id,
    category: 'medical',
    severity: 1,
    note: 'лежить',
  } as const;
  const flag = raiseFlag(body, area, DUTY, AT);
  expect(Flag.parse(flag)).toEqual(flag);
  expect(flag).toMatchObject({ regionId: 'UA-68', facilityId: 'ua-68-itt-1', state: 'raised', version: 1 });
  expect(isSameRaising(flag, raiseFlag(body, area, DUTY, AT + 5_000))).toBe(true);
  expect(isSameRaising(flag, raiseFlag({ ...body, severity: 2 }, area, DUTY, AT))).toBe(false);
  expect(isSameRaising(flag, raiseFlag(body, area, { ...DUTY, id: 'other' }, AT))).toBe(false);
});

test('every step from every state is as the table says, and says who and when', () => {
  for (const state of FlagState.options) {
    for (const to of STEPS) {
      const flag = flagOn('ua-68-itt-1-cell-1', { state, version: 3 });
      const result = stepFlag(flag, ask(to, 3), DUTY, AT);
      if (!FLAG_TRANSITIONS[state].includes(to)) {
        expect(result, `${state} → ${to}`).toMatchObject({ kind: 'refused', code: 'invalid_transition' });
        continue;
      }
      expect(result, `${state} → ${to}`).toMatchObject({ kind: 'changed', flag: { state: to, version: 4 } });
      if (result.kind !== 'changed') continue;
      expect(Flag.parse(result.flag).history).toEqual([
        ...flag.history,
        {
          state: to,
          by: DUTY,
          at: '2026-11-22T12:00:00.000Z',
          reason: 'seen on site',
          ...(to === 'assigned' ? { assignee: 'oncall' } : {}),
        },
      ]);
    }
  }
});

test.each([
  ['resolved', 'reason'],
  ['dismissed', 'reason'],
  ['assigned', 'assignee'],
] as const)('%s needs its %s', (to, field) => {
  const flag = flagOn('ua-68-itt-1-cell-1');
  expect(stepFlag(flag, { to, version: 1 }, DUTY, AT)).toMatchObject({ kind: 'incomplete', field });
});

test('a step decided on another version is refused; the very same step again is not a second one', () => {
  const flag = flagOn('ua-68-itt-1-cell-1');
  const first = stepFlag(flag, ask('acknowledged', 1), DUTY, AT);
  if (first.kind !== 'changed') throw new Error('not changed');
  expect(stepFlag(first.flag, ask('acknowledged', 1), DUTY, AT + 900)).toEqual({
    kind: 'repeated',
    flag: first.flag,
  });
  expect(stepFlag(first.flag, ask('acknowledged', 1), { ...DUTY, id: 'other' }, AT)).toMatchObject({
    kind: 'refused',
    code: 'conflict',
  });
  expect(stepFlag(first.flag, ask('resolved', 1), DUTY, AT)).toMatchObject({ code: 'conflict' });
  expect(stepFlag(first.flag, ask('resolved', 3), DUTY, AT)).toMatchObject({ code: 'conflict' });
});

test('whatever is asked, in whatever order: versions count steps, and what is closed stays closed', () => {
  const asked = fc.record({
    to: fc.constantFrom(...STEPS),
    behind: fc.integer({ min: -1, max: 2 }),
    who: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 150 }), (requests) => {
      let flag = flagOn('ua-68-itt-1-cell-1');
      for (const { to, behind, who } of requests) {
        const before = flag;
        const result = stepFlag(flag, ask(to, Math.max(1, flag.version - behind)), { ...DUTY, id: who }, AT);
        if (result.kind === 'changed') flag = result.flag;
        expect(isOpenFlag(before) || flag === before).toBe(true);
        expect(flag.version).toBe(flag.history.length);
        expect(flag.state).toBe(flag.history.at(-1)?.state);
        expect(flag.history.length).toBeLessThanOrEqual(100);
      }
    }),
    { numRuns: 50 },
  );
});
