import { expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Area } from '#contract/nation.ts';
import { SMALL_NATION } from '../../test/fixtures/nation.ts';
import { lookAtFacility } from './facility.ts';

const FACILITY = 'ua-68-itt-1';
const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const minute = (at: number) => NOW_MS + at * MINUTE_MS;
const AREAS = SMALL_NATION.areas.filter(({ facilityId }) => facilityId === FACILITY);
const FEEDS = AREAS.flatMap(({ feeds }) => feeds.map(({ id }) => id));

interface Given {
  /** By the number of the feed; the others say nothing of themselves. */
  states?: readonly (FeedStatus['state'] | undefined)[];
  source?: Area['feeds'][number]['source'];
  headcount?: number;
  /** Minutes from now. */
  heard?: number;
}

/** What is found, and in how many minutes it is to be looked again. */
function look({ states = [], source, headcount = 0, heard }: Given) {
  const areas = AREAS.map((area) => ({
    ...area,
    feeds: area.feeds.map((feed) => (source === undefined ? feed : { ...feed, source })),
  })) as Area[];
  const { findings, times } = lookAtFacility(
    {
      facilityId: FACILITY,
      areas,
      heardMs: heard === undefined ? undefined : minute(heard),
      view: {
        area: (areaId) => ({
          areaId,
          headcount: areaId === AREAS[0]?.id ? headcount : 0,
          clocks: [],
          vulnerabilities: [],
          nextCheckDueAt: null,
          confidentialSince: null,
          updatedAt: new Date(minute(heard ?? -600)).toISOString(),
        }),
        feed: (feedId) => {
          const state = states[FEEDS.indexOf(feedId)];
          return state && { feedId, areaId: 'any', layers: [], since: new Date(0).toISOString(), state };
        },
      },
    },
    NOW_MS,
  );
  return { rules: findings.map(({ rule }) => rule), again: times.map((ms) => (ms - NOW_MS) / MINUTE_MS) };
}

test.each<[string, Given, string[], number[]]>([
  ['nobody watches, and rounds were told of', { headcount: 1, heard: -60 }, [], [60]],
  [
    'nobody watches, and nothing comes of people who are held',
    { headcount: 1, heard: -120 },
    ['facility-silent'],
    [],
  ],
  ['nobody is held', { heard: -600 }, [], []],
  ['a picture comes', { headcount: 1, heard: -600, states: ['live', 'idle'] }, [], []],
  [
    'a picture comes though another one is lost',
    { headcount: 1, heard: -600, states: ['live', 'lost'] },
    [],
    [],
  ],
  [
    'all equipment is away, and records come',
    { heard: -10, states: ['lost', 'lost'] },
    ['cameras-lost'],
    [5],
  ],
  [
    'all equipment is away, and nothing comes',
    { heard: -15, states: ['lost', 'lost'] },
    ['cameras-lost', 'facility-silent'],
    [],
  ],
  ['one camera is lost', { heard: -15, states: ['lost'] }, [], []],
  [
    'no encoder publishes, and somebody is inside',
    { source: 'whip', headcount: 1, heard: -1 },
    ['cameras-lost'],
    [14],
  ],
  ['no encoder publishes, nor ever did, and nobody is inside', { source: 'whip', heard: -1 }, [], []],
  ['one encoder publishes', { source: 'whip', headcount: 1, heard: -600, states: ['live'] }, [], []],
])('a facility that nobody watches: %s', (_, given, rules, again) => {
  expect(look(given)).toEqual({ rules, again });
});
