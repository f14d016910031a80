import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseEvent } from '#contract/custody-events.ts';
import { ADULT, caseEvent, START_MS } from './fixtures/custody.ts';
import { eventually } from './fixtures/eventually.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';

/**
 * A real case, its real clocks and the sorted set of times, on two real servers: once the events are in, nothing more
 * comes, nobody asks for a look at the region, and only the time goes on.
 */
const REGION = 'UA-68';
/** Nobody is held there: a look that is asked for there proves that whatever was due anywhere has been taken. */
const WITNESS = 'UA-05';
const HOUR = 60;
const MINUTE_MS = 60_000;
const minute = (at: number) => START_MS + at * MINUTE_MS;

/** Everything that has to be done at once has been done; nothing is due before the notice of suspicion. */
const ARRIVAL: readonly [at: number, type: CaseEvent['type']][] = [
  [1, 'CUSTODY_OFFICER_NOTIFIED'],
  [2, 'RIGHTS_EXPLAINED'],
  [3, 'RELATIVES_NOTIFIED'],
  [4, 'LEGAL_AID_NOTIFIED'],
  [5, 'DELIVERED'],
  [6, 'REGISTERED'],
  [8, 'MEDICAL_EXAM_ENDED'],
  [9, 'PROTOCOL_DRAWN'],
  [10, 'PROSECUTOR_NOTIFIED'],
];

let played: PlayedTime;
beforeAll(async () => {
  played = await startPlayedTime({ nation: SMALL_NATION, startMs: START_MS, replicas: 2 });
});
afterAll(() => played[Symbol.asyncDispose]());

/** Flags of the limit, as `rule`, when it was raised (minutes after the start), oldest first. */
const raised = async () =>
  (await played.flags(REGION)).flatMap(({ rule, history: [first] }) =>
    rule?.params.limit === 'ua-cpc/suspicion' && first
      ? [[rule.id, (Date.parse(first.at) - START_MS) / MINUTE_MS]]
      : [],
  );

test('a deadline turns amber, red and breached to the millisecond though nothing else happens', async () => {
  await played.goTo(minute(11), []);
  await played.post('ua-68-itt-1', [
    caseEvent('APPREHENDED', { id: 100, at: 0, person: ADULT }),
    ...ARRIVAL.map(([at, type]) => caseEvent(type, { id: at, at })),
    caseEvent('CELL_PLACED', { id: 7, at: 7, area: 'cell-1' }),
  ]);
  const steps = [
    ['deadline-amber', 18 * HOUR],
    ['deadline-red', 21.6 * HOUR],
    ['deadline-breached', 24 * HOUR],
  ] as const;
  for (const [index, [, at]] of steps.entries()) {
    // A round comes by, as it does every minute; what it leaves behind is the instant of the clock. A replica that found
    // the other one at it comes again 200 ms later, for which the time has to go on.
    let nowMs = minute(at) - 30_000;
    const nextMs = async () => {
      nowMs += 50;
      await played.goTo(nowMs, [WITNESS]);
      return played.nextLookMs(REGION);
    };
    await eventually(nextMs).toBe(minute(at));
    // A millisecond before, whatever is due is taken, and that is not.
    await played.goTo(minute(at) - 1, [WITNESS]);
    expect(await played.nextLookMs(REGION)).toBe(minute(at));
    expect(await raised()).toEqual(steps.slice(0, index));
    await played.goTo(minute(at), [WITNESS]);
    await eventually(raised).toEqual(steps.slice(0, index + 1));
  }
  // Two replicas, and one flag of each.
  await played.goTo(minute(24 * HOUR + 5), [WITNESS]);
  expect(await raised()).toEqual(steps);
});
