import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Actor,
  Flag,
  MAX_SHELVINGS,
  Severity,
  SHELF_MINUTES,
  ShelveFlagBody,
  shelvingAt,
} from '#contract/flags.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { stepFlag } from './flag.ts';
import { shelveFlag, unshelveFlag } from './flag-shelf.ts';

const DUTY: Actor = { kind: 'person', id: 'duty', name: 'duty' };
const OTHER: Actor = { kind: 'person', id: 'situation', name: 'situation' };
const AT = Date.UTC(2026, 10, 22, 12);
const MINUTE_MS = 60_000;

const taken = (over: Partial<Flag> = {}) =>
  flagOn('ua-68-itt-1-cell-1', { severity: 3, state: 'acknowledged', version: 2, ...over });
const body = (over: Partial<ShelveFlagBody> = {}) =>
  ShelveFlagBody.parse({ id: crypto.randomUUID(), minutes: 15, reason: 'Майстер у дорозі', ...over });

function shelved(flag: Flag, asked = body(), atMs = AT): Flag {
  const result = shelveFlag(flag, asked, DUTY, atMs);
  if (result.kind !== 'changed') throw new Error(JSON.stringify(result));
  return Flag.parse(result.flag);
}

test('a flag is aside until its time and comes back by itself, to the millisecond', () => {
  const flag = shelved(taken());
  expect(flag).toMatchObject({ state: 'acknowledged', version: 2 });
  expect(shelvingAt(flag, AT)).toMatchObject({ by: DUTY, reason: 'Майстер у дорозі' });
  expect(shelvingAt(flag, AT + 15 * MINUTE_MS - 1)).toBeDefined();
  expect(shelvingAt(flag, AT + 15 * MINUTE_MS)).toBeUndefined();
});

test('what needs somebody now, what nobody has answered, and what is closed is never put aside', () => {
  const refusals = [taken({ severity: 1 }), taken({ state: 'raised' }), taken({ state: 'resolved' })].map(
    (flag) => shelveFlag(flag, body(), DUTY, AT),
  );
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ kind: 'refused', code: 'invalid_transition' });
});

test('whatever is written in a record, severity 1 and closed flags are not aside', () => {
  const open = fc.constantFrom('acknowledged' as const, 'assigned' as const);
  fc.assert(
    fc.property(open, fc.constantFrom(...SHELF_MINUTES), fc.integer(), (state, minutes, laterMs) => {
      const step = { state, by: OTHER, at: new Date(AT).toISOString(), assignee: DUTY.id };
      const flag = shelved(taken({ state, history: [step] }), body({ minutes }));
      const nowMs = AT + laterMs;
      expect(shelvingAt({ ...flag, severity: 1 }, nowMs)).toBeUndefined();
      expect(shelvingAt({ ...flag, state: 'dismissed' }, nowMs)).toBeUndefined();
      expect(shelvingAt(flag, nowMs) !== undefined).toBe(laterMs < minutes * MINUTE_MS);
    }),
  );
  expect(Severity.options).toHaveLength(4);
});

test('a request that is repeated puts it aside once; one of somebody else, or while it is aside, is refused', () => {
  const asked = body();
  const flag = shelved(taken(), asked);
  expect(shelveFlag(flag, asked, DUTY, AT + 5_000)).toEqual({ kind: 'repeated', flag });
  expect(shelveFlag(flag, asked, OTHER, AT)).toMatchObject({ code: 'conflict' });
  expect(shelveFlag(flag, body(), OTHER, AT)).toMatchObject({ code: 'conflict' });
});

test('it is taken back before its time, by name, and can be put aside again, so often and no more', () => {
  let flag = taken();
  for (let time = 0; time < MAX_SHELVINGS; time += 1) {
    const back = unshelveFlag(shelved(flag), OTHER, AT + MINUTE_MS);
    if (back.kind !== 'changed') throw new Error(back.kind);
    flag = Flag.parse(back.flag);
    expect(flag.shelvings?.at(-1)?.ended).toEqual({ by: OTHER, at: '2026-11-22T12:01:00.000Z' });
    expect(shelvingAt(flag, AT + MINUTE_MS)).toBeUndefined();
    expect(unshelveFlag(flag, DUTY, AT)).toEqual({ kind: 'repeated', flag });
  }
  expect(shelveFlag(flag, body(), DUTY, AT)).toMatchObject({ code: 'limit_reached' });
});

test('whoever decides on a version that was seen before is not overtaken by it', () => {
  const flag = shelved(taken());
  const step = stepFlag(flag, { to: 'resolved', reason: 'усунуто', version: 2 }, OTHER, AT);
  expect(step.kind).toBe('changed');
});

test('half a shift is the most, a word the least', () => {
  expect(ShelveFlagBody.safeParse({ ...body(), minutes: 241 }).success).toBe(false);
  expect(ShelveFlagBody.safeParse({ ...body(), minutes: 0 }).success).toBe(false);
  expect(ShelveFlagBody.safeParse({ ...body(), reason: '  x ' }).success).toBe(false);
});

test('what is assigned is in sight at once, and only the assignee puts it aside again', () => {
  const flag = shelved(taken());
  const assigned = (on: Flag, atMs: number) => {
    const step = stepFlag(on, { to: 'assigned', assignee: OTHER.id, version: on.version }, DUTY, atMs);
    if (step.kind !== 'changed') throw new Error(step.kind);
    return Flag.parse(step.flag);
  };
  const given = assigned(flag, AT + MINUTE_MS);
  expect(shelvingAt(given, AT + MINUTE_MS)).toBeUndefined();
  expect(given.shelvings?.[0]?.ended).toEqual({ by: DUTY, at: '2026-11-22T12:01:00.000Z' });
  // Also by a clock that is ahead of the one by which it was put aside.
  expect(shelvingAt(assigned(flag, AT + 16 * MINUTE_MS), AT)).toBeUndefined();
  expect(shelveFlag(given, body(), DUTY, AT)).toMatchObject({ code: 'invalid_transition' });
  const own = shelveFlag(given, body(), OTHER, AT);
  expect(own.kind).toBe('changed');
  if (own.kind !== 'changed') return;
  // Given to somebody once more, it is in sight once more.
  const again = assigned(own.flag, AT);
  expect(shelvingAt(again, AT)).toBeUndefined();
  expect(again.shelvings?.map(({ ended }) => ended?.by)).toEqual([DUTY, DUTY]);
  const closed = stepFlag(flag, { to: 'resolved', reason: 'усунуто', version: 2 }, OTHER, AT);
  expect(closed).not.toHaveProperty('flag.shelvings.0.ended');
});
