import { expect, test } from 'vitest';
import { areaStatus, feedStatus, flagOn } from '../test/fixtures/live-records.ts';
import { follows, RegionMirror } from './region-mirror.ts';

const CELL = 'ua-68-itt-1-cell-1';

test('records replace their predecessors, and a closed flag is gone', () => {
  const mirror = new RegionMirror('UA-68');
  const flag = flagOn(CELL);
  mirror.apply({ seq: 1, areas: [areaStatus(CELL)], feeds: [feedStatus(CELL)], flags: [flag] });
  mirror.apply({ seq: 2, areas: [areaStatus(CELL, { headcount: 2 })] });
  expect(mirror.toSnapshot()).toEqual({
    regionId: 'UA-68',
    seq: 2,
    areas: [areaStatus(CELL, { headcount: 2 })],
    feeds: [feedStatus(CELL)],
    flags: [flag],
  });
  mirror.apply({ seq: 3, flags: [{ ...flag, state: 'resolved', version: 2 }] });
  expect(mirror.toSnapshot().flags).toEqual([]);
  expect(mirror.flagsOf(CELL)).toEqual([]);
});

test('the flags of an area come most severe first, then oldest first', () => {
  const mirror = new RegionMirror('UA-68');
  const by = { kind: 'person', id: 'duty', name: 'duty' } as const;
  const late = flagOn(CELL, { severity: 1, history: [{ state: 'raised', by, at: '2026-11-22T11:00:00Z' }] });
  const early = flagOn(CELL, { severity: 1 });
  const mild = flagOn(CELL, { severity: 4 });
  mirror.apply({ seq: 1, flags: [mild, late, early, flagOn('ua-68-itt-1-cell-2')] });
  expect(mirror.flagsOf(CELL)).toEqual([early, late, mild]);
  const worse = { ...mild, severity: 1 as const, version: 2 };
  mirror.apply({ seq: 2, flags: [worse] });
  expect(mirror.flagsOf(CELL).map(({ severity }) => severity)).toEqual([1, 1, 1]);
});

test('a delta is the next one, known already, or leaves a gap', () => {
  const mirror = new RegionMirror('UA-68');
  mirror.apply({ seq: 5 });
  const at = '2026-11-22T10:00:00Z';
  expect([4, 5, 6, 7].map((seq) => follows(mirror, { regionId: 'UA-68', seq, at }))).toEqual([
    'known',
    'known',
    'next',
    'gap',
  ]);
});

test('it tells what a snapshot knows better', () => {
  const mirror = new RegionMirror('UA-68');
  const closed = flagOn(CELL);
  mirror.apply({ seq: 1, areas: [areaStatus(CELL)], feeds: [feedStatus(CELL)], flags: [closed] });
  const snapshot = {
    regionId: 'UA-68',
    seq: 9,
    areas: [areaStatus(CELL), areaStatus('ua-68-itt-1-cell-2')],
    feeds: [feedStatus(CELL, { state: 'lost' })],
    flags: [],
  };
  expect(mirror.differences(snapshot)).toEqual({
    areas: [areaStatus('ua-68-itt-1-cell-2')],
    feeds: [feedStatus(CELL, { state: 'lost' })],
    flags: [],
  });
  expect(mirror.closedIn(snapshot)).toEqual([closed.id]);
});
