import type { ServerSettings } from '../../config/settings/server.ts';
import type { Log } from '../adapters/boot/log.ts';
import type { createMetrics } from '../adapters/boot/metrics.ts';
import type { loadNation } from '../adapters/boot/nation-file.ts';
import type { Redis } from '../adapters/redis/connect.ts';

/** What every part of a server stands on. */
export interface Site {
  readonly settings: Readonly<ServerSettings>;
  readonly registry: Awaited<ReturnType<typeof loadNation>>['registry'];
  /** The nation's outlines, if it has any. */
  readonly geometry: Awaited<ReturnType<typeof loadNation>>['geometry'];
  readonly redis: Redis;
  /** Another connection to the same Redis, for what blocks or subscribes; its owner closes it. */
  readonly newConnection: (name: string) => Promise<Redis>;
  /** Origin under which people reach the server. */
  readonly publicOrigin: string;
  readonly metrics: ReturnType<typeof createMetrics>;
  /** Name of this replica in leases and grants. */
  readonly replicaId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly logOf: (module: string) => Log;
  /** Ends what was begun, the last first; parts put themselves here as they begin. */
  readonly owned: AsyncDisposableStack;
}
