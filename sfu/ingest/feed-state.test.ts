import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALIVE_WITHIN_MS,
  CONNECT_TIMEOUT_MS,
  deadlineOf,
  decideFeed,
  type FeedEvent,
  type FeedState,
  isAlive,
  LOST_AFTER_MS,
  REVIVE_EVERY_MS,
} from './feed-state.ts';

const idle: FeedState = { state: 'idle' };
const connecting: FeedState = { state: 'connecting', since: 1_000 };
const live: FeedState = { state: 'live', layers: ['low'] };
const stalled: FeedState = { state: 'stalled', since: 1_000 };
const lost: FeedState = { state: 'lost', since: 1_000, reviveAt: 1_000 + REVIVE_EVERY_MS };
const flow = (...layers: ('low' | 'high')[]): FeedEvent => ({ type: 'flow', layers, lastAt: 4_500 });
/** The state afterwards, and what is to be done. */
type Outcome = [FeedState, string[]];
const at = (now: number) => ({ now });

describe('a feed that is held back on purpose', () => {
  const held = { type: 'held', isHeld: true } as const;
  const at = { now: 5_000, isHeld: true };
  const still: FeedState = { state: 'stalled', since: 5_000 };
  it.each<[string, FeedState, FeedEvent, FeedState]>([
    ['is waited for no longer', connecting, held, still],
    ['is not lost', lost, held, still],
    ['stands since its last packet', stalled, held, stalled],
    ['goes on until its packets end', live, held, live],
    ['is not asked for', idle, held, idle],
    ['is asked for', idle, { type: 'wanted' }, still],
    ['stays so however long it lasts', stalled, { type: 'time' }, stalled],
    ['is let go again', stalled, flow('low'), live],
  ])('%s', (_, before, event, after) => {
    expect(decideFeed(before, event, at).state).toEqual(after);
  });

  it('has as long to come as any other, once it is held no more', () => {
    const { state } = decideFeed(stalled, { type: 'held', isHeld: false }, { now: 60_000 });
    expect(state).toEqual({ state: 'stalled', since: 60_000 });
    expect([deadlineOf(state), deadlineOf(state, true)]).toEqual([60_000 + LOST_AFTER_MS, undefined]);
  });
});

describe('decideFeed', () => {
  it.each<[string, FeedState, FeedEvent, ...Outcome]>([
    ['is asked for', idle, { type: 'wanted' }, { state: 'connecting', since: 5_000 }, ['report']],
    ['is asked for again', connecting, { type: 'wanted' }, connecting, []],
    ['sends its first packets', connecting, flow('low'), live, ['report']],
    [
      'sends another layer',
      live,
      flow('low', 'high'),
      { state: 'live', layers: ['low', 'high'] },
      ['report'],
    ],
    ['sends the same layers', live, flow('low'), live, []],
    ['falls silent', live, flow(), { state: 'stalled', since: 4_500 }, ['report']],
    ['comes back', stalled, flow('low'), live, ['report']],
    ['comes back after it was lost', lost, flow('low'), live, ['report']],
    ['has not begun yet', connecting, flow(), connecting, []],
    ['still sends though nobody wants it', idle, flow('low'), idle, []],
    ['is not wanted any more', live, { type: 'unwanted' }, idle, ['report']],
    [
      'breaks',
      live,
      { type: 'gone' },
      { state: 'lost', since: 5_000, reviveAt: 5_000 + REVIVE_EVERY_MS },
      ['report', 'revive'],
    ],
    ['breaks when nobody wants it', idle, { type: 'gone' }, idle, []],
    ['is wanted again', lost, { type: 'wanted' }, { state: 'connecting', since: 5_000 }, ['report']],
    ['gets another source', stalled, { type: 'source' }, { state: 'connecting', since: 5_000 }, ['report']],
  ])('when a feed %s', (_what, before, event, ...[after, effects]) => {
    const decision = decideFeed(before, event, at(5_000));
    expect(decision.state).toEqual(after);
    expect(decision.effects.map(({ type }) => type)).toEqual(effects);
  });

  it.each([
    ['that never began', connecting, 1_000 + CONNECT_TIMEOUT_MS],
    ['that fell silent', stalled, 1_000 + LOST_AFTER_MS],
  ])('calls a feed lost %s, at its deadline and not before', (_what, state, deadline) => {
    expect(deadlineOf(state)).toBe(deadline);
    expect(decideFeed(state, { type: 'time' }, at(deadline - 1)).state).toBe(state);
    const { state: next, effects } = decideFeed(state, { type: 'time' }, at(deadline));
    expect(next.state).toBe('lost');
    expect(effects).toEqual([{ type: 'report' }, { type: 'revive' }]);
  });

  it('tries to revive a lost feed again and again, and remembers since when it is lost', () => {
    const { state, effects } = decideFeed(lost, { type: 'time' }, at(1_000 + REVIVE_EVERY_MS));
    expect(effects).toEqual([{ type: 'revive' }]);
    expect(state).toMatchObject({ state: 'lost', since: 1_000 });
    expect(deadlineOf(state)).toBe(1_000 + 2 * REVIVE_EVERY_MS);
  });

  it('reports exactly when state or layers change, whatever happens in whatever order', () => {
    const event = fc.oneof<fc.Arbitrary<FeedEvent>[]>(
      fc.constantFrom<FeedEvent>(
        { type: 'wanted' },
        { type: 'unwanted' },
        { type: 'gone' },
        { type: 'time' },
      ),
      fc.subarray(['low', 'high'] as const).map((layers) => ({ type: 'flow', layers, lastAt: 0 })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(20_000)), { maxLength: 60 }), (steps) => {
        let state: FeedState = idle;
        let now = 0;
        for (const [next, passed] of steps) {
          now += passed;
          const decision = decideFeed(state, next, { now });
          const told = decision.effects.some(({ type }) => type === 'report');
          const face = (it: FeedState) => JSON.stringify([it.state, it.state === 'live' ? it.layers : []]);
          expect(told).toBe(face(state) !== face(decision.state));
          // Whoever waits on time has a time to wait for.
          expect(deadlineOf(decision.state) === undefined).toBe(
            ['idle', 'live'].includes(decision.state.state),
          );
          state = decision.state;
        }
      }),
    );
  });
});

describe('isAlive', () => {
  it('keeps others out while media comes, and for a moment after it or after the publisher was let in', () => {
    expect(isAlive(live, 1e9)).toBe(true);
    for (const state of [connecting, stalled]) {
      expect(isAlive(state, 1_000 + ALIVE_WITHIN_MS - 1)).toBe(true);
      expect(isAlive(state, 1_000 + ALIVE_WITHIN_MS)).toBe(false);
    }
    expect(isAlive(lost, 1_000)).toBe(false);
    expect(isAlive(idle, 1_000)).toBe(false);
  });
});
