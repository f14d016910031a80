import type { Logger } from 'pino';
import type { NodeId } from '#contract/ids.ts';
import type { SfuSettings } from '../../config/settings/sfu.ts';
import { PictureStore } from '../adapters/picture-store.ts';
import type { Redis } from '../adapters/redis.ts';
import { HealthMonitor } from '../health/health-monitor.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Masks } from '../masks/masks.ts';
import type { Pictures } from '../posters/pictures.ts';
import { startPictures } from '../posters/start-pictures.ts';

interface LookingOptions {
  settings: Readonly<SfuSettings>;
  nodeId: NodeId;
  feeds: Feeds;
  /** What is covered of a feed is not to be taken for a fault of its picture. */
  masks: Pick<Masks, 'has' | 'regionsOf'>;
  redis: Redis;
  log: Logger;
  now: () => number;
}

/**
 * Starts what looks at the feeds themselves: stills and what is wrong with their pictures, where there is an ffmpeg, and
 * figures. All of it ends with `owned`.
 */
export async function startLooking(
  owned: AsyncDisposableStack,
  { settings, nodeId, feeds, masks, redis, log, now }: LookingOptions,
): Promise<Pictures | undefined> {
  const store = new PictureStore(redis, nodeId);
  const pictures = await startPictures({
    feeds,
    ffmpegBin: settings.FFMPEG_BIN,
    everyMs: settings.SFU_STILLS_EVERY_MS,
    keep: (feedId, still) => store.keepStill(feedId, still),
    masksOf: (feedId) => (masks.has(feedId) ? masks.regionsOf(feedId) : []),
    log,
    now,
  });
  if (pictures) owned.use(pictures);
  owned.use(
    new HealthMonitor({
      feeds,
      fps: (feed, layer) => pictures?.fps(feed, layer),
      write: (batch) => store.writeHealth(batch),
      now,
    }),
  );
  return pictures;
}
