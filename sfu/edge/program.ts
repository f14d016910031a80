import type { Logger } from 'pino';
import { EdgeSettings } from '../../config/settings/edge.ts';
import { parseSettings } from '../../config/settings/parse.ts';
import { readCameraList } from '../ingest/rtsp/camera-list.ts';
import { startEdgeNode } from './edge-node.ts';
import { readRtpList } from './rtp-list.ts';

/** An edge that is ready to start. */
export interface EdgeProgram {
  logLevel: string;
  start(log: Logger): Promise<AsyncDisposable>;
}

/** Reads everything that an edge needs of its environment. @throws SettingsError, RtpListError, CameraListError */
export function readEdgeProgram(environment: Record<string, string | undefined>): EdgeProgram {
  const settings = parseSettings(EdgeSettings, environment);
  const rtp = readRtpList(settings.EDGE_RTP_FILE);
  const rtsp = readCameraList(settings.SFU_CAMERAS_FILE, environment);
  return {
    logLevel: settings.LOG_LEVEL,
    start: async (log) => {
      if (isOpenToReaders(new URL(settings.EDGE_SERVER_URL)))
        log.warn(
          {},
          'EDGE_SERVER_URL is not https: whoever reads along has the facility’s key and its media',
        );
      const edge = await startEdgeNode(settings, { log, now: Date.now, rtp, rtsp });
      log.info({ feeds: edge.feedIds.length, pids: edge.workerPids() }, 'edge runs');
      return edge;
    },
  };
}

function isOpenToReaders({ protocol, hostname }: URL): boolean {
  return protocol !== 'https:' && !/^(?:localhost|127\..*|\[::1\])$/.test(hostname);
}
