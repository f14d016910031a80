import { expect, test } from 'vitest';
import { type Clock, clockStateAt } from '#contract/clocks.ts';
import type { CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import { AreaStatus } from '#contract/status.ts';
import { chooseNorms } from '../../../config/norms/norms.ts';
import { ADULT, areaEvent, basisOf, caseEvent, START_MS, stored } from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import type { Law } from './basis.ts';
import { factsOf } from './case-facts.ts';
import { foldCase } from './case-view.ts';
import { corrected } from './corrections.ts';
import { restoreFacility } from './facility-custody.ts';
import { compareEvents, toKept } from './kept-event.ts';
import { runsOf, toClock } from './limit-runs.ts';

/**
 * Full detentions under each body of norms, played minute by minute from arrival to release. The tables say when each
 * limit begins and turns, and by which article; they were written down by hand from the law, not from the program.
 */

const HOUR = 60;
const DAY = 24 * HOUR;
const MINUTE_MS = 60_000;

type Details = Omit<Parameters<typeof caseEvent>[1], 'id' | 'at'>;
type Step = [at: number, type: CaseEvent['type'], details?: Details];

function toEvents(steps: readonly Step[]): CaseEvent[] {
  return steps.map(([at, type, details], index) => caseEvent(type, { id: index + 1, at, ...details }));
}

/** The clocks that run when these events and no others have come. */
function clocksAfter(events: readonly CaseEvent[], law: Law): readonly Clock[] {
  const log = { events: events.map((event) => toKept(event)).sort(compareEvents), lastRecordedAt: 0 };
  const { closedAtMs } = foldCase('cr-68-1-one', log, law, corrected(new Map()));
  if (closedAtMs !== null) return [];
  // All that are counted, those too for which another one stands on the wall.
  return runsOf(log.events, factsOf(log.events), law)
    .filter(({ metMs }) => metMs === undefined)
    .map((run) => toClock('cr-68-1-one', run));
}

/** What every limit does, minute by minute, as `minute state`; `gone` when it was met or the case was over. */
function timelines(steps: readonly Step[], law: Law, untilMinute: number): Map<string, string> {
  const events = toEvents(steps.toSorted(([a], [b]) => a - b));
  const shown = new Map<string, string>();
  const told = new Map<string, string[]>();
  let clocks: readonly Clock[] = [];
  let known = 0;
  for (let minute = 0; minute <= untilMinute; minute += 1) {
    const count = steps.filter(([at]) => at <= minute).length;
    if (count > known) clocks = clocksAfter(events.slice(0, count), law);
    known = count;
    const now = new Map(
      clocks.map((clock) => {
        const state = clockStateAt(clock, START_MS + minute * MINUTE_MS);
        return [`${clock.normSet}/${clock.limit}`, clock.shadowed ? `${state} in shadow` : state];
      }),
    );
    for (const name of new Set([...shown.keys(), ...now.keys()])) {
      const state = now.get(name) ?? 'gone';
      if (shown.get(name) === state) continue;
      shown.set(name, state);
      told.set(name, [...(told.get(name) ?? []), `${minute} ${state}`]);
    }
  }
  return new Map(Array.from(told, ([name, lines]) => [name, lines.join(', ')]));
}

/** The limit, its article as the source names it, and what it does. */
type Row = [name: string, article: string, timeline: string];

function expectTable(
  steps: readonly Step[],
  sets: readonly string[],
  untilMinute: number,
  rows: readonly Row[],
) {
  const law = basisOf(chooseNorms(sets, 'Europe/Kyiv')).lawOf('ua-68-itt-1');
  expect(Object.fromEntries(timelines(steps, law, untilMinute))).toEqual(
    Object.fromEntries(rows.map(([name, , timeline]) => [name, timeline])),
  );
  for (const [name, article] of rows) {
    const [setId, limitId] = name.split('/');
    const limit = law.norms.sets.find(({ id }) => id === setId)?.limits.find(({ id }) => id === limitId);
    expect(limit?.source.en, name).toContain(article);
    expect(limit?.source.uk, name).toContain(article.replace('art. ', 'ст. ').replace('s. ', 'розд. '));
  }
}

const ARRIVAL: Step[] = [
  [0, 'APPREHENDED', { person: ADULT }],
  [2, 'CUSTODY_OFFICER_NOTIFIED'],
  [3, 'RIGHTS_EXPLAINED'],
  [10, 'LEGAL_AID_NOTIFIED'],
  [20, 'RELATIVES_NOTIFIED'],
  [40, 'DELIVERED'],
  [45, 'REGISTERED'],
  [50, 'MEDICAL_EXAM_STARTED'],
  [70, 'PROTOCOL_DRAWN'],
  [100, 'PROSECUTOR_NOTIFIED'],
];
const ARRIVAL_ROWS: Row[] = [
  ['ua-cpc/custody-officer', 'art. 210', '0 ok, 2 gone'],
  ['ua-cpc/delivery', 'art. 210', '0 ok, 40 gone'],
  ['ua-cpc/rights', 'art. 208', '0 ok, 3 gone'],
  ['ua-cpc/relatives', 'art. 213', '0 ok, 20 gone'],
  ['ua-cpc/legal-aid', 'art. 213(4)', '0 ok, 10 gone'],
  ['ua-cpc/protocol', 'art. 208(5)', '0 ok, 70 gone'],
  ['ua-cpc/doctor', '', '0 ok, 50 gone'],
  ['ua-cpc/registration', 'art. 210', '40 ok, 45 gone'],
  ['ua-cpc/prosecutor', 'art. 208(5)', '70 ok, 100 gone'],
];

test('UA-CPC: an adult, brought to court an hour too late', () => {
  const steps: Step[] = [
    ...ARRIVAL,
    [46, 'LAWYER_ASSIGNED'],
    [120, 'LAWYER_ARRIVED', { area: 'lawyer-room' }],
    [140, 'LAWYER_LEFT'],
    [150, 'CELL_PLACED', { area: 'cell-1' }],
    [200, 'INTERROGATION_STARTED'],
    [330, 'INTERROGATION_ENDED'],
    [23 * HOUR, 'SUSPICION_SERVED'],
    [61 * HOUR, 'COURT_BROUGHT'],
    [62 * HOUR, 'MOTION_HEARD'],
    [63 * HOUR, 'COURT_DECISION_SERVED'],
    [64 * HOUR, 'TRANSFERRED'],
  ];
  expectTable(steps, ['ua-cpc'], 65 * HOUR, [
    ...ARRIVAL_ROWS,
    // 24 hours: three quarters are 18, nine tenths 21 h 36 min.
    ['ua-cpc/suspicion', 'art. 278', '0 ok, 1080 amber, 1296 red, 1380 gone'],
    ['ua-cpc/court', 'art. 211', '0 ok, 2700 amber, 3240 red, 3600 breached, 3660 gone'],
    ['ua-cpc/decision', 'art. 12', '0 ok, 3240 amber, 3780 gone'],
    ['ua-cpc/motion', 'art. 186', '0 ok, 3240 amber, 3720 gone'],
    // General knowledge: over after an hour, and never breached.
    ['ua-cpc/lawyer', '', '46 ok, 91 amber, 100 red, 120 gone'],
    ['ua-cpc/itt-stay', '', '150 ok, 3390 amber, 3840 gone'],
    ['ua-cpc/interrogation-unbroken', 'art. 224', '200 ok, 290 amber, 308 red, 320 breached, 330 gone'],
    ['ua-cpc/interrogation-day', 'art. 224', '200 ok, 330 gone'],
  ]);
});

test('a limit for which another stands has no clock of its own until that one is met', () => {
  const law = basisOf(chooseNorms(['ua-cpc', 'ua-cpc-615'], 'Europe/Kyiv')).lawOf('ua-68-itt-1');
  const shown = (steps: readonly Step[]) => {
    const log = { events: toEvents(steps).map((event) => toKept(event)), lastRecordedAt: 0 };
    const { clocks } = foldCase('cr-68-1-one', log, law, corrected(new Map()));
    return clocks.map(({ limit }) => limit).filter((id) => /motion|decision|itt-stay|interrogation/.test(id));
  };
  const placed: Step[] = [...ARRIVAL, [150, 'CELL_PLACED', { area: 'cell-1' }]];
  expect(shown(placed)).toEqual(['decision']);
  expect(shown([...placed, [63 * HOUR, 'COURT_DECISION_SERVED']])).toEqual(['itt-stay']);
  expect(shown([...placed, [200, 'INTERROGATION_STARTED']])).toEqual(['decision', 'interrogation-unbroken']);
  // In the shadow of an overlay both are, and one of them is enough.
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' };
  expect(shown([...placed, [300, 'OVERLAY_APPLIED', { overlay }]])).toEqual(['decision', 'itt-stay']);
});

test('UA-CPC: nothing is done; the person is released when 72 hours are long over', () => {
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: ADULT }],
    [80 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['ua-cpc'], 81 * HOUR, [
    ['ua-cpc/suspicion', 'art. 278', '0 ok, 1080 amber, 1296 red, 1440 breached, 4800 gone'],
    ['ua-cpc/court', 'art. 211', '0 ok, 2700 amber, 3240 red, 3600 breached, 4800 gone'],
    ['ua-cpc/decision', 'art. 12', '0 ok, 3240 amber, 3888 red, 4320 breached, 4800 gone'],
    ['ua-cpc/motion', 'art. 186', '0 ok, 3240 amber, 3888 red, 4320 breached, 4800 gone'],
    // Duties: the grace is our judgment, so that they are red and no more, however long.
    ['ua-cpc/custody-officer', 'art. 210', '0 ok, 23 amber, 27 red, 4800 gone'],
    ['ua-cpc/delivery', 'art. 210', '0 ok, 45 amber, 54 red, 4800 gone'],
    ['ua-cpc/rights', 'art. 208', '0 ok, 23 amber, 27 red, 4800 gone'],
    ['ua-cpc/relatives', 'art. 213', '0 ok, 45 amber, 54 red, 4800 gone'],
    ['ua-cpc/legal-aid', 'art. 213(4)', '0 ok, 45 amber, 54 red, 4800 gone'],
    ['ua-cpc/protocol', 'art. 208(5)', '0 ok, 90 amber, 108 red, 4800 gone'],
    ['ua-cpc/doctor', '', '0 ok, 135 amber, 162 red, 4800 gone'],
  ]);
});

