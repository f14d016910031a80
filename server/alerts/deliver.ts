import type { Alert } from '#contract/alerts.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { AlertStore } from './alert-store.ts';
import { quietUntilMs, type WallClock } from './quiet-hours.ts';
import type { SettingsStore } from './settings-store.ts';

/** Sends an alert out of the site, to somebody's devices. */
export type SendPush = (username: string, alert: Alert) => Promise<void>;

export interface DeliverDeps {
  redis: Redis;
  alerts: Pick<AlertStore, 'put'>;
  settings: Pick<SettingsStore, 'of'>;
  clock: WallClock;
  sendPush: SendPush;
  now: () => number;
}

/**
 * Brings an alert to a person: into the queue, and the pages are told; or in quiet hours to what is held, if it is not of
 * level 1. What is told of watching at look after look until it is reviewed waits for the end of quiet hours by not
 * being told in them. The same alert again changes nothing, so that whoever was killed at it is made up for.
 */
export async function deliver(username: string, alert: Alert, deps: DeliverDeps): Promise<void> {
  const { redis, alerts, settings, clock, now } = deps;
  const { quiet } = await settings.of(username);
  const endMs = quietUntilMs(quiet, clock, now());
  if (endMs !== undefined && alert.kind === 'watching') return;
  const isUrgent = alert.kind === 'flag' && alert.severity === 1;
  const hold = endMs !== undefined && alert.kind === 'flag' && !isUrgent;
  if (hold) {
    // Before, for who is killed in between; afterwards, for quiet hours that end in between.
    const due = { score: endMs, value: username };
    await redis.zAdd(keys.alertDigestsDue, due, { comparison: 'LT' });
    await alerts.put(username, alert, { hold });
    await redis.zAdd(keys.alertDigestsDue, due, { comparison: 'LT' });
    return;
  }
  await alerts.put(username, alert, { hold });
  await tellPages(redis, username);
  // A canary in the night would be the only thing that wakes anybody.
  if (endMs === undefined || isUrgent) await deps.sendPush(username, alert);
}

/** Tells every replica to look at what waits for somebody. */
export async function tellPages(redis: Redis, username: string): Promise<void> {
  await redis.publish(keys.alertNews, JSON.stringify({ username }));
}
