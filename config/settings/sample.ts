import { z } from 'zod';
import { common, FfmpegBin } from './common.ts';
import { ServerSettings } from './server.ts';

/** Environment of the sample nation's cameras and custody systems. */
export const SampleSettings = z.object({
  LOG_LEVEL: common.LOG_LEVEL,
  DATA_DIR: ServerSettings.shape.DATA_DIR,
  SAMPLE_NATION: ServerSettings.shape.SAMPLE_NATION,
  SAMPLE_SERVER_URL: z
    .url()
    .default('http://127.0.0.1:8080')
    .describe('The server that the sample facilities talk to.'),
  SAMPLE_CACHE_MB: z.coerce
    .number()
    .int()
    .min(16)
    .max(4096)
    .default(512)
    .describe('Bound of the cache of encoded sample video, in MB.'),
  SAMPLE_VIDEO_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of sample video that was encoded before. Set-up fills one; what is missing is encoded when it is first asked for.',
    ),
  SAMPLE_EVENTS_PER_SECOND: z.coerce
    .number()
    .min(0)
    .max(5000)
    .default(2)
    .describe('Custody events that the sample facilities send, over all of them.'),
  FFMPEG_BIN: FfmpegBin,
});
export type SampleSettings = z.infer<typeof SampleSettings>;
