import { expect, test } from 'vitest';
import { IncidentKind } from '#contract/custody-details.ts';
import { RuleId } from '../../../config/rules/rule.ts';
import { RULES } from '../../../config/rules/rules.ts';
import { START_MS } from '../../test/fixtures/custody.ts';
import { LIVE_CASES, lookAtWorld, type World } from '../../test/fixtures/live-rule-cases.ts';
import { INCIDENTS_OF, TOLD_CASES, type ToldCase } from '../../test/fixtures/told-rule-cases.ts';
import type { Episode, Finding } from '../finding.ts';
import { planEpisodes } from '../plan-episodes.ts';

const LIVE = Object.entries(LIVE_CASES) as [RuleId, { seen: World; gone: World }][];
const TOLD = Object.entries(TOLD_CASES) as [RuleId, ToldCase][];

function ruleOf(id: RuleId) {
  const rule = RULES.get(id);
  if (!rule) throw new RangeError(`no rule ${id}`);
  return rule;
}

/** Every `{{name}}` of a rule's words is in what it has found. */
function expectWords(rule: RuleId, { params }: Finding): void {
  for (const text of Object.values(ruleOf(rule).text))
    for (const [, name = ''] of text.matchAll(/{{(\w+)/g)) expect(Object.keys(params)).toContain(name);
}

test('every rule of the catalogue has a case here in which it raises a flag and one in which it does not', () => {
  const cases = [...LIVE, ...TOLD].map(([id]) => id);
  expect(cases.toSorted()).toEqual([...RULES.keys()].toSorted());
  expect(cases.toSorted()).toEqual(RuleId.options.toSorted());
});

test('every kind of incident is some rule’s', () => {
  expect(Object.values(INCIDENTS_OF).flat().toSorted()).toEqual(IncidentKind.options.toSorted());
});

test.each(LIVE)(
  '%s: the flag comes when it was seen for long enough, once, and goes as it says',
  (id, { seen, gone }) => {
    const { raiseAfterS, clearAfterS, clearedBy } = ruleOf(id);
    let known: ReadonlyMap<string, Episode> = new Map();
    /** What is done about the rule's flags when one looks at a world, so many milliseconds after it began. */
    const look = (world: World, afterMs: number) => {
      const nowMs = START_MS + afterMs;
      const { steps } = planEpisodes(known, lookAtWorld(world, nowMs), { rules: RULES, nowMs });
      const next = new Map(known);
      for (const { key, after } of steps)
        if (after) next.set(key, after);
        else next.delete(key);
      known = next;
      return steps.flatMap(({ before, after, flag }) =>
        (after ?? before)?.rule === id && flag ? [flag.kind] : [],
      );
    };
    const found = lookAtWorld(seen, START_MS).filter(({ rule }) => rule === id);
    expect(found).toHaveLength(1);
    for (const one of found) {
      expectWords(id, one);
      // It began now, and was not there before: the times below are those of the rule.
      expect(one.sinceMs ?? START_MS).toBe(START_MS);
    }

    const raisedMs = raiseAfterS * 1_000;
    if (raisedMs > 0) {
      expect(look(seen, 0)).toEqual([]);
      expect(look(seen, raisedMs - 1)).toEqual([]);
    }
    expect(look(seen, raisedMs)).toEqual(['raise']);
    expect(look(seen, raisedMs + 1)).toEqual([]);
    const goneMs = raisedMs + 1_000;
    const overMs = goneMs + clearAfterS * 1_000;
    if (overMs > goneMs) {
      expect(look(gone, goneMs)).toEqual([]);
      expect(look(gone, overMs - 1)).toEqual([]);
    }
    expect(look(gone, overMs)).toEqual(clearedBy === 'itself' ? ['resolve'] : []);
    // How long a check was waited for is remembered for an hour; nothing else is.
    const left = [...known].filter(([key, { rule }]) => rule === id && !key.startsWith('wait:'));
    expect(left).toEqual([]);
  },
);

test.each(TOLD)(
  '%s: each thing that was told raises its flag, which a person closes',
  (id, { raises, silent }) => {
    const rules = (found: ToldCase['raises']) => found.filter((one) => one?.rule === id);
    const found = rules(raises);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      if (!one) throw new Error('nothing found');
      expectWords(id, one);
      expect(one.sinceMs).toBeDefined();
    }
    expect(rules(silent)).toEqual([]);
    // What happened stays so: nothing would say that it is over, and nothing waits to be seen for longer.
    expect(ruleOf(id)).toMatchObject({ clearedBy: 'person', raiseAfterS: 0 });
  },
);

test.each(TOLD.filter(([id]) => id in INCIDENTS_OF))('%s: whichever event says it', (id, { raises }) => {
  expect(raises.map((one) => one?.rule)).toEqual(raises.map(() => id));
});
