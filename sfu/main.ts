import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { type Logger, pino } from 'pino';
import { isEdge } from '../config/settings/edge.ts';
import { parseSettings, SettingsError } from '../config/settings/parse.ts';
import { SfuSettings } from '../config/settings/sfu.ts';
import { forwardMediaLog } from './adapters/media-log.ts';
import { readEdgeProgram } from './edge/program.ts';
import { RtpListError } from './edge/rtp-list.ts';
import { parseGrantKeys } from './grants/grant-keys.ts';
import { CameraListError, readCameraList } from './ingest/rtsp/camera-list.ts';
import { exposureWarnings } from './node/exposure.ts';
import { startSfuNode } from './node/sfu-node.ts';

/** What this process is to be, its settings read: a node, or the edge of a facility. */
interface Program {
  logLevel: string;
  start(log: Logger): Promise<Running>;
}

interface Running extends AsyncDisposable {
  /** Goes on for those who still have to leave it, until the signal says that nobody waits for them. */
  drain?(signal: AbortSignal): Promise<void>;
}

/** Mistakes of whoever sets it up; what they say is enough. */
const TOLD = [SettingsError, CameraListError, RtpListError];

try {
  const program = isEdge(process.env) ? readEdgeProgram(process.env) : readNodeProgram();
  if (!process.argv.includes('--check')) await run(program);
} catch (error) {
  const { message, stack } = error as Error;
  process.stderr.write(`${TOLD.some((kind) => error instanceof kind) ? message : (stack ?? error)}\n`);
  process.exitCode = 1;
}

function readNodeProgram(): Program {
  const settings = parseSettings(SfuSettings, process.env);
  parseGrantKeys(settings.GRANT_PUBLIC_JWKS);
  const cameras = readCameraList(settings.SFU_CAMERAS_FILE, process.env);
  return {
    logLevel: settings.LOG_LEVEL,
    start: async (log) => {
      const node = await startSfuNode(settings, { log, now: Date.now, cameras });
      log.info({ nodeId: node.nodeId, controlUrl: node.controlUrl, pids: node.workerPids() }, 'sfu runs');
      const meshAddress = settings.SFU_MESH_ADDRESS ?? settings.SFU_INGEST_ADDRESS;
      for (const warning of exposureWarnings({ controlUrl: node.controlUrl, meshAddress }))
        log.warn({ controlUrl: node.controlUrl, meshAddress }, warning);
      return {
        drain: async (signal) => {
          if (settings.SFU_DRAIN_MS === 0) return;
          log.info({ withinMs: settings.SFU_DRAIN_MS }, 'sfu drains');
          await node.drain({ withinMs: settings.SFU_DRAIN_MS, signal });
        },
        [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
      };
    },
  };
}

async function run({ logLevel, start }: Program): Promise<void> {
  const log = pino({ name: 'sfu', level: logLevel });
  const stop = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)));
  const stopNow = new AbortController();
  process.on('uncaughtException', (error) => log.fatal({ err: error }, 'unforeseen; media goes on'));
  forwardMediaLog(log);
  await using running = await start(log);
  // For the process that comes after this one, however this one ends. Without NODE_COMPILE_CACHE it does nothing.
  flushCompileCache();
  await stop;
  // Whoever asks twice does not want to wait.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopNow.abort());
  await running.drain?.(stopNow.signal);
  log.info({}, 'sfu stops');
}
