import { expect, test } from 'vitest';
import type { StoredEvent } from '#contract/custody-events.ts';
import type { Feed } from '#contract/nation.ts';
import type { AreaHistory } from '../../custody/state/area-history.ts';
import type { SightChange } from '../../live/sight-history.ts';
import { lookAtRecord } from './record-and-video.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-22T00:00:00.000Z');
const instant = (hours: number) => new Date(START_MS + hours * HOUR_MS).toISOString();

/** Somebody inside since the beginning. */
const HISTORY: AreaHistory = {
  knownFromMs: START_MS - HOUR_MS,
  occupied: [[START_MS - HOUR_MS, START_MS + 100 * HOUR_MS]],
  confidential: [],
};

/** A check of the cell, that many hours after the beginning. */
const check = (hours: number): StoredEvent => ({
  event: {
    id: '0191d0a0-0000-7000-8000-000000000001',
    type: 'CELL_CHECK',
    areaId: 'cell-1',
    occurredAt: instant(hours),
    recordedAt: instant(hours),
    recordedBy: 'inspector-7',
  },
  facilityId: 'ua-68-itt-1',
  receivedAt: instant(hours),
});

/** What a camera showed: the sight from each hour on. */
type Shown = readonly (readonly [hours: number, sight: SightChange['sight']])[];
const toChanges = (shown: Shown) =>
  shown.map(([hours, sight]) => ({ atMs: START_MS + hours * HOUR_MS, sight }));

/** Why a check after two hours was unseen, given the cameras of the cell and what each showed. */
function causeOf(...cameras: (readonly [Feed['source'], Shown | undefined])[]) {
  const feeds = cameras.map(([source], index) => ({
    id: `cell-1-cam-${index}`,
    source,
    layers: ['low' as const],
  }));
  const finding = lookAtRecord(check(2), {
    area: { id: 'cell-1', kind: 'cell', capacity: 2, feeds },
    history: HISTORY,
    sights: cameras.map(([, shown]) => shown && toChanges(shown)),
  });
  return finding && [finding.rule, finding.params.cause];
}

test('a check is unseen while the encoder that was to publish did not', () => {
  expect(
    causeOf([
      'whip',
      [
        [0, 'live'],
        [1, 'idle'],
      ],
    ]),
  ).toEqual(['check-unseen', 'unpublished']);
});

test.each<[string, Parameters<typeof causeOf>]>([
  ['what is sent on demand is idle because nobody looks', [['edge', [[0, 'idle']]]]],
  ['so is a camera that is pulled', [['rtsp', [[0, 'idle']]]]],
  [
    'the encoder came back just then',
    [
      [
        'whip',
        [
          [0, 'idle'],
          [2, 'live'],
        ],
      ],
    ],
  ],
  ['it was on its way', [['whip', [[0, 'connecting']]]]],
  ['nothing is known of that time', [['whip', undefined]]],
  ['it is known of later times only', [['whip', [[3, 'idle']]]]],
  [
    'another camera may have seen it',
    [
      ['whip', [[0, 'idle']]],
      ['edge', [[0, 'idle']]],
    ],
  ],
  ['there is no camera', []],
])('nothing is said when %s', (_, cameras) => {
  expect(causeOf(...cameras)).toBeUndefined();
});

test('all cameras of an area have to be dark, each for a reason of its own', () => {
  expect(causeOf(['edge', [[0, 'lost']]], ['whip', [[0, 'idle']]])).toEqual(['check-unseen', 'lost']);
  expect(causeOf(['whip', [[0, 'idle']]], ['edge', [[0, 'lost']]])).toEqual(['check-unseen', 'unpublished']);
});
