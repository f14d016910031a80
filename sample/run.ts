import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { SampleSettings } from '../config/settings/sample.ts';
import { createCameraSystems } from './cameras/camera-systems.ts';
import { startCustodySystems } from './custody/custody-systems.ts';
import { createProgressFile } from './custody/progress-file.ts';
import { awaitServer } from './facility/await-server.ts';
import { createKeyRing } from './facility/key-ring.ts';
import { openFacilityLinks } from './facility/links.ts';
import { readSampleNation } from './nation-file.ts';

/** Runs the cameras and custody systems of all sample facilities until the signal says stop. */
export async function runSample(
  settings: Readonly<SampleSettings>,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<void> {
  const { DATA_DIR: dataDir, SAMPLE_SERVER_URL } = settings;
  const serverUrl = SAMPLE_SERVER_URL.replace(/\/+$/, '');
  const nation = await readSampleNation(settings.SAMPLE_NATION);
  const keys = createKeyRing(join(dataDir, 'sample-keys.json'));
  await using owned = new AsyncDisposableStack();

  const cameras = owned.use(
    await createCameraSystems({
      nation,
      dataDir,
      videoDir: settings.SAMPLE_VIDEO_DIR,
      cacheMb: settings.SAMPLE_CACHE_MB,
      ffmpegBin: settings.FFMPEG_BIN,
      log: log.child({ part: 'cameras' }),
    }),
  );
  await awaitServer({ serverUrl, facilityIds: nation.facilities.map(({ id }) => id), keys, log, signal });
  owned.use(
    await startCustodySystems({
      nation,
      serverUrl,
      eventsPerSecond: settings.SAMPLE_EVENTS_PER_SECOND,
      keys,
      progress: createProgressFile(join(dataDir, 'sample-custody.json')),
      now: Date.now,
      random: Math.random,
      newId: randomUUID,
      log: log.child({ part: 'custody' }),
    }),
  );
  owned.use(
    await openFacilityLinks({
      facilities: cameras.facilities,
      serverUrl,
      keys,
      log: log.child({ part: 'links' }),
      signal,
    }),
  );
  log.info({ facilities: nation.facilities.length, serverUrl }, 'sample nation runs');
  await untilAborted(signal);
  log.info('sample nation stops');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
