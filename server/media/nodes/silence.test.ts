import { describe, expect, test } from 'vitest';
import { isSilent, NO_SILENCE, noteSilence, SILENCE_WINDOW_MS, type SilenceBook } from './silence.ts';

const NOW = 1_000_000;
const viewers = ['page-1', 'page-2', 'page-3', 'page-4'];

/** Reports about `node-a`, by page and milliseconds before now. */
function book(reports: Record<string, number>): SilenceBook {
  return Object.entries(reports)
    .sort(([, a], [, b]) => b - a)
    .reduce<SilenceBook>(
      (so, [viewerId, ago]) => noteSilence(so, { nodeId: 'node-a', viewerId }, NOW - ago),
      NO_SILENCE,
    );
}
const silent = (of: SilenceBook, there = viewers, nodeId = 'node-a') =>
  isSilent(of, { nodeId, viewers: there }, NOW);

describe('a node is silent', () => {
  test('when half of its pages say so within the window', () => {
    expect(silent(book({ 'page-1': 4_000, 'page-2': 0 }))).toBe(true);
    expect(silent(book({ 'page-1': 0, 'page-2': 0, 'page-3': 0, 'page-4': 0 }))).toBe(true);
  });

  test('and not when fewer do, however often they say it', () => {
    const once = book({ 'page-1': 100 });
    expect(silent(once)).toBe(false);
    expect(silent(noteSilence(once, { nodeId: 'node-a', viewerId: 'page-1' }, NOW))).toBe(false);
  });

  test('and not when nobody does', () => {
    expect(silent(NO_SILENCE)).toBe(false);
    expect(silent(NO_SILENCE, [])).toBe(false);
  });

  test('when its only page says so', () => {
    expect(silent(book({ 'page-1': 0 }), ['page-1'])).toBe(true);
  });

  test('and not because of what was said before the window', () => {
    expect(silent(book({ 'page-1': SILENCE_WINDOW_MS, 'page-2': 0 }))).toBe(false);
  });

  test('also when those who said so have left it by now', () => {
    expect(silent(book({ 'page-1': 0, 'page-2': 0 }), ['page-3', 'page-4'])).toBe(true);
    expect(silent(book({ 'page-1': 0 }), ['page-2', 'page-3'])).toBe(false);
  });

  test('and not because of what is said of another', () => {
    expect(silent(book({ 'page-1': 0, 'page-2': 0 }), viewers, 'node-b')).toBe(false);
  });
});

test('what is out of date is not kept', () => {
  const of = noteSilence(
    book({ 'page-1': SILENCE_WINDOW_MS }),
    { nodeId: 'node-b', viewerId: 'page-2' },
    NOW,
  );
  expect([...of.keys()]).toEqual(['node-b']);
});
