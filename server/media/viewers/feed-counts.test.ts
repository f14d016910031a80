import { expect, test } from 'vitest';
import { FeedCounts } from './feed-counts.ts';

test('a feed that goes from one viewer of a page to another is seen without a break', () => {
  const counts = new FeedCounts();
  expect(counts.apply({ opened: ['cell-1', 'cell-2'], closed: [] })).toEqual({
    opened: ['cell-1', 'cell-2'],
    closed: [],
  });
  expect(counts.apply({ opened: ['cell-1'], closed: [] })).toEqual({ opened: [], closed: [] });
  expect(counts.apply({ opened: [], closed: ['cell-1', 'cell-2'] })).toEqual({
    opened: [],
    closed: ['cell-2'],
  });
  expect(counts.apply({ opened: [], closed: ['cell-1'] })).toEqual({ opened: [], closed: ['cell-1'] });
  expect(counts.apply({ opened: ['cell-1'], closed: [] })).toEqual({ opened: ['cell-1'], closed: [] });
});

test('what was not seen does not end', () => {
  expect(new FeedCounts().apply({ opened: [], closed: ['cell-1'] })).toEqual({ opened: [], closed: [] });
});
