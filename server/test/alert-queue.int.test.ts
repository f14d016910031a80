import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#contract/alerts.ts';
import type { Severity } from '#contract/flags.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { AlertStore, MAX_KNOWN } from '../alerts/alert-store.ts';
import { startTestRedis } from './fixtures/redis.ts';

const START_MS = Date.UTC(2026, 10, 22, 6);
const owned = new AsyncDisposableStack();
let redis: Redis;
beforeAll(async () => {
  redis = await owned.use(await startTestRedis()).connect();
});
afterAll(() => owned.disposeAsync());

const at = (second: number) => new Date(START_MS + second * 1_000).toISOString();
const flagAlert = (second: number, severity: Severity): Alert => ({
  kind: 'flag',
  id: randomUUID(),
  flagId: randomUUID(),
  regionId: 'UA-68',
  facilityId: 'ua-68-itt-1',
  place: { uk: 'Камера 1', en: 'Cell 1' },
  severity,
  category: 'medical',
  reason: 'raised',
  step: 1,
  at: at(second),
});

test('what nobody waits for is forgotten first, however old an alert is that waits', async () => {
  const alerts = new AlertStore(redis);
  const oldest = flagAlert(0, 3);
  await alerts.put('one', oldest, { hold: false });
  const settled = Array.from({ length: MAX_KNOWN - 1 }, (_, index) => flagAlert(index + 1, 1));
  for (const alert of settled) await alerts.put('one', alert, { hold: false });
  await alerts.settle(
    'one',
    settled.map(({ id }) => id),
    ['shown', at(0)],
  );
  const newest = flagAlert(MAX_KNOWN, 4);
  await alerts.put('one', newest, { hold: false });
  expect((await alerts.waiting('one')).map(({ id }) => id)).toEqual([oldest.id, newest.id]);
  // What was forgotten is the oldest that was settled: all others are still known.
  const [first, second] = settled;
  if (!first || !second) throw new RangeError('none');
  expect(await alerts.put('one', second, { hold: false })).toBe(false);
  expect(await alerts.put('one', first, { hold: false })).toBe(true);
});

test('where everything waits, canaries go first and then the least urgent; level 1 stays', async () => {
  const alerts = new AlertStore(redis);
  const now = flagAlert(0, 1);
  const held = flagAlert(1, 2);
  const digest: Alert = {
    kind: 'digest',
    id: randomUUID(),
    at: at(2),
    items: [3, 1].map((severity) => {
      const {
        kind: _kind,
        id: _id,
        step: _step,
        ...item
      } = flagAlert(2, severity as Severity) as Extract<Alert, { kind: 'flag' }>;
      return item;
    }),
    total: 2,
  };
  const canary: Alert = { kind: 'canary', id: randomUUID(), at: at(3) };
  const least = flagAlert(4, 4);
  await alerts.put('two', now, { hold: false });
  await alerts.put('two', held, { hold: true });
  for (const alert of [digest, canary, least]) await alerts.put('two', alert, { hold: false });
  for (let index = 5; index < MAX_KNOWN; index += 1)
    await alerts.put('two', flagAlert(index, 3), { hold: false });
  const ids = async () => new Set((await alerts.waiting('two')).map(({ id }) => id));
  const gone = async () => {
    const left = await ids();
    return [now, digest, canary, least].filter(({ id }) => !left.has(id));
  };
  expect(await gone()).toEqual([]);
  await alerts.put('two', flagAlert(1_000, 2), { hold: false });
  expect(await gone()).toEqual([canary]);
  await alerts.put('two', flagAlert(1_001, 2), { hold: false });
  expect(await gone()).toEqual([canary, least]);
  for (let index = 0; index < MAX_KNOWN; index += 1)
    await alerts.put('two', flagAlert(2_000 + index, 2), { hold: false });
  expect(await gone()).toEqual([canary, least]);
  // Of the same level the oldest goes, held or not.
  expect((await alerts.held('two')).map(({ id }) => id)).toEqual([]);
});
