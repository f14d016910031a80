import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import type { RoleId } from '#contract/session.ts';
import {
  EscalationSets,
  type EscalationStep,
  escalationOf,
  rolesOf,
} from '../../config/escalation/escalation.ts';
import { UA_ESCALATION } from '../../config/escalation/ua.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { planEscalation, type TakenStep } from './plan-escalation.ts';

const RAISED_MS = Date.UTC(2026, 10, 22, 10);
const by = { kind: 'rule', id: 'no-video', name: 'no-video' } as const;
const at = new Date(RAISED_MS).toISOString();

const flag = (change: Partial<Flag> = {}) =>
  flagOn('ua-68-itt-1-cell-1', { history: [{ state: 'raised', by, at }], ...change });

const STEPS: EscalationStep[] = [
  { to: ['duty'], afterS: 0 },
  { to: ['oncall'], afterS: 300 },
  { to: ['situation'], afterS: 600 },
];
const EVERYBODY: Partial<Record<RoleId, string[]>> = { duty: ['d'], oncall: ['o'], situation: ['s'] };
const among = (people: Partial<Record<RoleId, string[]>>) => (to: readonly RoleId[]) =>
  to.flatMap((role) => people[role] ?? []);

const plan = (taken: readonly TakenStep[], afterS: number, people = EVERYBODY, one = flag()) =>
  planEscalation(one, taken, {
    steps: STEPS,
    recipientsOf: among(people),
    nowMs: RAISED_MS + afterS * 1000,
  });

test('the duty centre at once, the next one when nobody answers, the last one in the end', () => {
  expect(plan([], 0)).toEqual({
    take: [{ key: 'step:1', step: 1, reason: 'raised', to: ['duty'], recipients: ['d'] }],
    next: { atMs: RAISED_MS + 300_000, to: ['oncall'] },
  });
  const first = [{ key: 'step:1', recipients: ['d'] }] as const;
  expect(plan(first, 299.999).take).toEqual([]);
  expect(plan(first, 300).take).toMatchObject([{ step: 2, reason: 'unanswered', recipients: ['o'] }]);
  expect(plan([...first, { key: 'step:2', recipients: ['o'] }], 600)).toMatchObject({
    take: [{ step: 3, reason: 'unanswered', recipients: ['s'] }],
    next: undefined,
  });
});

test('a step with nobody to tell waits for nobody', () => {
  expect(plan([], 0, { oncall: ['o'], situation: ['s'] })).toMatchObject({
    take: [
      { step: 1, reason: 'raised', recipients: [] },
      { step: 2, reason: 'nobody', recipients: ['o'] },
    ],
    next: { atMs: RAISED_MS + 600_000, to: ['situation'] },
  });
  expect(plan([], 0, {}).take).toHaveLength(3);
});

test('what was missed while no replica lived is made up for', () => {
  expect(plan([], 10_000).take.map(({ step }) => step)).toEqual([1, 2, 3]);
});

test('a last step that comes again does so until somebody answers, and what was missed is not made up for', () => {
  const steps: EscalationStep[] = [
    { to: ['duty'], afterS: 0 },
    { to: ['oncall'], afterS: 300, againEveryS: 300 },
  ];
  const at = (taken: readonly TakenStep[], afterS: number, one = flag()) =>
    planEscalation(one, taken, {
      steps,
      recipientsOf: among(EVERYBODY),
      nowMs: RAISED_MS + afterS * 1000,
    });
  const told = at([], 300);
  expect(told.take.map(({ key }) => key)).toEqual(['step:1', 'step:2']);
  expect(told.next).toEqual({ atMs: RAISED_MS + 600_000, to: ['oncall'] });
  expect(at(told.take, 599.999).take).toEqual([]);
  const once = at(told.take, 600);
  expect(once.take).toEqual([
    { key: 'step:3', step: 3, reason: 'unanswered', to: ['oncall'], recipients: ['o'] },
  ]);
  expect(once.next?.atMs).toBe(RAISED_MS + 900_000);
  expect(at([...told.take, ...once.take], 899).take).toEqual([]);
  expect(at([...told.take, ...once.take], 10_000).take.map(({ step }) => step)).toEqual([34]);
  expect(at(told.take, 600, flag({ state: 'acknowledged' }))).toEqual({ take: [], next: undefined });
});

test('whoever answers ends it; whoever it is assigned to is told once', () => {
  expect(plan([], 10_000, EVERYBODY, flag({ state: 'acknowledged' }))).toEqual({
    take: [],
    next: undefined,
  });
  const assigned = flag({
    state: 'assigned',
    version: 2,
    history: [
      { state: 'raised', by, at },
      { state: 'assigned', by, at, assignee: 'o' },
    ],
  });
  const told = plan([], 0, EVERYBODY, assigned);
  expect(told.take).toEqual([{ key: 'assigned:2', step: 0, reason: 'assigned', to: [], recipients: ['o'] }]);
  expect(plan(told.take, 0, EVERYBODY, assigned).take).toEqual([]);
});