test('UA-CPC: a minor, detained on a ruling; of a service whose body must be told', () => {
  const person = { ...ADULT, minor: true, specialService: true };
  const steps: Step[] = [
    [0, 'APPREHENDED', { person, basis: 'ruling' }],
    ...ARRIVAL.slice(1),
    [30, 'GUARDIANSHIP_NOTIFIED'],
    [50, 'SERVICE_NOTIFIED'],
    [200, 'INTERROGATION_STARTED'],
    [270, 'INTERROGATION_ENDED'],
    [300, 'INTERROGATION_STARTED'],
    [355, 'INTERROGATION_ENDED'],
    [35 * HOUR, 'COURT_BROUGHT'],
    [36 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['ua-cpc'], 37 * HOUR, [
    ...ARRIVAL_ROWS,
    ['ua-cpc/guardianship', 'art. 213(2)', '0 ok, 30 gone'],
    ['ua-cpc/special-service', 'art. 213(3)', '0 ok, 45 amber, 50 gone'],
    // Neither 24 hours to suspicion nor 60 to court: on a ruling it is 36 hours to the judge.
    ['ua-cpc/judge-on-ruling', 'art. 191', '0 ok, 1620 amber, 1944 red, 2100 gone'],
    ['ua-cpc/decision', 'art. 12', '0 ok, 2160 gone'],
    ['ua-cpc/motion', 'art. 186', '0 ok, 2160 gone'],
    // An hour unbroken: 200 + 60. The break of 30 minutes is one; the second time keeps within the hour.
    [
      'ua-cpc/minor-interrogation-unbroken',
      'art. 226',
      '200 ok, 245 amber, 254 red, 270 gone, 300 ok, 345 amber, 354 red, 355 gone',
    ],
    // Two hours on the day: 70 minutes, then 50 more are reached at 350; three quarters (90) at 320, 108 at 338.
    ['ua-cpc/minor-interrogation-day', 'art. 226', '200 ok, 270 gone, 300 ok, 320 amber, 338 red, 355 gone'],
  ]);
});

test('UA-CPC-615: applied after 20 hours; the ordinary lines go on in its shadow', () => {
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' };
  const steps: Step[] = [
    ...ARRIVAL,
    [20 * HOUR, 'OVERLAY_APPLIED', { overlay }],
    [70 * HOUR, 'SUSPICION_SERVED'],
    [217 * HOUR, 'COURT_DECISION_SERVED'],
    [218 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['ua-cpc', 'ua-cpc-615'], 219 * HOUR, [
    ...ARRIVAL_ROWS,
    [
      'ua-cpc/suspicion',
      'art. 278',
      '0 ok, 1080 amber, 1200 amber in shadow, 1296 red in shadow, 1440 breached in shadow, 4200 gone',
    ],
    [
      'ua-cpc/court',
      'art. 211',
      '0 ok, 1200 ok in shadow, 2700 amber in shadow, 3240 red in shadow, 3600 breached in shadow, 13080 gone',
    ],
    [
      'ua-cpc/decision',
      'art. 12',
      '0 ok, 1200 ok in shadow, 3240 amber in shadow, 3888 red in shadow, 4320 breached in shadow, 13020 gone',
    ],
    [
      'ua-cpc/motion',
      'art. 186',
      '0 ok, 1200 ok in shadow, 3240 amber in shadow, 3888 red in shadow, 4320 breached in shadow, 13020 gone',
    ],
    // From the actual detention, not from when it was applied: 72 and 216 hours.
    ['ua-cpc-615/suspicion', 'art. 615', '1200 ok, 3240 amber, 3888 red, 4200 gone'],
    ['ua-cpc-615/detention', 'art. 615', '1200 ok, 9720 amber, 11664 red, 12960 breached, 13020 gone'],
  ]);
});

test('UA-CPC-615: lifted, the ordinary lines are back; never applied, it is nowhere', () => {
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' };
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: ADULT }],
    [20 * HOUR, 'OVERLAY_APPLIED', { overlay }],
    [26 * HOUR, 'OVERLAY_LIFTED', { overlay }],
  ];
  const law = basisOf(chooseNorms(['ua-cpc', 'ua-cpc-615'], 'Europe/Kyiv')).lawOf('ua-68-itt-1');
  const lifted = timelines(steps, law, 27 * HOUR);
  expect(lifted.get('ua-cpc-615/suspicion')).toBe('1200 ok, 1560 gone');
  expect(lifted.get('ua-cpc/suspicion')).toBe(
    '0 ok, 1080 amber, 1200 amber in shadow, 1296 red in shadow, 1440 breached in shadow, 1560 breached',
  );
  const without = timelines(steps.slice(0, 1), law, 300 * HOUR);
  expect([...without.keys()].filter((name) => name.startsWith('ua-cpc-615'))).toEqual([]);
});

