import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { testFeed } from '../test/fixtures/authority.ts';
import { FeedTable } from './feed-table.ts';
import { PacketPoller } from './packet-poller.ts';
import type { Source } from './source.ts';

const MASK = { regions: [{ x: 0, y: 0, width: 0.5, height: 0.5 }], version: 1 };

/** A table that knows of a mask for every feed. */
function setUp() {
  const released: string[] = [];
  const reports: string[] = [];
  const poller = new PacketPoller();
  const table = new FeedTable({
    homes: { release: (feedId) => void released.push(feedId) },
    masks: { has: () => true },
    log: { warn: () => undefined },
    news: {
      report: ({ state, faults = [] }) => void reports.push([state, ...faults].join(' ')),
      available: () => undefined,
    },
    poller,
    lingerMs: 0,
    now: () => 1_000,
    revive: () => undefined,
    released: () => undefined,
  });
  return {
    table,
    released,
    reports,
    [Symbol.dispose]: () => {
      table[Symbol.dispose]();
      poller[Symbol.dispose]();
    },
  };
}

/** As much of a source as is looked at before it is taken. */
function source(kind: Source['kind']): { source: Source; isClosed(): boolean } {
  const it = {
    kind,
    closed: false,
    close() {
      this.closed = true;
    },
  };
  return { source: it as unknown as Source, isClosed: () => it.closed };
}

test.each([
  ['comes in here uncovered', 'edge' as const, testFeed('cell-1', { mask: MASK })],
  ['was asked of its home with a grant that names no mask', 'relay' as const, testFeed('cell-1')],
])('a feed with a known mask that %s is closed and not taken', (_, kind, feed) => {
  using setting = setUp();
  const opened = source(kind);
  expect(() => setting.table.attach(feed, opened.source)).toThrow(VartaError);
  expect([opened.isClosed(), setting.table.size, setting.released]).toEqual([true, 0, ['cell-1']]);
});

test('what cannot be covered is lost, and says why', () => {
  using setting = setUp();
  setting.table.refuse(testFeed('whip-1', { source: 'whip', mask: MASK }));
  expect(setting.reports.at(-1)).toBe('lost mask');
  expect(setting.table.get('whip-1')?.source).toBeUndefined();
});