test('whenever it is looked, and whatever is set: each step once, in order, never early while somebody was told', () => {
  const step = fc.record({
    to: fc.constantFrom<RoleId[]>(['duty'], ['oncall'], ['situation'], ['duty', 'situation']),
    afterS: fc.integer({ min: 0, max: 3_600 }),
  });
  const staff = fc.record({
    duty: fc.subarray(['d1', 'd2']),
    oncall: fc.subarray(['o1']),
    situation: fc.subarray(['s1']),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }).map((all) => all.toSorted((a, b) => a.afterS - b.afterS)),
      fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 20 }),
      staff,
      (steps, looks, people) => {
        const taken: TakenStep[] = [];
        let hasReached = false;
        for (const afterS of looks.toSorted((a, b) => a - b)) {
          const nowMs = RAISED_MS + afterS * 1000;
          const { take, next } = planEscalation(flag(), taken, {
            steps,
            recipientsOf: among(people),
            nowMs,
          });
          for (const one of take) {
            const due = steps[one.step - 1];
            expect(one.step).toBe(taken.length + 1);
            if (hasReached || one.step === 1) expect(afterS).toBeGreaterThanOrEqual(due?.afterS ?? Infinity);
            hasReached ||= one.recipients.length > 0;
            taken.push(one);
          }
          if (next) expect(next.atMs).toBeGreaterThan(nowMs);
          else expect(taken).toHaveLength(steps.length);
        }
        const lastS = Math.max(...looks);
        for (const [index, { afterS }] of steps.entries())
          if (afterS <= lastS) expect(taken.map(({ key }) => key)).toContain(`step:${index + 1}`);
      },
    ),
    { numRuns: 300 },
  );
});

test('our own escalation is well-formed, says what its minutes rest on, and tells everybody of level 1 at once', () => {
  expect(EscalationSets.parse(UA_ESCALATION)).toEqual(UA_ESCALATION);
  for (const { standing } of UA_ESCALATION) expect(standing).toBe('judgment');
  const steps = escalationOf(UA_ESCALATION, { regionId: 'UA-68', severity: 1, raisedAtMs: RAISED_MS });
  expect(steps[0]).toEqual({ to: ['duty', 'oncall', 'situation'], afterS: 0 });
  expect([...rolesOf(UA_ESCALATION)].toSorted()).toEqual(['duty', 'oncall', 'situation']);
});

test('a flag goes by the set that held when it was raised, and by its region’s own way', () => {
  const [base] = UA_ESCALATION;
  if (!base) throw new Error('no set');
  const sets = EscalationSets.parse([
    base,
    {
      ...base,
      id: 'later',
      validFrom: '2027-01-01T00:00:00+02:00',
      regions: { 'UA-05': { '2': [{ to: ['situation'], afterS: 0 }] } },
    },
  ]);
  const stepsAt = (iso: string, regionId: string) =>
    escalationOf(sets, { regionId, severity: 2, raisedAtMs: Date.parse(iso) })[0]?.to;
  expect(stepsAt('2026-12-31T23:59:59+02:00', 'UA-05')).toEqual(['duty']);
  expect(stepsAt('2027-01-01T00:00:00+02:00', 'UA-05')).toEqual(['situation']);
  expect(stepsAt('2027-01-01T00:00:00+02:00', 'UA-68')).toEqual(['duty']);
});

test.each([
  [
    'level 1 does not begin at once',
    (levels: object) => ({ ...levels, '1': [{ to: ['duty'], afterS: 5, againEveryS: 60 }] }),
  ],
  ['level 1 is left alone', (levels: object) => ({ ...levels, '1': [{ to: ['duty'], afterS: 0 }] })],
  [
    'a step in the middle comes again',
    (levels: object) => ({
      ...levels,
      '3': [
        { to: ['duty'], afterS: 0, againEveryS: 60 },
        { to: ['oncall'], afterS: 600 },
      ],
    }),
  ],
  ['level 1 tells nobody', (levels: object) => ({ ...levels, '1': [] })],
  [
    'steps go back in time',
    (levels: object) => ({
      ...levels,
      '3': [
        { to: ['duty'], afterS: 60 },
        { to: ['oncall'], afterS: 30 },
      ],
    }),
  ],
  ['a role that does not exist', (levels: object) => ({ ...levels, '4': [{ to: ['chief'], afterS: 0 }] })],
])('an escalation is refused: %s', (_, change) => {
  const wrong = UA_ESCALATION.map((set) => ({ ...set, levels: change(set.levels) }));
  expect(EscalationSets.safeParse(wrong).success).toBe(false);
});
