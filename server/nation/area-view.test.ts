import { expect, test } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import type { Clock } from '#contract/clocks.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { type AreaLive, toAreaView } from './area-view.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();

const area: Area = {
  id: 'ua-68-itt-1-cell-1',
  facilityId: 'ua-68-itt-1',
  regionId: 'UA-68',
  kind: 'cell',
  name: { uk: 'Камера 1', en: 'Cell 1' },
  privacy: 'normal',
  capacity: 2,
  netAreaM2: 9,
  feeds: [
    { id: 'ua-68-itt-1-cell-1-cam-1', source: 'edge', layers: ['low', 'high'] },
    { id: 'ua-68-itt-1-cell-1-cam-2', source: 'whip', layers: ['low'] },
  ],
};

const clock = (limit: string, dueInHours: number): Clock => ({
  normSet: 'ua-cpc',
  limit,
  caseId: 'cr-68-1-000001',
  anchorAt: at(-24),
  amberAt: at(dueInHours - 4),
  redAt: at(dueInHours - 1),
  dueAt: at(dueInHours),
});

const status: AreaStatus = {
  areaId: area.id,
  headcount: 2,
  clocks: [clock('court', 10), clock('interview', -1), clock('notice', 3)],
  vulnerabilities: ['minor'],
  nextCheckDueAt: at(1),
  confidentialSince: null,
  updatedAt: at(-1),
};

const feed: FeedStatus = {
  feedId: 'ua-68-itt-1-cell-1-cam-1',
  areaId: area.id,
  state: 'live',
  layers: ['low'],
  since: at(-1),
};

function live(parts: { status?: AreaStatus; feed?: FeedStatus; flags?: Flag[] }): AreaLive {
  return {
    area: () => parts.status,
    feed: (id) => (id === parts.feed?.feedId ? parts.feed : undefined),
    flagsOf: () => parts.flags ?? [],
  };
}

test('joins what is known, most urgent clock first', () => {
  const view = AreaView.parse(toAreaView(area, live({ status, feed }), NOW));
  expect(view.clocks.map(({ limit, state }) => [limit, state])).toEqual([
    ['interview', 'breached'],
    ['notice', 'amber'],
    ['court', 'ok'],
  ]);
  expect(view.feeds.map(({ state, layers }) => [state, layers])).toEqual([
    ['live', ['low', 'high']],
    ['idle', ['low']],
  ]);
  expect(view).toMatchObject({
    headcount: 2,
    m2PerPerson: 4.5,
    vulnerabilities: ['minor'],
    updatedAt: at(-1),
  });
});

test('an area that nothing is known of is empty, and says that it has never been updated', () => {
  expect(AreaView.parse(toAreaView(area, live({}), NOW))).toMatchObject({
    headcount: 0,
    m2PerPerson: null,
    clocks: [],
    updatedAt: null,
  });
});

test('every feed of a confidential area is confidential, whatever the media plane says', () => {
  const closed = { ...status, confidentialSince: at(-1) };
  const view = toAreaView(area, live({ status: closed, feed }), NOW);
  expect(view.feeds.map(({ state }) => state)).toEqual(['confidential', 'confidential']);
});
