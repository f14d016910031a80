import { z } from 'zod';
import { Flag, RedisUrl } from './values.ts';

/** What the server and the sfu have in common. */
export const common = {
  REDIS_URL: RedisUrl.describe(
    'The Redis that every service shares; several nodes, divided by commas, are those by which a cluster is found. `npm start` runs a private one when it is unset.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much the services log.'),
  SAMPLE: Flag.default(false).describe(
    'Sample mode: invented nation, sample accounts and facility keys. `npm start` turns it on.',
  ),
};

/** The program that decodes and encodes. */
export const FfmpegBin = z
  .string()
  .min(1)
  .default('ffmpeg')
  .describe(
    'The ffmpeg program: decodes stills on a node (without it there are none), encodes the sample’s video (with libx264). Set-up finds one.',
  );
