import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#contract/errors.ts';
import { MAX_WATCHED, type Watched } from '#contract/media.ts';
import { createRegistry } from '../../nation/registry.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { decideFeed, type FeedAccess } from './feed-access.ts';
import {
  dropConsumers,
  giveUp,
  NO_FEEDS,
  reassess,
  recordAnswers,
  type ViewerFeeds,
  want,
} from './viewer-feeds.ts';

const template = decideFeed(
  { kind: 'person', username: 's', role: 'situation', scope: { kind: 'nation' } },
  'ua-68-itt-1-cell-1-cam-1',
  { registry: createRegistry(mediaNation), area: () => undefined },
);

/** A policy that refuses the feeds given, and allows every other. */
function policy(refused: Record<string, ErrorCode> = {}) {
  return (feedId: string): FeedAccess => {
    const code = Object.hasOwn(refused, feedId) ? refused[feedId] : undefined;
    if (code) return { allow: false, code, reason: 'test' };
    if (!template.allow) throw new Error('fixture');
    return { ...template, granted: { ...template.granted, id: feedId } };
  };
}
const consumed = (feedId: string, consumerId = `c-${feedId}`): Watched => ({
  ok: true,
  feedId,
  consumer: { id: consumerId, producerId: 'p', kind: 'video', rtpParameters: {} },
});
const states = (feeds: ViewerFeeds) => Object.fromEntries([...feeds].map(([id, feed]) => [id, feed.state]));
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Feeds of a viewer that consumes all of these. */
function consuming(feedIds: readonly string[]): ViewerFeeds {
  const wanted = want(NO_FEEDS, feedIds, policy()).feeds;
  return recordAnswers(
    wanted,
    feedIds.map((feedId) => consumed(feedId)),
    new Map(),
  ).feeds;
}

describe('want', () => {
  test('one bad feed spoils no other', () => {
    const ask = policy({ elsewhere: 'forbidden', lawyer: 'confidential', nowhere: 'unknown_feed' });
    const result = want(NO_FEEDS, ['cell', 'elsewhere', 'lawyer', 'nowhere', 'cell'], ask);
    expect(result.granted).toEqual(['cell']);
    expect(result.refused.map(({ feedId, code }) => [feedId, code])).toEqual([
      ['elsewhere', 'forbidden'],
      ['lawyer', 'confidential'],
      ['nowhere', 'unknown_feed'],
    ]);
    // Of those refused, only the confidential one may come back by itself.
    expect(states(result.feeds)).toEqual({ cell: 'waiting', lawyer: 'refused' });
  });

  test('asking again for what is consumed keeps the consumer', () => {
    const feeds = consuming(['cell']);
    expect(want(feeds, ['cell'], policy()).feeds.get('cell')).toEqual(feeds.get('cell'));
  });

  test('feeds that never had a picture make room for new ones, the oldest first', () => {
    const waiting = want(NO_FEEDS, many('old', MAX_WATCHED), policy()).feeds;
    const { feeds, granted } = want(waiting, ['new'], policy());
    expect(granted).toEqual(['new']);
    expect(feeds.size).toBe(MAX_WATCHED);
    expect([feeds.has('old-0'), feeds.has('old-1'), feeds.has('new')]).toEqual([false, true, true]);
  });

  test('feeds that are seen do not', () => {
    const { feeds, refused } = want(consuming(many('seen', MAX_WATCHED)), ['new', 'seen-0'], policy());
    expect(refused).toMatchObject([{ feedId: 'new', code: 'limit_reached' }]);
    expect(feeds.size).toBe(MAX_WATCHED);
  });
});

describe('reassess', () => {
  test('what may not be seen any more leaves the grant; what may be again comes back', () => {
    const closed = reassess(consuming(['cell', 'yard']), policy({ cell: 'confidential' }));
    expect(closed.closed).toEqual(['cell']);
    expect(closed.granted.map(({ id }) => id)).toEqual(['yard']);
    expect(reassess(closed.feeds, policy({ cell: 'confidential' })).closed).toEqual([]);

    const opened = reassess(closed.feeds, policy());
    expect(opened.reopened).toEqual(['cell']);
    expect(states(opened.feeds)).toEqual({ cell: 'waiting', yard: 'consuming' });
  });
});

