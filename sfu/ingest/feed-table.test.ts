import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { testFeed } from '../test/fixtures/authority.ts';
import { FeedTable } from './feed-table.ts';
import { PacketPoller } from './packet-poller.ts';
import type { Source } from './source.ts';

const MASK = { regions: [{ x: 0, y: 0, width: 0.5, height: 0.5 }], version: 1 };

/** A table that knows of a mask for every feed, or of none. */
function setUp({ hasMasks = true } = {}) {
  const released: string[] = [];
  const reports: string[] = [];
  const available: string[] = [];
  const poller = new PacketPoller();
  const looked: ((hasBFrames: boolean) => void)[] = [];
  const table = new FeedTable({
    homes: { release: (feedId) => void released.push(feedId) },
    masks: { has: () => hasMasks },
    bFrames: { watch: (_feedId, _source, onLooked) => void looked.push(onLooked) },
    log: { warn: () => undefined },
    news: {
      report: ({ state, faults = [] }) => void reports.push([state, ...faults].join(' ')),
      available: (feedId) => void available.push(feedId),
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
    available,
    look: (hasBFrames: boolean) => looked.at(-1)?.(hasBFrames),
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

/** A source that is taken, and may say what is wrong with it. */
function whole(kind: Source['kind']) {
  const producer = { on: () => undefined, off: () => undefined, id: 'producer' };
  const { source: it, isClosed } = source(kind);
  let say: Parameters<NonNullable<Source['onFault']>>[0] = () => undefined;
  const source_ = Object.assign(it, {
    producer,
    layers: ['low'],
    worker: { carry: () => () => undefined },
    onFault: (listener: typeof say) => {
      say = listener;
    },
    ...(kind === 'whip' ? {} : { want: () => undefined }),
  });
  return { source: source_ as Source, isClosed, say: (...news: Parameters<typeof say>) => say(...news) };
}

test('equipment that sends B-frames goes on, with the fault for as long as it is said or seen', () => {
  using setting = setUp({ hasMasks: false });
  const { source, isClosed, say } = whole('edge');
  const feed = setting.table.attach(testFeed('cell-1'), source);
  const faults: (readonly string[])[] = [];
  for (const step of [
    () => setting.look(true),
    () => say('b-frames', true),
    () => setting.look(false),
    () => say('b-frames', false),
  ]) {
    step();
    faults.push(feed.faults);
  }
  expect(faults).toEqual([['b-frames'], ['b-frames'], ['b-frames'], []]);
  expect([isClosed(), feed.source]).toEqual([false, source]);
});

test('keyframes that an edge says to be too rare are that, whatever is seen of them here, and the other way round', () => {
  using setting = setUp({ hasMasks: false });
  const { source, say } = whole('edge');
  const feed = setting.table.attach(testFeed('cell-1'), source);
  const faults: (readonly string[])[] = [];
  for (const step of [
    () => say('keyframe-interval', true),
    () => feed.setFault('keyframe-interval', false),
    () => feed.setFault('keyframe-interval', true),
    () => say('keyframe-interval', false),
    () => feed.setFault('keyframe-interval', false),
  ]) {
    step();
    faults.push(feed.faults);
  }
  const there = ['keyframe-interval'];
  expect(faults).toEqual([there, there, there, there, []]);
  // What was wrong with the source before is not said of the next one.
  say('keyframe-interval', true);
  feed.setFault('keyframe-interval', true);
  setting.table.attach(testFeed('cell-1'), whole('edge').source);
  expect(feed.faults).toEqual([]);
});

test('an encoder that sends B-frames is put out, and that is remembered until the next one is seen to send none', () => {
  using setting = setUp({ hasMasks: false });
  const first = whole('whip');
  const info = testFeed('whip-1', { source: 'whip' });
  const feed = setting.table.attach(info, first.source);
  setting.look(true);
  expect([first.isClosed(), feed.source, setting.reports.at(-1)]).toEqual([true, undefined, 'lost b-frames']);
  const second = whole('whip');
  setting.table.attach(info, second.source);
  expect(feed.faults).toEqual(['b-frames']);
  setting.look(false);
  expect([second.isClosed(), feed.faults]).toEqual([false, []]);
});

describe('a relayed feed that comes here by itself now', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function change({ isUsed = true } = {}) {
    const setting = setUp({ hasMasks: false });
    const before = whole('relay');
    const relayed = setting.table.attach(testFeed('cell-1'), before.source);
    const ended: string[] = [];
    const user = {
      layer: 'low' as const,
      onEnded: (code: string) => void ended.push(code),
      onFlow: () => undefined,
    };
    const use = isUsed ? relayed.use(before.source, user) : undefined;
    relayed.setFault('black', true);
    setting.reports.length = 0;
    setting.table.attach(testFeed('cell-1'), whole('edge').source);
    return { ...setting, setting, before, relayed, ended, use };
  }

  test('goes on for three seconds for those who have it, who are told when it ends', () => {
    const { setting, before, ended, use, available } = change();
    using _ = setting;
    expect([before.isClosed(), use?.isOutdated]).toEqual([false, true]);
    vi.advanceTimersByTime(2_900);
    expect([before.isClosed(), ended, available]).toEqual([false, [], []]);
    vi.advanceTimersByTime(200);
    expect([before.isClosed(), ended.length, available]).toEqual([true, 1, ['cell-1']]);
  });

  test('says nothing any more of how the feed is', () => {
    const { setting, relayed, reports } = change();
    using _ = setting;
    const said = reports.length;
    expect(reports[0]).toBe('idle');
    relayed.setFault('frozen', true);
    vi.advanceTimersByTime(4_000);
    expect(reports.length).toBe(said);
  });

  test('ends at once when something of it is to be covered, or when nobody has it', () => {
    const { setting, before, available } = change();
    using _ = setting;
    setting.table.forgetRetired('cell-1');
    expect([before.isClosed(), available]).toEqual([true, ['cell-1']]);
    const unused = change({ isUsed: false });
    using __ = unused.setting;
    expect([unused.before.isClosed(), unused.available]).toEqual([true, []]);
  });
});
