import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseSettings } from '../config/settings/parse.ts';
import { isLoopback, SAMPLE_ON_LOOPBACK } from '../config/settings/reach.ts';
import { SampleSettings } from '../config/settings/sample.ts';
import { ServerSettings } from '../config/settings/server.ts';
import { SfuSettings } from '../config/settings/sfu.ts';

/** What the supervisor itself reads; everything else goes on to the services as it is. */
const LocalSettings = z
  .object({
    PORT: ServerSettings.shape.PORT,
    HOST: ServerSettings.shape.HOST.default('127.0.0.1'),
    DATA_DIR: ServerSettings.shape.DATA_DIR,
    REDIS_URL: ServerSettings.shape.REDIS_URL.optional(),
    SFU_PORT: SfuSettings.shape.SFU_PORT,
    SFU_CONTROL_PORT: SfuSettings.shape.SFU_CONTROL_PORT,
    SAMPLE_EVENTS_PER_SECOND: SampleSettings.shape.SAMPLE_EVENTS_PER_SECOND,
    SAMPLE_ON_NETWORK: ServerSettings.shape.SAMPLE_ON_NETWORK,
    REDIS_SERVER_BIN: z.string().min(1).optional().describe('The redis-server program. Set-up finds one.'),
  })
  .refine(({ HOST, SAMPLE_ON_NETWORK }) => SAMPLE_ON_NETWORK || isLoopback(HOST), {
    path: ['HOST'],
    message: SAMPLE_ON_LOOPBACK,
  });
export type LocalSettings = z.infer<typeof LocalSettings>;

/** The supervisor's settings; `DATA_DIR` is made absolute, counted from the checkout. */
export function parseLocalSettings(
  environment: Record<string, string | undefined>,
  root: string,
): Readonly<LocalSettings> {
  const settings = parseSettings(LocalSettings, environment);
  return Object.freeze({ ...settings, DATA_DIR: resolve(root, settings.DATA_DIR) });
}

/** Files of the supervisor under `DATA_DIR`. */
export function toDataPaths(dataDir: string): { lock: string; secrets: string; redis: string } {
  return {
    lock: join(dataDir, 'supervisor.lock'),
    secrets: join(dataDir, 'secrets.json'),
    redis: join(dataDir, 'redis'),
  };
}
