import type { watchStoreRoom } from '../adapters/redis/store-room.ts';
import type { createCheckpointModule } from '../audit/checkpoint-module.ts';
import type { Reach } from './reach.ts';
import type { CustodyRecord } from './record.ts';
import type { Site } from './site.ts';

interface Measured
  extends Pick<CustodyRecord, 'live' | 'custody' | 'rules' | 'alerts'>,
    Pick<Reach, 'media' | 'evidence' | 'consoles'> {
  store: ReturnType<typeof watchStoreRoom>;
  checkpoints: ReturnType<typeof createCheckpointModule>;
}

/** What `/metrics` tells of a server's parts. */
export function openGauges(
  { metrics, redis, now, owned }: Site,
  { store, checkpoints, live, custody, rules, alerts, media, evidence, consoles }: Measured,
): void {
  metrics.gauge('varta_redis_up', '1 while the connection to Redis is ready.', () => Number(redis.isReady));
  metrics.gauge(
    'varta_redis_memory_used_bytes',
    'Memory that Redis uses; 0 until it has said so.',
    () => store.room()?.usedBytes ?? 0,
  );
  metrics.gauge(
    'varta_redis_memory_limit_bytes',
    'Memory that Redis may use: maxmemory, or that of its machine. Alarm when 70 % of it are used.',
    () => store.room()?.limitBytes ?? 0,
  );
  metrics.gauge(
    'varta_custody_regions_stopped',
    'Regions whose custody events this replica cannot turn into status. Anything but 0 is an alarm.',
    () => custody.stoppedRegions(),
  );
  metrics.gauge(
    'varta_rules_regions_stopped',
    'Regions in which this replica could not keep the rules when it last tried. Anything but 0 for a minute is an alarm.',
    () => rules.stoppedRegions(),
  );
  metrics.gauge(
    'varta_alert_path_troubles',
    'What is wrong with the way of alerts to people; 0 is well.',
    () => alerts.troubles,
  );
  metrics.gauge(
    'varta_alert_canary_age_seconds',
    'Time since an alert was last proved to reach somebody; -1: never.',
    () => (alerts.path.provedAt === null ? -1 : (now() - Date.parse(alerts.path.provedAt)) / 1000),
  );
  metrics.gauge(
    'varta_alert_outbox_waiting',
    'Alerts that wait to leave the site.',
    () => alerts.outboxWaiting,
  );
  metrics.gauge(
    'varta_alert_outbox_dead',
    'Alerts that could not leave the site and were given up.',
    () => (alerts.path.webhook?.dead ?? 0) + (alerts.path.push?.dead ?? 0),
  );
  metrics.gauge('varta_console_sockets', 'Pages connected to this replica.', () => consoles.count);
  metrics.gauge(
    'varta_audit_changed_chains',
    'Audit chains that are not what was signed of them. Anything but 0 is an alarm.',
    () => checkpoints.changedChains.length,
  );
  metrics.gauge(
    'varta_evidence_bytes',
    'What stills and clips take of the disk.',
    () => evidence.room?.usedBytes ?? 0,
  );
  metrics.gauge(
    'varta_evidence_limit_bytes',
    'What stills and clips may take of the disk; none are taken beyond. 0 where none are kept.',
    () => evidence.room?.maxBytes ?? 0,
  );
  metrics.gauge('varta_viewers', 'Pages of this replica that watch.', () => media.viewerCount());
  owned.defer(live.view.onDelta(() => metrics.liveDeltas.inc()));
}
