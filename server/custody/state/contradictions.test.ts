import { expect, test } from 'vitest';
import { ADULT, caseEvent, lawOf, START_MS } from '../../test/fixtures/custody.ts';
import { foldCase } from './case-view.ts';
import { corrected } from './corrections.ts';
import { compareEvents, toKept } from './kept-event.ts';

const HOUR = 60;
const MINUTE_MS = 60_000;
type Step = [
  at: number,
  type: Parameters<typeof caseEvent>[0],
  details?: Omit<Parameters<typeof caseEvent>[1], 'id' | 'at'>,
];

function viewOf(steps: readonly Step[], ...sets: string[]) {
  const events = steps.map(([at, type, details], index) =>
    caseEvent(type, { id: index + 1, at, ...details }),
  );
  const log = { events: events.map((event) => toKept(event)).sort(compareEvents), lastRecordedAt: 0 };
  return foldCase('cr-68-1-one', log, lawOf(...sets), corrected(new Map()));
}

/** Codes with both instants, in minutes. */
function found(steps: readonly Step[], ...sets: string[]) {
  const minutes = (atMs: number | undefined) => atMs && (atMs - START_MS) / MINUTE_MS;
  return viewOf(steps, ...sets).contradictions.map(({ code, atMs, againstMs }) => [
    code,
    minutes(atMs),
    minutes(againstMs),
  ]);
}

const GOOD: Step[] = [
  [1, 'APPREHENDED', { person: ADULT }],
  [30, 'DELIVERED'],
  [35, 'REGISTERED'],
  [50, 'PROTOCOL_DRAWN'],
  [60, 'CELL_PLACED', { area: 'cell-1' }],
];

test('a record in order has its four times, and nothing against it', () => {
  expect(found(GOOD)).toEqual([]);
  const at = (minute: number) => START_MS + minute * MINUTE_MS;
  expect(viewOf(GOOD).times).toEqual({
    actualMs: at(1),
    deliveredMs: at(30),
    registeredMs: at(35),
    protocolMs: at(50),
  });
  expect(viewOf([[5, 'REGISTERED']]).times).toMatchObject({ actualMs: undefined, registeredMs: at(5) });
});

test.each<[string, Step[], (string | number | undefined)[][]]>([
  [
    'registered before it was delivered',
    [...GOOD.slice(0, 2), [20, 'REGISTERED']],
    [['registered-before-delivered', 20, 30]],
  ],
  [
    'a protocol before the detention',
    [
      [10, 'APPREHENDED', { person: ADULT }],
      [5, 'PROTOCOL_DRAWN'],
    ],
    [['protocol-before-actual', 5, 10]],
  ],
  [
    'delivered before the detention',
    [
      [10, 'APPREHENDED', { person: ADULT }],
      [5, 'DELIVERED'],
      [12, 'REGISTERED'],
    ],
    [['delivered-before-actual', 5, 10]],
  ],
  [
    'placed before it was registered',
    [
      [1, 'APPREHENDED', { person: ADULT }],
      [5, 'CELL_PLACED', { area: 'cell-1' }],
      [9, 'REGISTERED'],
    ],
    [['placed-before-registered', 5, 9]],
  ],
  [
    'held without any record',
    [[5, 'CELL_PLACED', { area: 'cell-1' }]],
    [
      ['placed-before-registered', 5, undefined],
      ['seen-before-any-record', 5, undefined],
      ['apprehension-missing', 5, undefined],
    ],
  ],
  // Where limits count from the detention, somebody has to say when it was.
  [
    'brought in by nobody',
    [
      [5, 'DELIVERED', { person: ADULT }],
      [9, 'REGISTERED'],
    ],
    [['apprehension-missing', 5, undefined]],
  ],
  [
    'questioned before any record',
    [
      [5, 'INTERROGATION_STARTED', { area: 'cell-1' }],
      [9, 'APPREHENDED', { person: ADULT }],
    ],
    [['seen-before-any-record', 5, 9]],
  ],
  [
    'released before the detention',
    [
      [10, 'APPREHENDED', { person: ADULT }],
      [7, 'RELEASED'],
    ],
    [['ended-before-actual', 7, 10]],
  ],
  [
    'in a cell after the release',
    [...GOOD, [100, 'RELEASED'], [101, 'CELL_PLACED', { area: 'cell-1' }], [200, 'RELEASED']],
    [['held-after-release', 101, 100]],
  ],
  // The grace of an hour counts from the detention in the first minute.
  [
    'a way of more than an hour',
    [
      [1, 'APPREHENDED', { person: ADULT }],
      [62, 'DELIVERED'],
    ],
    [['delivery-too-long', 62, 61]],
  ],
])('%s', (_, steps, contradictions) => {
  expect(found(steps)).toEqual(contradictions);
});

test('the way that the administrative code gives is an hour, to the millisecond', () => {
  const administrative = { ...ADULT, regime: 'administrative' as const };
  const way = (minute: number) =>
    found([
      [1, 'APPREHENDED', { person: administrative }],
      [minute, 'DELIVERED'],
    ]).map(([code]) => code);
  expect([way(61), way(61 + 1 / 60_000)]).toEqual([[], ['delivery-too-long']]);
});

test('decisions that came too late, or that nothing here knows', () => {
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight' };
  expect(found([...GOOD, [25 * HOUR, 'OVERLAY_APPLIED', { overlay }]])).toEqual([
    ['overlay-after-limit', 25 * HOUR, 1 + 24 * HOUR],
  ]);
  expect(found([...GOOD, [20 * HOUR, 'OVERLAY_APPLIED', { overlay }]])).toEqual([]);
  expect(found([...GOOD, [20 * HOUR, 'OVERLAY_APPLIED', { overlay }]], 'ua-cpc')).toEqual([
    ['overlay-unknown', 20 * HOUR, undefined],
  ]);
  const extension = (ground: string) => ({
    extension: {
      ground,
      until: new Date(START_MS + 99 * HOUR * MINUTE_MS).toISOString(),
      authorisedBy: 'head',
    },
  });
  expect(found([...GOOD, [HOUR, 'EXTENSION_GRANTED', extension('because')]])).toEqual([
    ['extension-unknown', HOUR, undefined],
  ]);
  expect(found([...GOOD, [80 * HOUR, 'EXTENSION_GRANTED', extension('transfer-impossible')]])).toEqual([
    ['extension-after-limit', 80 * HOUR, 60 + 72 * HOUR],
  ]);
});
