import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Alert, DEFAULT_ALERT_SETTINGS } from '#contract/alerts.ts';
import { keys } from '../adapters/redis/keys.ts';
import { AlertStore } from '../alerts/alert-store.ts';
import { deliver } from '../alerts/deliver.ts';
import { releaseDigests } from '../alerts/digests.ts';
import { createWallClock } from '../alerts/quiet-hours.ts';
import { startTestRedis } from './fixtures/redis.ts';

/** Quiet hours end at seven in Kyiv, which is this instant. */
const END_MS = Date.UTC(2026, 10, 22, 5);
const settings = {
  of: async () => ({
    ...DEFAULT_ALERT_SETTINGS,
    quiet: { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' },
  }),
};
const clock = createWallClock('Europe/Kyiv');
const flagAlert = (): Alert => ({
  kind: 'flag',
  id: randomUUID(),
  flagId: randomUUID(),
  regionId: 'UA-68',
  facilityId: 'ua-68-itt-1',
  place: { uk: 'Камера 1', en: 'Cell 1' },
  severity: 2,
  category: 'medical',
  reason: 'raised',
  step: 1,
  at: new Date(END_MS).toISOString(),
});

test.for([1, 2])(
  'what a replica with a clock that is behind holds while another one tells is told as well: look %i',
  async (moment) => {
    await using server = await startTestRedis();
    const redis = await server.connect();
    const alerts = new AlertStore(redis);
    const hold = () =>
      deliver('one', flagAlert(), {
        redis,
        alerts,
        settings,
        clock,
        sendPush: async () => {},
        now: () => END_MS - 1_000,
      });
    await hold();
    const release = (held: AlertStore['held']) =>
      releaseDigests({
        redis,
        alerts: { held, release: alerts.release.bind(alerts) },
        settings,
        clock,
        now: () => END_MS + 1_000,
      });
    let looks = 0;
    await release(async (username) => {
      const found = await alerts.held(username);
      looks += 1;
      if (looks === moment) await hold();
      return found;
    });
    await release(alerts.held.bind(alerts));
    expect(await alerts.held('one')).toEqual([]);
    const told = (await alerts.waiting('one')).flatMap((alert) =>
      alert.kind === 'digest' ? [alert.total] : [],
    );
    expect(told).toEqual([1, 1]);
    await release(alerts.held.bind(alerts));
    expect(await redis.zScore(keys.alertDigestsDue, 'one')).toBeNull();
  },
);
