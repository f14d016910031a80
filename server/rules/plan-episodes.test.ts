import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlagId } from '#contract/ids.ts';
import { flagIdOf } from '#contract/rule-flags.ts';
import { Rule } from '../../config/rules/rule.ts';
import { RULES } from '../../config/rules/rules.ts';
import { Episode, type Finding } from './finding.ts';
import { planEpisodes } from './plan-episodes.ts';

const START = Date.parse('2026-11-22T03:00:00.000Z');
const rules = RULES;
const finding = (change: Partial<Finding> = {}): Finding => ({
  key: 'feed-lost:ua-68-itt-1-cell-1-cam-1',
  rule: 'feed-lost',
  areaId: 'ua-68-itt-1-cell-1',
  params: {},
  ...change,
});

/** A record of occurrences that takes plans in, as Redis does. */
class Book {
  readonly episodes = new Map<string, Episode>();
  readonly flags: string[] = [];

  look(findings: readonly Finding[], atS: number) {
    const plan = planEpisodes(this.episodes, findings, { rules, nowMs: START + atS * 1000 });
    for (const { key, before, after, flag } of plan.steps) {
      expect(before).toEqual(this.episodes.get(key));
      if (after) this.episodes.set(key, Episode.parse(after));
      else this.episodes.delete(key);
      const since = (after ?? before)?.since ?? '';
      if (flag) this.flags.push(`${atS} ${flag.kind} ${flagIdOf(key, since).slice(0, 4)}`);
    }
    return plan.nextAtMs === undefined ? undefined : (plan.nextAtMs - START) / 1000;
  }

  /** Kinds of what was done to flags, without their ids. */
  get kinds(): string[] {
    return this.flags.map((line) => line.split(' ').slice(0, 2).join(' '));
  }
}

test('the rules keep to their schema, and each has a wording in both languages', () => {
  for (const rule of rules.values()) expect(Rule.parse(rule)).toEqual(rule);
});

test('a flag is raised when something was seen for long enough, and asks to be looked at then', () => {
  const book = new Book();
  expect(book.look([finding()], 0)).toBe(30);
  expect(book.look([finding()], 29)).toBe(30);
  expect(book.flags).toEqual([]);
  expect(book.look([finding()], 30)).toBeUndefined();
  expect(book.look([finding()], 500)).toBeUndefined();
  expect(book.kinds).toEqual(['30 raise']);
});

test('what flickers raises one flag, which is resolved when it has stayed away', () => {
  const book = new Book();
  book.look([finding()], 0);
  book.look([finding()], 30);
  expect(book.look([], 40)).toBe(70);
  book.look([finding()], 50);
  expect(book.look([], 60)).toBe(90);
  book.look([], 89);
  expect(book.kinds).toEqual(['30 raise']);
  book.look([], 90);
  expect(book.kinds).toEqual(['30 raise', '90 resolve']);
  expect(book.episodes.size).toBe(0);
});

test('what went before it counted leaves no trace', () => {
  const book = new Book();
  book.look([finding()], 0);
  book.look([], 20);
  expect(book.episodes.size).toBe(0);
  book.look([finding()], 25);
  book.look([finding()], 50);
  expect(book.flags).toEqual([]);
});

test('a breach that a person has to close is not resolved by itself, and its next one is another flag', () => {
  const book = new Book();
  const breach = (sinceS: number) =>
    finding({ key: 'deadline-breached:x', rule: 'deadline-breached', sinceMs: START + sinceS * 1000 });
  book.look([breach(0)], 5);
  book.look([], 10);
  book.look([], 70);
  book.look([breach(100)], 100);
  expect(book.kinds).toEqual(['5 raise', '100 raise']);
  expect(new Set(book.flags.map((line) => line.split(' ')[2])).size).toBe(2);
});

test('whoever looks, and however often, an occurrence has one flag', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ waitS: fc.nat(50), seen: fc.boolean(), twice: fc.boolean() }), { maxLength: 60 }),
      (looks) => {
        const book = new Book();
        let atS = 0;
        for (const { waitS, seen, twice } of looks) {
          atS += waitS;
          for (let time = 0; time < (twice ? 2 : 1); time += 1) book.look(seen ? [finding()] : [], atS);
        }
        const kinds = book.flags.map((line) => line.split(' ')[1]);
        kinds.forEach((kind, index) => {
          expect(kind).toBe(index % 2 === 0 ? 'raise' : 'resolve');
        });
        const raised = book.flags.filter((line) => line.includes('raise')).map((line) => line.split(' ')[2]);
        expect(new Set(raised).size).toBe(raised.length);
      },
    ),
  );
});

test('the flag of an occurrence has an id that is a flag id', () => {
  const id = flagIdOf('a', '2026-11-22T03:00:00.000Z');
  expect(FlagId.parse(id)).toBe(id);
  expect(flagIdOf('a', '2026-11-22T03:00:00.000Z')).toBe(id);
  expect(flagIdOf('b', '2026-11-22T03:00:00.000Z')).not.toBe(id);
});

test('what waits from when it is seen is no flag before, however long it has been so; its flag is that of when it began', () => {
  const book = new Book();
  const missed = finding({
    key: 'check-missed:x',
    rule: 'check-missed',
    sinceMs: START,
    waitsFromSeen: true,
  });
  expect(book.look([missed], 7_200)).toBe(7_260);
  book.look([missed], 7_259);
  expect(book.flags).toEqual([]);
  book.look([missed], 7_260);
  book.look([missed], 7_261);
  expect(book.flags).toEqual([
    `7260 raise ${flagIdOf(missed.key, new Date(START).toISOString()).slice(0, 4)}`,
  ]);
  book.look([], 7_300);
  expect(book.kinds).toEqual(['7260 raise', '7300 resolve']);
  // What was told in the next moment was never missed.
  book.look([missed], 7_400);
  book.look([], 7_401);
  expect(book.kinds).toHaveLength(2);
});

test('a due instant that is moved on and on is waited for no longer; a check that is told begins the wait anew', () => {
  const overdue = (dueS: number, waitFor: string) =>
    finding({
      key: `check-missed:x:${dueS}`,
      rule: 'check-missed',
      sinceMs: START + dueS * 1000,
      waitsFromSeen: true,
      waitFor,
    });
  const book = new Book();
  expect(book.look([overdue(0, 'x:one')], 10)).toBe(70);
  book.look([overdue(20, 'x:one')], 40);
  // Moved past now, and back.
  book.look([], 50);
  book.look([overdue(0, 'x:one')], 55);
  expect(book.flags).toEqual([]);
  book.look([overdue(25, 'x:one')], 70);
  expect(book.flags).toEqual([
    `70 raise ${flagIdOf('check-missed:x:25', new Date(START + 25_000).toISOString()).slice(0, 4)}`,
  ]);

  const told = new Book();
  told.look([overdue(0, 'x:one')], 0);
  expect(told.look([overdue(20, 'x:two')], 50)).toBe(110);
  told.look([overdue(30, 'x:three')], 100);
  told.look([overdue(30, 'x:three')], 159);
  expect(told.flags).toEqual([]);
  told.look([overdue(30, 'x:three')], 160);
  expect(told.kinds).toEqual(['160 raise']);
  // What is waited for is forgotten when it has been gone for an hour.
  told.look([], 200);
  told.look([], 4_000);
  expect(told.episodes.size).toBe(0);
});
