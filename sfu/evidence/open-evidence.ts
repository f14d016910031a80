import type { Logger } from 'pino';
import type { SfuSettings } from '../../config/settings/sfu.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Clips } from './clips.ts';
import { Recorders } from './recorders.ts';

interface EvidenceOptions {
  settings: Readonly<SfuSettings>;
  feeds: Feeds;
  pool: WorkerPool;
  log: Logger;
  now: () => number;
}

/** What keeps the last moments of feeds, and the clips that are made of them. Both end with `owned`. */
export function openEvidence(
  owned: AsyncDisposableStack,
  { settings, feeds, pool, log, now }: EvidenceOptions,
): { recorders: Recorders; clips: Clips } {
  const recorders = owned.use(
    new Recorders({
      feeds,
      preMs: settings.SFU_RING_S * 1_000,
      maxBytes: settings.SFU_RING_MB * 1_000_000,
      now,
      log,
    }),
  );
  const clips = owned.use(
    new Clips({
      feeds,
      recorders,
      pool,
      ffmpegBin: settings.FFMPEG_BIN,
      maxBytes: settings.SFU_CLIPS_MB * 1_000_000,
      now,
    }),
  );
  return { recorders, clips };
}
