import { describe, expect, it } from 'vitest';
import { type Heard, isDeaf } from './deafness.ts';
import type { FeedState } from './feed-state.ts';

const NOW = 100_000;
const silent = (forMs: number): FeedState => ({ state: 'stalled', since: NOW - forMs });
const LIVE: FeedState = { state: 'live', layers: ['low'] };
const LOST: FeedState = { state: 'lost', since: 1, reviveAt: NOW };
const feed = (facilityId: string, state: FeedState, isOwn = true): Heard => ({ isOwn, facilityId, state });

describe('a node', () => {
  it.each<[string, boolean, Heard[]]>([
    ['that has nothing hears well', false, []],
    [
      'hears nothing when all of two facilities stop',
      true,
      [feed('a', silent(2_000)), feed('b', silent(3_000))],
    ],
    ['waits for gaps to end', false, [feed('a', silent(3_000)), feed('b', silent(1_999))]],
    ['does not take a dead camera for that', false, [feed('a', silent(3_000))]],
    ['nor a facility that is cut off', false, [feed('a', silent(3_000)), feed('a', silent(3_000))]],
    [
      'nor while anything comes',
      false,
      [feed('a', silent(3_000)), feed('b', silent(3_000)), feed('c', LIVE)],
    ],
    ['nor for what has been lost for long', false, [feed('a', LOST), feed('b', silent(3_000))]],
    [
      'goes by what enters here alone',
      true,
      [feed('a', silent(3_000)), feed('b', silent(3_000)), feed('c', LIVE, false)],
    ],
  ])('%s', (_, deaf, feeds) => {
    expect(isDeaf(feeds, NOW)).toBe(deaf);
  });
});
