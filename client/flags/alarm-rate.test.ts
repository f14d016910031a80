import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import { createLiveStore, withDeltas, withSnapshot } from '../store/live-store.ts';
import { UNKNOWN_REGION } from '../store/region-sync.ts';
import { inMinutes, NOON, NOON_MS, sampleDelta, sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { alarmRate, createAlarmTally, FLOOD_OVER } from './alarm-rate.ts';
import { createOpenFlags } from './open-flags.ts';

const MINUTE_MS = 60_000;

function flag(number: number, over: Partial<Flag> = {}, raisedMinutes = 0): Flag {
  const by = { kind: 'rule', id: 'no-video', name: 'no-video' } as const;
  return sampleFlag({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    history: [{ state: 'raised', by, at: inMinutes(raisedMinutes) }],
    ...over,
  });
}

test('an alarm is new for ten minutes and counts for an hour, to the millisecond', () => {
  const at = (ageMs: number) => alarmRate([NOON_MS - ageMs], NOON_MS);
  expect(at(0)).toEqual({ inTenMinutes: 1, inHour: 1, isFlood: false });
  expect(at(10 * MINUTE_MS - 1)).toMatchObject({ inTenMinutes: 1, inHour: 1 });
  expect(at(10 * MINUTE_MS)).toMatchObject({ inTenMinutes: 0, inHour: 1 });
  expect(at(60 * MINUTE_MS - 1)).toMatchObject({ inTenMinutes: 0, inHour: 1 });
  expect(at(60 * MINUTE_MS)).toMatchObject({ inTenMinutes: 0, inHour: 0 });
});

test('ten new alarms in ten minutes are no flood, eleven are', () => {
  const burst = (count: number) => Array.from({ length: count }, () => NOON_MS - MINUTE_MS);
  expect(alarmRate(burst(FLOOD_OVER), NOON_MS).isFlood).toBe(false);
  expect(alarmRate(burst(FLOOD_OVER + 1), NOON_MS).isFlood).toBe(true);
  expect(alarmRate(burst(FLOOD_OVER + 1), NOON_MS + 9 * MINUTE_MS).isFlood).toBe(false);
});

test('a flood is in the ten minutes, and these are in the hour', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 * MINUTE_MS })), (ages) => {
      const rate = alarmRate(
        ages.map((ageMs) => NOON_MS - ageMs),
        NOON_MS,
      );
      expect(rate.inTenMinutes).toBeLessThanOrEqual(rate.inHour);
      expect(rate.inHour).toBeLessThanOrEqual(ages.length);
      expect(rate.isFlood).toBe(rate.inTenMinutes > FLOOD_OVER);
    }),
  );
});

test('what was answered meanwhile was new all the same; what only waits to be gone through is no alarm', () => {
  const live = createLiveStore();
  let nowMs = NOON_MS;
  using tally = createAlarmTally({ live, openFlags: createOpenFlags(), nowMs: () => nowMs });
  expect(tally.raisedMs()).toEqual([]);

  const flags = [flag(1, { severity: 1 }), flag(2, { severity: 3 }), flag(3, { severity: 4 })];
  const old = flag(4, { severity: 2 }, -61);
  const snapshot = { at: NOON, regions: [sampleSnapshot({ flags: [...flags, old] })] };
  live.setState(withSnapshot({ 'UA-68': UNKNOWN_REGION }, snapshot, undefined));
  expect(tally.raisedMs()).toEqual([NOON_MS, NOON_MS]);

  const closed = flag(1, { severity: 1, state: 'resolved', version: 2 });
  const { regions } = withDeltas(live.getState().regions, [sampleDelta(11, { flags: [closed] })]);
  live.setState({ regions });
  expect(tally.raisedMs()).toEqual([NOON_MS, NOON_MS]);

  // After the hour nothing of it is kept, as soon as anything changes.
  nowMs = NOON_MS + 60 * MINUTE_MS;
  const later = withDeltas(live.getState().regions, [sampleDelta(12, { flags: [flag(5, {}, 60)] })]);
  live.setState({ regions: later.regions });
  expect(tally.raisedMs()).toEqual([nowMs]);
});
