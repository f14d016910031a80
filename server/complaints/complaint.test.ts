import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Complaint, type ComplaintStepBody } from '#contract/complaints.ts';
import { FlagId } from '#contract/ids.ts';
import {
  digestOfWords,
  eraseWordsAtMs,
  flagIdOfComplaint,
  isSameTaking,
  numberOf,
  stepComplaint,
  takeComplaint,
} from './complaint.ts';

const AT = Date.UTC(2026, 10, 22, 12);
const FACILITY = { id: 'ua-68-itt-1', regionId: 'UA-68' };
const BODY = {
  id: '3f0a7b1e-6a57-4f0e-9d5e-1b2c3d4e5f60',
  facilityId: FACILITY.id,
  kind: 'treatment',
  text: 'вигадана скарга',
  contact: { phone: 'вигаданий' },
} as const;
const BY = { by: 'hotline', atMs: AT };
const DUTY = { by: 'duty', atMs: AT };
const taken = takeComplaint(BODY, FACILITY, BY);

test('a complaint that is taken keeps to the wire, and says neither what was said nor by whom', () => {
  expect(Complaint.parse(taken)).toEqual(taken);
  expect(taken).toMatchObject({ state: 'received', anonymous: false, outcome: null, version: 1 });
  expect(JSON.stringify(taken)).not.toMatch(/вигадан/);
  expect(takeComplaint({ ...BODY, contact: {} }, FACILITY, BY).anonymous).toBe(true);
});

test('number and flag follow from the id', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(numberOf(id)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(numberOf(id)).toBe(numberOf(id));
      expect(FlagId.parse(flagIdOfComplaint(id))).toBe(flagIdOfComplaint(id));
    }),
  );
});

test('the same taking again is known; another one under the id is not', () => {
  const same = { known: 'a', asked: 'a' };
  const again = takeComplaint(BODY, FACILITY, { ...BY, atMs: AT + 5_000 });
  expect(isSameTaking(taken, again, same)).toBe(true);
  expect(isSameTaking(taken, again, { known: undefined, asked: 'a' })).toBe(true);
  expect(isSameTaking(taken, again, { known: 'a', asked: 'b' })).toBe(false);
  expect(isSameTaking(taken, takeComplaint({ ...BODY, kind: 'other' }, FACILITY, BY), same)).toBe(false);
  expect(isSameTaking(taken, takeComplaint(BODY, FACILITY, { by: 'other', atMs: AT }), same)).toBe(false);
  const intake = { keyId: '0123456789abcdef', name: 'Гаряча лінія' };
  expect(isSameTaking(taken, takeComplaint(BODY, FACILITY, { ...BY, intake }), same)).toBe(false);
  const digest = digestOfWords({ text: 'x', contact: { phone: '1' } });
  expect(digestOfWords({ contact: { phone: '1' }, text: 'x' })).toBe(digest);
  for (const other of [
    { text: 'y', contact: { phone: '1' } },
    { text: 'x', contact: { email: '1' } },
    { text: 'x', contact: null },
  ])
    expect(digestOfWords(other)).not.toBe(digest);
});

test('what was said may go some days after the answer, and never before there is one', () => {
  expect(eraseWordsAtMs(taken, 30)).toBeUndefined();
  const answered = stepComplaint(taken, { to: 'answered', outcome: 'upheld', version: 1 }, DUTY);
  if (!answered.ok) throw new Error('refused');
  expect(eraseWordsAtMs(answered.complaint, 30)).toBe(AT + 30 * 86_400_000);
});

test('received, in review, answered; an answer says what came of it', () => {
  const review = stepComplaint(taken, { to: 'in-review', version: 1 }, DUTY);
  if (!review.ok) throw new Error('refused');
  expect(stepComplaint(review.complaint, { to: 'in-review', version: 1 }, DUTY)).toMatchObject({
    ok: true,
    repeated: true,
  });
  expect(stepComplaint(review.complaint, { to: 'answered', version: 2 }, DUTY)).toMatchObject({
    code: 'invalid',
    field: 'outcome',
  });
  expect(stepComplaint(review.complaint, { to: 'in-review', version: 2 }, DUTY)).toMatchObject({
    code: 'invalid_transition',
  });
  const answered = stepComplaint(review.complaint, { to: 'answered', outcome: 'upheld', version: 2 }, DUTY);
  if (!answered.ok) throw new Error('refused');
  expect(Complaint.parse(answered.complaint)).toMatchObject({
    state: 'answered',
    outcome: 'upheld',
    version: 3,
  });
  expect(stepComplaint(answered.complaint, { to: 'in-review', version: 3 }, DUTY).ok).toBe(false);
  expect(stepComplaint(taken, { to: 'in-review', version: 2 }, DUTY)).toMatchObject({
    code: 'conflict',
  });
});

test('whatever is asked: versions count steps, and what is answered stays answered', () => {
  const asked = fc.record({
    to: fc.constantFrom<ComplaintStepBody['to']>('in-review', 'answered'),
    outcome: fc.option(fc.constantFrom('upheld' as const, 'not-upheld' as const), { nil: undefined }),
    version: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 20 }), (steps) => {
      let complaint = taken;
      for (const { outcome, ...step } of steps) {
        const before = complaint;
        const result = stepComplaint(
          complaint,
          { ...step, ...(outcome === undefined ? {} : { outcome }) },
          DUTY,
        );
        if (result.ok) complaint = result.complaint;
        if (before.state === 'answered') expect(complaint).toBe(before);
        expect(complaint.version).toBe(complaint.history.length);
        expect(complaint.outcome !== null).toBe(complaint.state === 'answered');
      }
    }),
  );
});

test('a step tells that something was noted, and not what', () => {
  const asked = { to: 'in-review', version: 1, note: 'Зразок: подзвонити лікареві' } as const;
  const step = stepComplaint(taken, asked, DUTY);
  if (!step.ok) throw new Error('refused');
  expect(step.complaint.history.at(-1)).toMatchObject({ state: 'in-review', noted: true });
  expect(JSON.stringify(step.complaint)).not.toContain('Зразок');
  const again = (lastNote: string) => stepComplaint(step.complaint, asked, { ...DUTY, lastNote });
  expect(again(asked.note)).toMatchObject({ ok: true, repeated: true });
  expect(again('інше')).toMatchObject({ ok: false, code: 'conflict' });
});
