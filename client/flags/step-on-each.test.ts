import { expect, test, vi } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleFlag } from '../test/samples.ts';
import { canBe, countOutcomes, failureOf, stepOnEach } from './step-on-each.ts';

const flags = (count: number, over: Partial<Flag> = {}) =>
  Array.from({ length: count }, () => sampleFlag({ id: crypto.randomUUID(), ...over }));
const ACKNOWLEDGE = { to: 'acknowledged', by: 'duty' } as const;
const taken = (flag: Flag): Outcome<Flag> => ({ ok: true, value: flag });

test('of each flag it is told what became of it, and one that fails stands in nobody’s way', async () => {
  const burst = flags(12);
  const answers = new Map<string, Outcome<unknown>>([
    [burst[2]?.id ?? '', failure('conflict')],
    [burst[5]?.id ?? '', failure('forbidden')],
    [burst[7]?.id ?? '', failure('invalid_transition')],
  ]);
  const outcomes = await stepOnEach(burst, ACKNOWLEDGE, async (flag) => answers.get(flag.id) ?? taken(flag));
  expect(countOutcomes(outcomes)).toEqual({ done: 9, overtaken: 2, failed: 1 });
  expect(outcomes.get(burst[5]?.id ?? '')).toBe('forbidden');
  expect(failureOf(outcomes)).toBe('forbidden');
});

test('flags that cannot take the step are left alone', async () => {
  const step = vi.fn(async (flag: Flag) => taken(flag));
  const outcomes = await stepOnEach([...flags(2), ...flags(3, { state: 'acknowledged' })], ACKNOWLEDGE, step);
  expect(step).toHaveBeenCalledTimes(2);
  expect(outcomes.size).toBe(2);
});

test('few are on their way at once; what has come is told as it comes', async () => {
  let underWay = 0;
  let most = 0;
  const seen: number[] = [];
  await stepOnEach(
    flags(20),
    ACKNOWLEDGE,
    async (flag) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return taken(flag);
    },
    (outcomes) => seen.push(outcomes.size),
  );
  expect(most).toBe(4);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('without a network the rest is not even tried, and is told of as failed', async () => {
  const step = vi.fn(async () => failure('offline'));
  const outcomes = await stepOnEach(flags(100), ACKNOWLEDGE, step);
  expect(step.mock.calls.length).toBeLessThanOrEqual(4);
  expect(countOutcomes(outcomes)).toEqual({ done: 0, overtaken: 0, failed: 100 });
});

test('what is assigned is put aside by its assignee alone, and taken back by anybody', () => {
  const by = { kind: 'person', id: 'situation', name: 'situation' } as const;
  const step = { state: 'assigned', by, at: new Date().toISOString(), assignee: 'oncall' } as const;
  const flag = sampleFlag({ severity: 3, state: 'assigned', history: [step] });
  expect(canBe(flag, 'shelved', 'situation')).toBe(false);
  expect(canBe(flag, 'shelved', 'oncall')).toBe(true);
  expect(canBe(flag, 'unshelved', 'situation')).toBe(true);
});
