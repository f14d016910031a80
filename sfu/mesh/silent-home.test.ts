import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeHome, type Look, NO_SUSPICION, type Verdict } from './silent-home.ts';

/** The verdicts of looks one after another. */
function judgeAll(looks: readonly Look[]): Verdict[] {
  let suspicion = NO_SUSPICION;
  return looks.map((look) => {
    const judged = judgeHome(suspicion, look);
    suspicion = judged.suspicion;
    return judged.verdict;
  });
}

const look = (ours: number, theirs: number | null, isServing = false): Look => ({ ours, theirs, isServing });

describe('a home of which nothing comes', () => {
  it.each<[string, Look[], Verdict[]]>([
    ['whose camera is silent', [look(9, 20), look(9, 20), look(9, 20)], ['wait', 'wait', 'wait']],
    ['whose worker hangs', [look(9, null, true), look(9, null, true)], ['wait', 'take']],
    ['whose worker was busy once', [look(9, null), look(9, 20), look(9, null)], ['wait', 'wait', 'wait']],
    [
      'that gets it and passes it on to nobody',
      [look(9, 20), look(9, 30), look(9, 40)],
      ['wait', 'wait', 'take'],
    ],
    [
      'that gets it and passes it on to others',
      [look(9, 20, true), look(9, 30, true), look(9, 40, true)],
      ['wait', 'wait', 'reopen'],
    ],
    [
      'whose camera comes back',
      [look(9, 20), look(9, 21), look(10, 22), look(20, 32)],
      ['wait', 'wait', 'wait', 'wait'],
    ],
  ])('%s', (_, looks, verdicts) => {
    expect(judgeAll(looks)).toEqual(verdicts);
  });

  it('is never left while it gets nothing itself and says so', () => {
    const count = fc.nat({ max: 100 });
    fc.assert(
      fc.property(count, count, fc.array(fc.boolean(), { maxLength: 20 }), (ours, theirs, serving) => {
        const verdicts = judgeAll(serving.map((isServing) => look(ours, theirs, isServing)));
        expect(verdicts.every((verdict) => verdict === 'wait')).toBe(true);
      }),
    );
  });

  it('is never left while its packets come to us', () => {
    const theirs = fc.option(fc.nat({ max: 100 }), { nil: null });
    fc.assert(
      fc.property(fc.array(theirs, { maxLength: 20 }), (counts) => {
        const verdicts = judgeAll(counts.map((it, index) => look(index, it)));
        expect(verdicts.every((verdict) => verdict === 'wait')).toBe(true);
      }),
    );
  });
});
