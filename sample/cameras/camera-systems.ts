import { join } from 'node:path';
import type { Logger } from 'pino';
import type { FacilityId, FeedId } from '#contract/ids.ts';
import type { Nation } from '#contract/nation.ts';
import { usualPeople } from '../population.ts';
import { createAreaIndex } from './area-index.ts';
import { createFacilityCameras, type FacilityCameras } from './facility-cameras.ts';
import { describeScene, type Scene } from './picture/scene.ts';
import { createPacer } from './rtp/pacer.ts';
import { openClipFiles, readClipsIn } from './video/clip-files.ts';
import { createClipLibrary } from './video/clip-library.ts';
import { createEncodeQueue } from './video/encode-queue.ts';
import { FRAMES_PER_SECOND } from './video/encoder.ts';

const MEGABYTE = 1_000_000;
/** Of the bound on disk, this part at most is kept in memory as well, and never more than is sensible. */
const MEMORY_PART = 0.25;
const MEMORY_MAX_BYTES = 128 * MEGABYTE;

/** All sample cameras that send on demand, by facility. */
export interface CameraSystems extends AsyncDisposable {
  readonly facilities: ReadonlyMap<FacilityId, FacilityCameras>;
}

export async function createCameraSystems(options: {
  nation: Nation;
  dataDir: string;
  /** Folder of loops that set-up has encoded. */
  videoDir?: string | undefined;
  cacheMb: number;
  ffmpegBin: string;
  log: Logger;
}): Promise<CameraSystems> {
  const { nation, dataDir, videoDir, cacheMb, ffmpegBin, log } = options;
  await using owned = new AsyncDisposableStack();
  const cacheBytes = cacheMb * MEGABYTE;
  const library = owned.use(
    createClipLibrary({
      files: await openClipFiles(join(dataDir, 'sample-video'), cacheBytes),
      ready: readClipsIn(videoDir),
      queue: createEncodeQueue({ ffmpegBin }),
      memoryBytes: Math.min(MEMORY_MAX_BYTES, cacheBytes * MEMORY_PART),
      log,
    }),
  );
  const pacer = owned.use(
    createPacer(FRAMES_PER_SECOND, { onError: (err) => log.error({ err }, 'a camera missed its turn') }),
  );
  const facilities = new Map<FacilityId, FacilityCameras>();
  for (const [facilityId, scenes] of scenesByFacility(nation)) {
    const cameras = createFacilityCameras({ scenes, library, pacer, log: log.child({ facilityId }) });
    facilities.set(facilityId, owned.use(cameras));
  }
  const kept = owned.move();
  return { facilities, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What each camera that sends on demand sees: the people of an area are those whom custody usually keeps there. */
export function scenesByFacility(nation: Nation): Map<FacilityId, Map<FeedId, Scene>> {
  const { indexOf } = createAreaIndex(nation);
  const facilities = new Map<FacilityId, Map<FeedId, Scene>>();
  for (const area of nation.areas) {
    const scene = describeScene(area, indexOf(area.id) ?? 0, usualPeople(area));
    const scenes = facilities.get(area.facilityId) ?? new Map<FeedId, Scene>();
    facilities.set(area.facilityId, scenes);
    for (const { id, source } of area.feeds) if (source === 'edge') scenes.set(id, scene);
  }
  return facilities;
}
