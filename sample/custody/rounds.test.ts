import { describe, expect, test } from 'vitest';
import { CustodyEvent } from '#contract/custody-events.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { seededRandom } from '../../config/nation/seeded.ts';
import { eventIdOf } from './event-id.ts';
import { createRounds } from './rounds.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 14, 5);
const { areas } = generateSampleNation();
const occupied = new Set(areas.filter(({ kind }) => kind === 'cell').map(({ id }) => id));

function createTestRounds() {
  let ids = 0;
  return createRounds({
    areas,
    occupied,
    occupantOf: (areaId) => (areaId.endsWith('1') ? 'cr-test-1-000001' : undefined),
    random: seededRandom('test'),
    newId: () => eventIdOf(`test ${ids++}`),
  });
}

test('it opens with a measurement everywhere and a check of every cell in use, in valid events', () => {
  const events = createTestRounds()
    .opening(NOW_MS)
    .map(({ event }) => event);
  for (const event of events) expect(CustodyEvent.safeParse(event).success).toBe(true);
  expect(events.every(({ occurredAt }) => Date.parse(occurredAt) <= NOW_MS)).toBe(true);
  const measured = events.flatMap((event) => (event.type === 'CONDITIONS_MEASURED' ? [event.areaId] : []));
  const checked = events.flatMap((event) => (event.type === 'CELL_CHECK' ? [event.areaId] : []));
  expect(measured.sort()).toEqual(areas.map(({ id }) => id).sort());
  expect([...new Set(checked)].sort()).toEqual([...occupied].sort());
});

test('whoever is here was checked at least once an hour since they came, and each start tells of the same checks', () => {
  const cameMs = NOW_MS - 20 * 3_600_000;
  const rounds = (seed: string) =>
    createRounds({
      areas,
      occupied,
      occupantOf: (areaId, atMs) =>
        areaId.endsWith('-cell-1') && atMs >= cameMs ? 'cr-test-1-000001' : undefined,
      random: seededRandom(seed),
      newId: () => eventIdOf(`${seed} ${Math.random()}`),
    });
  const [cell = ''] = [...occupied].filter((id) => id.endsWith('-cell-1'));
  const checksOf = (seed: string, atMs: number) =>
    rounds(seed)
      .opening(atMs)
      .flatMap(({ event }) => (event.type === 'CELL_CHECK' && event.areaId === cell ? [event] : []))
      .toSorted((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  const checks = checksOf('one', NOW_MS);
  const times = [cameMs, ...checks.map(({ occurredAt }) => Date.parse(occurredAt)), NOW_MS];
  for (const [index, atMs] of times.entries())
    expect(atMs - (times[index - 1] ?? atMs)).toBeLessThanOrEqual(60 * 60_000);
  const again = new Map(checksOf('two', NOW_MS + 3_600_000).map((check) => [check.id, check]));
  for (const check of checks.slice(0, -1)) expect(again.get(check.id)).toEqual(check);
});

describe('the round', () => {
  const rounds = createTestRounds();
  const events = Array.from({ length: 2000 }, (_, step) => rounds.next(NOW_MS + step * 500)).flat();

  test('gives valid events of the area’s own facility', () => {
    const facilityOf = new Map(areas.map(({ id, facilityId }) => [id, facilityId]));
    for (const { facilityId, event } of events) {
      expect(CustodyEvent.safeParse(event).success).toBe(true);
      if ('areaId' in event && event.areaId) expect(facilityOf.get(event.areaId)).toBe(facilityId);
    }
  });

  test('passes every cell before it passes one again', () => {
    const checks = events.flatMap(({ event }) => (event.type === 'CELL_CHECK' ? [event.areaId] : []));
    const first = checks.slice(0, Math.floor(occupied.size * 0.8));
    expect(new Set(first).size).toBe(first.length);
    expect(new Set(checks)).toEqual(occupied);
  });

  test('leaves no call bell unanswered', () => {
    const count = (type: string) => events.filter(({ event }) => event.type === type).length;
    expect(count('CALL_BELL')).toBeGreaterThan(0);
    expect(count('CALL_BELL_ANSWERED')).toBe(count('CALL_BELL'));
  });
});