const ADMINISTRATIVE = { ...ADULT, regime: 'administrative' as const };

test('UA-ADMIN: three hours from delivery', () => {
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: ADMINISTRATIVE }],
    [30, 'RELATIVES_NOTIFIED'],
    [70, 'DELIVERED'],
    [75, 'REGISTERED'],
    [260, 'RELEASED'],
  ];
  expectTable(steps, ['ua-admin'], 5 * HOUR, [
    ['ua-admin/delivery', '', '0 ok, 45 amber, 54 red, 70 gone'],
    ['ua-admin/relatives', 'art. 261', '0 ok, 30 gone'],
    ['ua-admin/detention', 'art. 263', '70 ok, 205 amber, 232 red, 250 breached, 260 gone'],
  ]);
});

test('UA-ADMIN: border regime, three days because a decision says so; the prosecutor within 24 hours', () => {
  const extension = {
    ground: 'border-regime',
    until: new Date(START_MS + 5 * DAY * MINUTE_MS).toISOString(),
    authorisedBy: 'head-1',
  };
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: ADMINISTRATIVE }],
    [20, 'DELIVERED'],
    [30, 'RELATIVES_NOTIFIED'],
    [160, 'EXTENSION_GRANTED', { extension }],
    [20 + DAY + 10, 'PROSECUTOR_NOTIFIED'],
    [20 + 3 * DAY + 5, 'RELEASED'],
  ];
  expectTable(steps, ['ua-admin'], 3 * DAY + HOUR, [
    ['ua-admin/delivery', '', '0 ok, 20 gone'],
    ['ua-admin/relatives', 'art. 261', '0 ok, 30 gone'],
    // Whatever the decision says, three days from delivery are the end: 20 + 4320.
    [
      'ua-admin/detention',
      'art. 263',
      '20 ok, 155 amber, 160 ok, 3260 amber, 3908 red, 4340 breached, 4345 gone',
    ],
    ['ua-admin/prosecutor-border', 'art. 263', '160 ok, 1100 amber, 1316 red, 1460 breached, 1470 gone'],
  ]);
});

