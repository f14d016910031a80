import { expect, test } from 'vitest';
import { areaMoments } from './area-moments.ts';

const at = (minute: number) => Date.UTC(2026, 0, 5, 12, minute);
const instant = (minute: number) => new Date(at(minute)).toISOString();
const noted = (minute: number) => ({ id: `e-${minute}`, at: at(minute), recordedAt: at(minute) });

test('what happened comes newest first, and nothing of before or after', () => {
  const log = {
    checks: [noted(1), noted(20), noted(40)],
    measurements: [{ ...noted(30), temperatureC: 21.5 }],
    sightings: [{ ...noted(35), count: 2 }],
    bells: [
      { ...noted(41), rung: true },
      { ...noted(43), rung: false },
    ],
  };
  const history = {
    stays: [
      [at(2), at(25)],
      [at(22), null],
    ] as [number, number | null][],
    confidential: [[at(26), at(29)]] as [number, number | null][],
  };
  const sights = [
    { atMs: at(0), sight: 'live' as const },
    { atMs: at(33), sight: 'lost' as const },
    { atMs: at(59), sight: 'live' as const },
  ];
  expect(areaMoments({ log, history, sights }, at(20), at(45))).toEqual([
    { kind: 'answered', at: instant(43) },
    { kind: 'bell', at: instant(41) },
    { kind: 'check', at: instant(40) },
    { kind: 'seen', at: instant(35), count: 2 },
    { kind: 'video', at: instant(33), sight: 'lost' },
    { kind: 'air', at: instant(30), temperatureC: 21.5 },
    { kind: 'opened', at: instant(29) },
    { kind: 'closed', at: instant(26) },
    { kind: 'left', at: instant(25) },
    { kind: 'came', at: instant(22) },
    { kind: 'check', at: instant(20) },
  ]);
});

test('of an area that nobody knows anything of there is nothing', () => {
  expect(areaMoments({ log: undefined, history: undefined, sights: undefined }, 0, at(59))).toEqual([]);
});