describe('recordAnswers', () => {
  const wanted = want(NO_FEEDS, ['cell', 'yard'], policy()).feeds;

  test('a feed that is not live stays wanted; one that the node refuses does not', () => {
    const refuse = (feedId: string, code: ErrorCode): Watched => ({ ok: false, feedId, code, message: '' });
    const { feeds } = recordAnswers(
      wanted,
      [refuse('cell', 'feed_not_live'), refuse('yard', 'codec_unsupported')],
      new Map(),
    );
    expect(states(feeds)).toEqual({ cell: 'waiting' });
  });

  test('refused meanwhile: the page does not get the consumer', () => {
    const refused = reassess(wanted, policy({ cell: 'confidential' })).feeds;
    const { feeds, answers } = recordAnswers(refused, [consumed('cell')], new Map());
    expect(answers).toMatchObject([{ ok: false, code: 'confidential' }]);
    expect(feeds.get('cell')?.state).toBe('refused');
  });

  test('given up meanwhile: nothing is left over', () => {
    const { feeds, answers } = recordAnswers(giveUp(wanted, [], ['cell']), [consumed('cell')], new Map());
    expect(answers).toMatchObject([{ ok: false }]);
    expect(feeds.has('cell')).toBe(false);
  });

  test('a consumer whose end came before its answer', () => {
    const { answers } = recordAnswers(wanted, [consumed('cell', 'c-1')], new Map([['c-1', 'feed_not_live']]));
    expect(answers).toMatchObject([{ ok: false, feedId: 'cell', code: 'feed_not_live' }]);
  });
});

test('a feed without its consumer is still wanted; one that was given up is not', () => {
  const feeds = consuming(['cell', 'yard']);
  expect(states(dropConsumers(feeds, new Set(['c-cell'])))).toEqual({ cell: 'waiting', yard: 'consuming' });
  expect(states(giveUp(feeds, ['c-cell', 'c-unknown'], []))).toEqual({ yard: 'consuming' });
  // By feed, only what has no consumer.
  expect(states(giveUp(feeds, [], ['cell']))).toEqual({ cell: 'consuming', yard: 'consuming' });
});

test('whatever happens: no more than the most, and every grant holds what is allowed and no more', () => {
  const ids = many('feed', 230);
  const feedIds = fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 220 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('want' as const), feedIds }),
    fc.record({ kind: fc.constant('answer' as const), feedIds }),
    fc.record({ kind: fc.constant('drop' as const), feedIds }),
    fc.record({ kind: fc.constant('giveUp' as const), feedIds }),
    fc.record({ kind: fc.constant('forbid' as const), feedIds }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let feeds = NO_FEEDS;
      let refused = new Set<string>();
      const ask = (feedId: string) => policy(refused.has(feedId) ? { [feedId]: 'confidential' } : {})(feedId);
      for (const { kind, feedIds } of steps) {
        if (kind === 'want') feeds = want(feeds, feedIds, ask).feeds;
        if (kind === 'answer')
          feeds = recordAnswers(
            feeds,
            feedIds.map((id) => consumed(id)),
            new Map(),
          ).feeds;
        if (kind === 'drop') feeds = dropConsumers(feeds, new Set(feedIds.map((id) => `c-${id}`)));
        if (kind === 'giveUp')
          feeds = giveUp(
            feeds,
            feedIds.map((id) => `c-${id}`),
            feedIds,
          );
        if (kind === 'forbid') refused = new Set(feedIds);
        const result = reassess(feeds, ask);
        feeds = result.feeds;
        expect(feeds.size).toBeLessThanOrEqual(MAX_WATCHED);
        const granted = result.granted.map(({ id }) => id);
        expect(granted.filter((id) => refused.has(id))).toEqual([]);
        expect(granted).toEqual([...feeds.keys()].filter((id) => !refused.has(id)));
      }
    }),
    { numRuns: 60 },
  );
});
