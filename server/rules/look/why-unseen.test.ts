import { describe, expect, test } from 'vitest';
import type { FeedFault, FeedStatus } from '#contract/feeds.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { smallRegistry } from '../../test/fixtures/nation.ts';
import { unseenIn } from './why-unseen.ts';

const CELL = 'ua-68-itt-1-cell-1';
const NEXT = 'ua-68-itt-1-cell-2';
const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();

type Told = { state: FeedStatus['state']; faults?: FeedFault[] };

/** Why nobody sees the cell, with what its camera and those of other areas say of themselves. */
function causeOf(
  own: Told | undefined,
  {
    others = {},
    powerLostMs,
    confidentialSince = null,
    source = 'edge',
    cameras = 1,
  }: {
    others?: Readonly<Record<string, Told>>;
    powerLostMs?: number;
    confidentialSince?: string | null;
    source?: Area['feeds'][number]['source'];
    cameras?: number;
  } = {},
) {
  const areas = smallRegistry().nation.areas.map((area) =>
    area.id === CELL
      ? { ...area, feeds: area.feeds.slice(0, cameras).map((feed) => ({ ...feed, source })) }
      : area,
  );
  const told = new Map(Object.entries({ ...others, ...(own ? { [CELL]: own } : {}) }));
  const live = {
    area: (id: string): Pick<AreaStatus, 'confidentialSince' | 'findings'> | undefined =>
      id === CELL
        ? {
            confidentialSince,
            ...(powerLostMs === undefined
              ? {}
              : { findings: [{ normSet: 'record', code: 'power-lost', since: at(powerLostMs) }] }),
          }
        : undefined,
    feed: (feedId: string): FeedStatus | undefined => {
      const areaId = feedId.replace(/-cam-1$/, '');
      const one = told.get(areaId);
      return one && { feedId, areaId, layers: [], since: at(NOW - HOUR), ...one };
    },
  };
  const cell = areas.find(({ id }) => id === CELL);
  if (!cell) throw new Error('no such cell');
  return unseenIn(areas, live, NOW)(cell);
}

const lost: Told = { state: 'lost' };

describe('a camera that shows, or would if somebody looked', () => {
  test.each([
    [undefined, 'edge'],
    [{ state: 'idle' }, 'edge'],
    [{ state: 'connecting' }, 'whip'],
    [{ state: 'live' }, 'whip'],
    [{ state: 'stalled' }, 'edge'],
  ] as const)('%j of %s is no darkness', (own, source) => {
    expect(causeOf(own, { source })).toBeUndefined();
  });
});

describe('a camera that is off alone', () => {
  test.each([
    ['is lost', lost, 'edge'],
    ['has published nothing yet', undefined, 'whip'],
    ['has taken its leave', { state: 'idle' }, 'whip'],
    ['does not answer', { state: 'lost', faults: ['unreachable'] }, 'rtsp'],
    ['answers and sends nothing', { state: 'lost', faults: ['silent'] }, 'rtsp'],
  ] as [string, Told | undefined, 'edge' | 'whip' | 'rtsp'][])(
    '%s: nothing accounts for it',
    (_, own, source) => {
      expect(causeOf(own, { source, others: { [NEXT]: { state: 'live' } } })).toBe('unexplained');
    },
  );

  test.each([
    ['is covered', { state: 'faulty', faults: ['covered'] }],
    ['takes another password', { state: 'lost', faults: ['auth'] }],
    ['speaks another codec', { state: 'faulty', faults: ['codec'] }],
    ['does not agree on encryption', { state: 'lost', faults: ['dtls'] }],
  ] as [string, Told][])('%s: a fault', (_, own) => {
    expect(causeOf(own, { others: { [NEXT]: { state: 'live' } } })).toBe('fault');
  });

  test('is held back for want of room: the network', () => {
    expect(
      causeOf({ state: 'lost', faults: ['uplink-cut'] }, { others: { [NEXT]: { state: 'live' } } }),
    ).toBe('network');
  });
});

test('nothing of the facility gets through: the network; what its other feeds do not say is no evidence', () => {
  expect(causeOf(lost, { others: { [NEXT]: lost } })).toBe('network');
  expect(causeOf(lost, { others: { [NEXT]: { state: 'idle' } } })).toBe('unexplained');
  // Another facility's cameras are no evidence either.
  expect(causeOf(lost, { others: { 'ua-68-itt-2-cell-1': lost } })).toBe('unexplained');
});

describe('a failure of power that is on record', () => {
  test('accounts for a camera that is off, and for a dark picture, also when all are off', () => {
    const powerLostMs = NOW - HOUR;
    expect(causeOf(lost, { powerLostMs })).toBe('power');
    expect(causeOf({ state: 'faulty', faults: ['black'] }, { powerLostMs })).toBe('power');
    expect(causeOf(lost, { powerLostMs, others: { [NEXT]: lost } })).toBe('power');
  });

  test('accounts for no camera that is seen to have power', () => {
    const powerLostMs = NOW - HOUR;
    expect(causeOf({ state: 'faulty', faults: ['covered'] }, { powerLostMs })).toBe('fault');
    expect(causeOf({ state: 'faulty', faults: ['frozen'] }, { powerLostMs })).toBe('fault');
    expect(causeOf({ state: 'live' }, { powerLostMs })).toBeUndefined();
  });

  test('accounts for twelve hours, and then for nothing', () => {
    expect(causeOf(lost, { powerLostMs: NOW - 12 * HOUR + 1 })).toBe('power');
    expect(causeOf(lost, { powerLostMs: NOW - 12 * HOUR })).toBe('unexplained');
  });
});

test('a closed door and a room without a camera say so before anything else', () => {
  expect(causeOf(lost, { confidentialSince: at(NOW), powerLostMs: NOW })).toBe('confidential');
  expect(causeOf(undefined, { cameras: 0, powerLostMs: NOW })).toBe('no-camera');
});
