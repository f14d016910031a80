import type { Alert, AlertedFlag, DigestAlert } from '#contract/alerts.ts';
import { digestAlertId } from './alert-ids.ts';

const MAX_ITEMS = 50;

/** What was held, as one alert; undefined if nothing was. The id follows from what it tells. */
export function toDigest(username: string, held: readonly Alert[], nowMs: number): DigestAlert | undefined {
  const items = held
    .filter((alert) => alert.kind === 'flag')
    .map(({ kind: _kind, id: _id, step: _step, ...flag }): AlertedFlag => flag);
  if (items.length === 0) return undefined;
  return {
    kind: 'digest',
    id: digestAlertId(
      username,
      held.map(({ id }) => id),
    ),
    at: new Date(nowMs).toISOString(),
    items: items.slice(-MAX_ITEMS).reverse(),
    total: items.length,
  };
}
