import { describe, expect, it } from 'vitest';
import { Pulse } from './pulse.ts';
import { parseStat, type Vitals } from './vitals.ts';

const STOPPED: Vitals = { isRunning: false, cpuTicks: 100 };

/** A worker of which the test says when it answers, and what the system says of it. */
function openPulse(vitals: () => Vitals | undefined, idlePerLookMs = 200) {
  let idleMs = 0;
  const questions: PromiseWithResolvers<number>[] = [];
  const pulse = new Pulse({
    pid: 1,
    ask: () => {
      const question = Promise.withResolvers<number>();
      questions.push(question);
      return question.promise;
    },
    vitals,
    idleMs: () => {
      idleMs += idlePerLookMs;
      return idleMs;
    },
  });
  /** Looks until it is given up; how many looks that takes, the one that asks not counted. */
  const untilGivenUp = (most = 100) => {
    pulse.look();
    for (let looks = 1; looks <= most; looks += 1) if (pulse.look()) return looks;
    return undefined;
  };
  const answer = async (ms = 0) => {
    questions.shift()?.resolve(ms);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { pulse, questions, untilGivenUp, answer };
}

describe('a worker', () => {
  it('that does nothing is given up soon', () => {
    expect(openPulse(() => STOPPED).untilGivenUp()).toBe(5);
  });

  it.each<[string, () => () => Vitals | undefined]>([
    [
      'uses its core',
      () => {
        let ticks = 0;
        return () => ({ isRunning: false, cpuTicks: ++ticks });
      },
    ],
    ['waits for a core', () => () => ({ isRunning: true, cpuTicks: 100 })],
    ['is one of which the system says nothing', () => () => undefined],
  ])('that %s has longer, but not for ever', (_, create) => {
    expect(openPulse(create()).untilGivenUp()).toBe(16);
  });

  it('that may have answered a process that is too busy to hear it has longer as well', () => {
    expect(openPulse(() => STOPPED, 2).untilGivenUp()).toBe(16);
  });

  it('has the time of one that does nothing from when it last did something', () => {
    const ticks = [1, 2, 3, 4, 5];
    const { untilGivenUp } = openPulse(() => ({ isRunning: false, cpuTicks: ticks.shift() ?? 5 }));
    expect(untilGivenUp()).toBe(5 + 5);
  });

  it('that answers in time is asked again, and never given up', async () => {
    const { pulse, answer, questions } = openPulse(() => STOPPED);
    for (let round = 1; round <= 10; round += 1) {
      for (let looks = 0; looks < 5; looks += 1) expect(pulse.look()).toBe(false);
      expect(questions).toHaveLength(1);
      await answer(round);
      expect(pulse.cpuMs).toBe(round);
    }
  });

  it('that is closed while asked is not given up', async () => {
    const { pulse, questions } = openPulse(() => STOPPED);
    pulse.look();
    questions.shift()?.reject(new Error('closed'));
    await new Promise(setImmediate);
    for (let looks = 0; looks < 5; looks += 1) expect(pulse.look()).toBe(false);
    expect(pulse.cpuMs).toBeUndefined();
  });
});

it.each([
  ['1 (mediasoup-worker) S 0 1 1 0 -1 4194304 5 0 0 0 12 34 0 0 20', { isRunning: false, cpuTicks: 46 }],
  ['1 (a) R (b) T 0 1 1 0 -1 4194304 5 0 0 0 1 2 0 0 20', { isRunning: false, cpuTicks: 3 }],
  ['1 (a b) R 0 1 1 0 -1 4194304 5 0 0 0 1 2 0 0 20', { isRunning: true, cpuTicks: 3 }],
  ['', undefined],
])('the system says %j', (line, vitals) => {
  expect(parseStat(line)).toEqual(vitals);
});
