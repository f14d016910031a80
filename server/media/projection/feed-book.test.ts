import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedReport } from '#contract/registry.ts';
import {
  adoptOrphans,
  applyReports,
  dropDeadNodes,
  EMPTY_BOOK,
  forgetOrphans,
  replaceReports,
  toFaults,
  toSpokesman,
} from './feed-book.ts';

const T0_MS = Date.parse('2026-11-22T14:00:00.000Z');
const report = (feedId: string, nodeId: string, state: FeedReport['state'], atMs = T0_MS): FeedReport => ({
  feedId,
  facilityId: 'ua-68-itt-1',
  regionId: 'UA-68',
  nodeId,
  state,
  layers: state === 'live' ? ['low'] : [],
  at: new Date(atMs).toISOString(),
});
const both = new Set(['node-a', 'node-b']);
const onlyB = new Set(['node-b']);

describe('applyReports', () => {
  test('the newest report of a node counts, in whatever order they come', () => {
    const reports = [
      report('cell', 'node-a', 'connecting', T0_MS),
      report('cell', 'node-a', 'live', T0_MS + 5),
      report('cell', 'node-a', 'stalled', T0_MS + 9),
    ];
    const anyOrder = fc.shuffledSubarray(reports, { minLength: 3 });
    fc.assert(
      fc.property(anyOrder, (shuffled) => {
        const { book } = applyReports(EMPTY_BOOK, shuffled);
        expect(toSpokesman(book.get('cell'))?.state).toBe('stalled');
      }),
    );
  });

  test('the node that has the picture speaks for the feed', () => {
    const { book } = applyReports(EMPTY_BOOK, [
      report('cell', 'node-a', 'lost'),
      report('cell', 'node-b', 'live'),
    ]);
    expect(toSpokesman(book.get('cell'))?.nodeId).toBe('node-b');
  });

  test('what any node sees wrong with its picture is told', () => {
    const { book } = applyReports(EMPTY_BOOK, [
      { ...report('cell', 'node-a', 'live'), layers: ['low', 'high'], faults: ['keyframe-interval'] },
      { ...report('cell', 'node-b', 'live'), faults: ['black', 'keyframe-interval'] },
    ]);
    expect(toSpokesman(book.get('cell'))?.nodeId).toBe('node-a');
    expect(toFaults(book.get('cell')).toSorted()).toEqual(['black', 'keyframe-interval']);
    expect(toFaults(undefined)).toEqual([]);
  });

  test('idle with every node is idle', () => {
    const { book } = applyReports(EMPTY_BOOK, [
      report('cell', 'node-a', 'live'),
      report('cell', 'node-a', 'idle', T0_MS + 1),
    ]);
    expect(book.size).toBe(0);
  });

  test('says which feeds it was about, and changes nothing in place', () => {
    const first = applyReports(EMPTY_BOOK, [report('cell', 'node-a', 'live', T0_MS + 5)]);
    const second = applyReports(first.book, [
      report('cell', 'node-a', 'stalled', T0_MS),
      report('yard', 'node-a', 'live'),
    ]);
    expect([...second.touched]).toEqual(['yard']);
    expect([...first.book.keys()]).toEqual(['cell']);
  });
});

describe('a node dies', () => {
  const { book } = applyReports(EMPTY_BOOK, [
    report('cell', 'node-a', 'live'),
    report('yard', 'node-a', 'live'),
    report('yard', 'node-b', 'stalled'),
  ]);

  test('what only it had is orphaned; what another one has goes on', () => {
    const dropped = dropDeadNodes(book, onlyB, T0_MS + 100);
    expect(dropped.book.get('cell')).toEqual({ state: 'orphaned', sinceMs: T0_MS + 100 });
    expect(toSpokesman(dropped.book.get('yard'))?.nodeId).toBe('node-b');
    expect([...dropped.touched].sort()).toEqual(['cell', 'yard']);
    expect(dropDeadNodes(dropped.book, onlyB, T0_MS + 200).touched.size).toBe(0);
  });

  test('an orphan is found again by a report, and is not idle because some other node says so', () => {
    const orphaned = dropDeadNodes(book, onlyB, T0_MS + 100).book;
    expect(applyReports(orphaned, [report('cell', 'node-b', 'idle')]).book.get('cell')?.state).toBe(
      'orphaned',
    );
    expect(
      toSpokesman(applyReports(orphaned, [report('cell', 'node-b', 'live')]).book.get('cell'))?.state,
    ).toBe('live');
  });

  test('orphans that are sent on demand are forgotten after a while, others stay', () => {
    const orphaned = dropDeadNodes(book, new Set<string>(), T0_MS).book;
    const forget = (nowMs: number) =>
      forgetOrphans(orphaned, { nowMs, afterMs: 20_000, isOnDemand: (feedId) => feedId === 'cell' });
    expect(forget(T0_MS + 19_999).book.size).toBe(2);
    expect([...forget(T0_MS + 20_000).book.keys()]).toEqual(['yard']);
  });
});

describe('replaceReports', () => {
  test('what a living node does not name is idle with it; what a dead one had is orphaned', () => {
    const { book } = applyReports(EMPTY_BOOK, [
      report('cell', 'node-a', 'live'),
      report('yard', 'node-b', 'live'),
      report('gate', 'node-b', 'live'),
    ]);
    const replaced = replaceReports(book, {
      living: onlyB,
      reports: [report('gate', 'node-b', 'stalled', T0_MS + 5)],
      nowMs: T0_MS + 10,
    });
    expect(replaced.book.get('cell')?.state).toBe('orphaned');
    expect(replaced.book.has('yard')).toBe(false);
    expect(toSpokesman(replaced.book.get('gate'))?.state).toBe('stalled');
    expect([...replaced.touched].sort()).toEqual(['cell', 'gate', 'yard']);
  });

  test('the reports of a dead node are not believed', () => {
    const replaced = replaceReports(EMPTY_BOOK, {
      living: onlyB,
      reports: [report('cell', 'node-a', 'live')],
      nowMs: T0_MS,
    });
    expect(replaced.book.size).toBe(0);
  });

  test('whatever was missed: afterwards the book says what the living nodes say', () => {
    const anyReport = fc
      .tuple(
        fc.constantFrom('cell', 'yard', 'gate'),
        fc.constantFrom('node-a', 'node-b'),
        fc.constantFrom<FeedReport['state']>('idle', 'connecting', 'live', 'stalled', 'lost'),
        fc.nat(50),
      )
      .map(([feedId, nodeId, state, ms]) => report(feedId, nodeId, state, T0_MS + ms));
    const hash = fc.uniqueArray(anyReport, {
      selector: ({ feedId, nodeId }) => `${feedId} ${nodeId}`,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 30 }), hash, (missed, said) => {
        const stale = applyReports(EMPTY_BOOK, missed).book;
        const { book } = replaceReports(stale, { living: both, reports: said, nowMs: T0_MS });
        const fresh = applyReports(EMPTY_BOOK, said).book;
        for (const feedId of ['cell', 'yard', 'gate'])
          expect(toSpokesman(book.get(feedId))).toEqual(toSpokesman(fresh.get(feedId)));
      }),
    );
  });
});

test('what a predecessor left as live, and nobody speaks of, is an orphan', () => {
  const { book } = applyReports(EMPTY_BOOK, [report('cell', 'node-a', 'live')]);
  const adopted = adoptOrphans(book, ['cell', 'yard'], T0_MS);
  expect([...adopted.touched]).toEqual(['yard']);
  expect(adopted.book.get('cell')?.state).toBe('reported');
});
