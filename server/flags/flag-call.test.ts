import { expect, test } from 'vitest';
import { type Actor, Flag, FlagCallBody, MAX_CALLS } from '#contract/flags.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { noteCall } from './flag-call.ts';

const ONCALL: Actor = { kind: 'person', id: 'oncall', name: 'oncall' };
const AT = Date.UTC(2026, 10, 22, 12);
const body = (over: Partial<FlagCallBody> = {}) =>
  FlagCallBody.parse({
    id: crypto.randomUUID(),
    called: 'Чергова частина закладу',
    reached: true,
    said: 'Лікар уже в камері',
    ...over,
  });

test('a call is kept beside the steps: neither state nor version changes', () => {
  const flag = flagOn('ua-68-itt-1-cell-1', { state: 'acknowledged', version: 2 });
  const result = noteCall(flag, body(), ONCALL, AT);
  if (result.kind !== 'noted') throw new Error(result.kind);
  expect(Flag.parse(result.flag)).toMatchObject({ state: 'acknowledged', version: 2, history: flag.history });
  expect(result.flag.calls).toMatchObject([
    { by: ONCALL, at: '2026-11-22T12:00:00.000Z', reached: true, said: 'Лікар уже в камері' },
  ]);
});

test('the very same request is one call, and another one under its id is refused', () => {
  const asked = body();
  const first = noteCall(flagOn('ua-68-itt-1-cell-1'), asked, ONCALL, AT);
  if (first.kind !== 'noted') throw new Error(first.kind);
  expect(noteCall(first.flag, asked, ONCALL, AT + 60_000)).toEqual({ kind: 'repeated', flag: first.flag });
  for (const [other, by] of [
    [{ ...asked, said: 'щось інше' }, ONCALL],
    [{ ...asked, reached: false }, ONCALL],
    [asked, { ...ONCALL, id: 'somebody' }],
  ] as const)
    expect(noteCall(first.flag, other, by, AT)).toMatchObject({ kind: 'refused', code: 'conflict' });
});

test('what is closed still takes a call: nothing that was said is lost because somebody was faster', () => {
  const result = noteCall(flagOn('ua-68-itt-1-cell-1', { state: 'resolved' }), body(), ONCALL, AT);
  expect(result).toMatchObject({ kind: 'noted', flag: { state: 'resolved' } });
});

test('a flag keeps so many calls and no more', () => {
  let flag = flagOn('ua-68-itt-1-cell-1');
  for (let count = 0; count < MAX_CALLS; count += 1) {
    const result = noteCall(flag, body(), ONCALL, AT);
    if (result.kind === 'noted') flag = result.flag;
  }
  expect(Flag.parse(flag).calls).toHaveLength(MAX_CALLS);
  expect(noteCall(flag, body(), ONCALL, AT)).toMatchObject({ kind: 'refused', code: 'limit_reached' });
});

test('what was said is asked for when somebody answered', () => {
  expect(FlagCallBody.safeParse({ ...body(), said: '' }).success).toBe(false);
  expect(body({ reached: false, said: '' })).toMatchObject({ reached: false, said: '' });
});
