import { once } from 'node:events';
import { pino } from 'pino';
import { parseSettings, SettingsError, SfuSettings } from '../config/settings.ts';
import { forwardMediaLog } from './adapters/media-log.ts';
import { parseGrantKeys } from './grants/grant-keys.ts';
import { type CameraList, CameraListError, readCameraList } from './ingest/rtsp/camera-list.ts';
import { startSfuNode } from './node/sfu-node.ts';

try {
  const settings = parseSettings(SfuSettings, process.env);
  parseGrantKeys(settings.GRANT_PUBLIC_JWKS);
  const cameras = readCameraList(settings.SFU_CAMERAS_FILE, process.env);
  if (!process.argv.includes('--check')) await run(settings, cameras);
} catch (error) {
  process.stderr.write(
    `${error instanceof SettingsError || error instanceof CameraListError ? error.message : ((error as Error).stack ?? error)}\n`,
  );
  process.exitCode = 1;
}

async function run(settings: Readonly<SfuSettings>, cameras: CameraList): Promise<void> {
  const log = pino({ name: 'sfu', level: settings.LOG_LEVEL });
  const stop = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)));
  const stopNow = new AbortController();
  process.on('uncaughtException', (error) => log.fatal({ err: error }, 'unforeseen; media goes on'));
  forwardMediaLog(log);
  await using node = await startSfuNode(settings, { log, now: Date.now, cameras });
  log.info({ nodeId: node.nodeId, controlUrl: node.controlUrl, pids: node.workerPids() }, 'sfu runs');
  await stop;
  // Whoever asks twice does not want to wait.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopNow.abort());
  if (settings.SFU_DRAIN_MS > 0) {
    log.info({ withinMs: settings.SFU_DRAIN_MS }, 'sfu drains');
    await node.drain({ withinMs: settings.SFU_DRAIN_MS, signal: stopNow.signal });
  }
  log.info({}, 'sfu stops');
}