test('UA-ADMIN: an intoxicated person’s three hours stand until sobering, and are nobody’s law', () => {
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: { ...ADMINISTRATIVE, intoxicated: true } }],
    [10, 'RELATIVES_NOTIFIED'],
    [20, 'DELIVERED'],
    [300, 'SOBERED'],
    [490, 'RELEASED'],
  ];
  expectTable(steps, ['ua-admin'], 9 * HOUR, [
    ['ua-admin/delivery', '', '0 ok, 20 gone'],
    ['ua-admin/relatives', 'art. 261', '0 ok, 10 gone'],
    ['ua-admin/detention-from-sobering', '', '20 paused, 300 ok, 435 amber, 462 red, 490 gone'],
  ]);
});

test('KZ: 48 hours, 72 by exception; protocol 3 hours, prosecutor 12', () => {
  const extension = {
    ground: 'exceptional-by-law',
    until: new Date(START_MS + 100 * HOUR * MINUTE_MS).toISOString(),
    authorisedBy: 'prosecutor-1',
  };
  const steps: Step[] = [
    [0, 'APPREHENDED', { person: { ...ADULT, foreigner: true } }],
    [1, 'RIGHTS_EXPLAINED'],
    [30, 'RELATIVES_NOTIFIED'],
    [190, 'PROTOCOL_DRAWN'],
    [11 * HOUR, 'PROSECUTOR_NOTIFIED'],
    [23 * HOUR, 'EMBASSY_NOTIFIED'],
    [40 * HOUR, 'EXTENSION_GRANTED', { extension }],
    [73 * HOUR, 'COURT_BROUGHT'],
    [74 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['kz'], 75 * HOUR, [
    ['kz/rights', 'art. 131', '0 ok, 1 gone'],
    ['kz/relatives', 'art. 135', '0 ok, 30 gone'],
    ['kz/protocol', '', '0 ok, 135 amber, 162 red, 190 gone'],
    ['kz/prosecutor', '', '0 ok, 540 amber, 648 red, 660 gone'],
    ['kz/embassy', 'art. 135', '0 ok, 1080 amber, 1296 red, 1380 gone'],
    ['kz/court', '', '0 ok, 2160 amber, 2400 ok, 3240 amber, 3888 red, 4380 gone'],
  ]);
  const minor = timelines(
    [[0, 'APPREHENDED', { person: { ...ADULT, minor: true } }]],
    basisOf(chooseNorms(['kz'], 'Asia/Almaty')).lawOf('ua-68-itt-1'),
    26 * HOUR,
  );
  expect(minor.get('kz/court-minor')).toBe('0 ok, 1080 amber, 1296 red');
  expect(minor.has('kz/court')).toBe(false);
});

/** Nobody has recorded a meal or a rest until somebody left custody. */
const uncaredFor = (goneAt: number): Row[] =>
  ['meals', 'rest'].map((limit) => [
    `uk-pace/${limit}`,
    'Code C',
    `0 ok, 1080 amber, 1296 red, 1440 breached, ${goneAt} gone`,
  ]);

test('UK-PACE: 24, 36 and 96 hours, with a hospital in between, and reviews', () => {
  const until = (hours: number) => new Date(START_MS + hours * HOUR * MINUTE_MS).toISOString();
  const steps: Step[] = [
    [0, 'DELIVERED', { person: ADULT }],
    [10, 'DETENTION_AUTHORISED'],
    [6 * HOUR, 'REVIEW_DONE'],
    [8 * HOUR, 'HOSPITAL_LEFT'],
    [10 * HOUR, 'HOSPITAL_RETURNED'],
    [15 * HOUR, 'REVIEW_DONE'],
    [
      20 * HOUR,
      'EXTENSION_GRANTED',
      { extension: { ground: 'superintendent', until: until(60), authorisedBy: 'supt' } },
    ],
    [25 * HOUR, 'REVIEW_DONE'],
    [
      37 * HOUR,
      'EXTENSION_GRANTED',
      { extension: { ground: 'court-warrant', until: until(200), authorisedBy: 'court' } },
    ],
    [60 * HOUR, 'CHARGED'],
    [61 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['uk-pace'], 62 * HOUR, [
    // Two hours of hospital: 36 hours are over at 38. At 20 h it is 18 of 24: amber. The warrant's 36 run from 37 to 73.
    [
      'uk-pace/detention',
      'PACE',
      // 0.75 × 24 = 18 → 20 h with the hospital; then 0.75 × 36 = 27 → 29 h, 0.9 × 36 = 32.4 → 34 h 24 min.
      // With the warrant (35 h gone of 71): 0.75 × 71 = 53.25 → 55 h 15 min.
      `0 ok, 480 paused, 600 ok, ${29 * HOUR} amber, ${34.4 * HOUR} red, ${37 * HOUR} ok, ${55.25 * HOUR} amber, 3600 gone`,
    ],
    // 6 h after 10: amber 280, red 334; done at 360 (due 370). 9 h: 765, 846, 900 is done on time. The next is due at 1440.
    [
      'uk-pace/review',
      's. 40',
      '10 ok, 280 amber, 334 red, 360 ok, 765 amber, 846 red, 900 ok, 1305 amber, 1386 red, 1440 breached, ' +
        '1500 ok, 1905 amber, 1986 red, 2040 breached, 3660 gone',
    ],
    ...uncaredFor(3_660),
  ]);
});

test('UK-PACE: who is charged and stays is reviewed as before (s. 40(1)(a))', () => {
  const steps: Step[] = [
    [0, 'DELIVERED', { person: ADULT }],
    [10, 'DETENTION_AUTHORISED'],
    [5 * HOUR, 'CHARGED'],
    [6 * HOUR, 'REVIEW_DONE'],
    [15 * HOUR + 5, 'RELEASED'],
  ];
  expectTable(steps, ['uk-pace'], 16 * HOUR, [
    ['uk-pace/detention', 'PACE', '0 ok, 300 gone'],
    ['uk-pace/meals', 'Code C', '0 ok, 905 gone'],
    ['uk-pace/rest', 'Code C', '0 ok, 905 gone'],
    // The second is due nine hours after the first, and nobody does it.
    [
      'uk-pace/review',
      's. 40',
      '10 ok, 280 amber, 334 red, 360 ok, 765 amber, 846 red, 900 breached, 905 gone',
    ],
  ]);
});

test('UK-PACE: nobody extends; hospital after the end changes nothing', () => {
  const steps: Step[] = [
    [0, 'DELIVERED', { person: ADULT }],
    [25 * HOUR, 'HOSPITAL_LEFT'],
    [27 * HOUR, 'HOSPITAL_RETURNED'],
    [
      28 * HOUR,
      'EXTENSION_GRANTED',
      {
        extension: {
          ground: 'superintendent',
          until: new Date(START_MS + 36 * HOUR * MINUTE_MS).toISOString(),
          authorisedBy: 'supt',
        },
      },
    ],
    [30 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['uk-pace'], 31 * HOUR, [
    ['uk-pace/detention', 'PACE', '0 ok, 1080 amber, 1296 red, 1440 breached, 1800 gone'],
    ...uncaredFor(1_800),
  ]);
});

test('UK-PACE: three meals and eight hours of rest in any 24 hours', () => {
  const steps: Step[] = [
    [0, 'DELIVERED', { person: ADULT }],
    [2 * HOUR, 'MEAL'],
    [8 * HOUR, 'MEAL'],
    [14 * HOUR, 'MEAL'],
    [15 * HOUR, 'REST_STARTED'],
    [23 * HOUR, 'REST_ENDED'],
    [26 * HOUR, 'MEAL'],
    [38 * HOUR, 'REST_STARTED'],
    [40 * HOUR, 'INTERROGATION_STARTED'],
    [42 * HOUR, 'RELEASED'],
  ];
  expectTable(steps, ['uk-pace'], 43 * HOUR, [
    ['uk-pace/detention', 'PACE', '0 ok, 1080 amber, 1296 red, 1440 breached, 2520 gone'],
    // The fourth is due a day after the first (26 h), the fifth a day after the second (32 h).
    ['uk-pace/meals', 'Code C', '0 ok, 1200 amber, 1416 red, 1560 amber, 1776 red, 1920 breached, 2520 gone'],
    // Over at 23 h, the next has to be over at 39 h; it begins too late for that.
    ['uk-pace/rest', 'Code C', '0 ok, 2100 amber, 2244 red, 2340 breached, 2520 gone'],
  ]);
});

test('CPT: whoever arrives is examined within a day, under any regime', () => {
  for (const regime of ['criminal', 'administrative'] as const) {
    const arrival: Step = [0, 'DELIVERED', { person: { ...ADULT, regime } }];
    const told = (...steps: Step[]) =>
      timelines(
        [arrival, ...steps],
        basisOf(chooseNorms(['cpt-health'], 'Europe/Kyiv')).lawOf('ua-68-itt-1'),
        26 * HOUR,
      );
    expect(told().get('cpt-health/medical-screening')).toBe('0 ok, 1080 amber, 1296 red, 1440 breached');
    expect(told([20 * HOUR, 'MEDICAL_EXAM_STARTED']).get('cpt-health/medical-screening')).toBe(
      '0 ok, 1080 amber, 1200 gone',
    );
  }
});

test('UK-PACE: an intoxicated minor is roused and visited every half hour, sober every hour', () => {
  const basis = basisOf(chooseNorms(['uk-pace'], 'Europe/London'));
  const person = { ...ADULT, minor: true, intoxicated: true };
  const steps: Step[] = [
    [0, 'DELIVERED', { person }],
    [5, 'CELL_PLACED', { area: 'cell-1' }],
    [28, 'ROUSED'],
    [70, 'ROUSED'],
    [80, 'APPROPRIATE_ADULT_ARRIVED'],
    [90, 'SOBERED'],
  ];
  const told = timelines(steps, basis.lawOf('ua-68-itt-1'), 2 * HOUR);
  expect(told.get('uk-pace/rousing')).toBe('0 ok, 23 amber, 27 red, 28 ok, 51 amber, 55 red, 70 ok, 90 gone');
  expect(told.get('uk-pace/appropriate-adult')).toBe('0 ok, 80 gone');

  const visits = [
    ...toEvents(steps.slice(0, 2)),
    areaEvent('CELL_CHECK', { id: 50, at: 30, area: 'cell-1' }),
  ];
  const facility = applyEvents(
    restoreFacility('ua-68-itt-1', basis),
    visits.map((event) => stored(event)),
    basis,
  ).facility;
  const due = (of: typeof facility) => {
    const status = AreaStatus.parse(of.statuses.get('ua-68-itt-1-cell-1'));
    const dueMinutes = (Date.parse(status.nextCheckDueAt ?? '') - START_MS) / MINUTE_MS;
    return [dueMinutes, status.checkMinutes];
  };
  // Said with it: how far apart checks are, where it is not the usual hour.
  expect(due(facility)).toEqual([60, 30]);
  const and = (of: typeof facility, event: CustodyEvent) => applyEvents(of, [stored(event)], basis).facility;
  const sober = and(facility, caseEvent('SOBERED', { id: 51, at: 40 }));
  expect(due(sober)).toEqual([90, undefined]);
  const close = and(sober, caseEvent('RISK_ASSESSED', { id: 52, at: 41, observationLevel: 4 }));
  expect(due(close)).toEqual([45, 15]);
  const gone = and(close, caseEvent('RELEASED', { id: 53, at: 43 }));
  expect(AreaStatus.parse(gone.statuses.get('ua-68-itt-1-cell-1')).checkMinutes).toBeUndefined();
});
