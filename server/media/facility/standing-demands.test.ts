import { expect, test } from 'vitest';
import type { FeedDemand } from '#contract/facility-link.ts';
import { fits, isNewer, toStandingDemands, toUpdate } from './standing-demands.ts';

const demand = (second: number, change: Partial<FeedDemand> = {}): FeedDemand => ({
  feedId: 'ua-68-itt-1-cell-1-cam-1',
  facilityId: 'ua-68-itt-1',
  target: { ip: '127.0.0.1', port: 45_000 },
  payloadType: 96,
  layers: [{ layer: 'low', ssrc: 1, wanted: true }],
  at: new Date(Date.UTC(2026, 10, 22, 14, 0, second)).toISOString(),
  ...change,
});

test('of the demands of several nodes, the newest stands', () => {
  const standing = toStandingDemands([demand(3), demand(5, { payloadType: 97 }), demand(1)]);
  expect(standing.get('ua-68-itt-1-cell-1-cam-1')?.payloadType).toBe(97);
});

test('what was not said yet is said, and nothing is said twice', () => {
  expect(toUpdate(undefined, demand(1), 0)).toEqual({ kind: 'demand', demand: demand(1) });
  expect(toUpdate({ demand: demand(1), atMs: 0 }, demand(1), 10)).toBeUndefined();
  expect(toUpdate(undefined, undefined, 0)).toBeUndefined();
});

test('a demand that stands no more is released, unless it was said after the reading began', () => {
  expect(toUpdate({ demand: demand(1), atMs: 5 }, undefined, 10)).toEqual({ kind: 'release' });
  expect(toUpdate({ demand: demand(1), atMs: 10 }, undefined, 10)).toBeUndefined();
});

test('an older demand never takes the place of a newer one', () => {
  expect(isNewer(demand(1), { demand: demand(2), atMs: 0 })).toBe(false);
  expect(isNewer(demand(2, { payloadType: 97 }), { demand: demand(2), atMs: 0 })).toBe(true);
});

test('SRTP is asked only of equipment that sends it, and plain RTP only of the rest', () => {
  const srtp = { transportId: 'transport-1', cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: '' } as const;
  expect(fits(demand(1), 'rtp')).toBe(true);
  expect(fits(demand(1), 'srtp')).toBe(false);
  expect(fits(demand(1, { srtp }), 'srtp')).toBe(true);
  expect(fits(demand(1, { srtp }), 'rtp')).toBe(false);
});
