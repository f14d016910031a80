import { z } from 'zod';
import { common, FfmpegBin } from './common.ts';
import { JsonText, Port } from './values.ts';

/** Environment of `npm run sfu`. */
export const SfuSettings = z.object({
  ...common,
  SFU_NODE_ID: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .max(64)
    .optional()
    .describe('Name of this node. Default: random.'),
  SFU_REGION: z
    .string()
    .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/)
    .optional()
    .describe('Region that the node stands in, such as UA-68; unset for a national node.'),
  SFU_LISTEN_ADDRESS: z.string().min(1).default('0.0.0.0').describe('Address that media listens on.'),
  SFU_ANNOUNCED_ADDRESS: z
    .string()
    .min(1)
    .optional()
    .describe('Address that browsers send media to. Default: the listen address, or this machine’s own.'),
  SFU_PORT: Port.default(44_400).describe('First media port, UDP and TCP; worker n uses SFU_PORT + n.'),
  SFU_INGEST_ADDRESS: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that facilities’ on-demand RTP comes to.'),
  SFU_INGEST_PORT_MIN: Port.default(45_000).describe('First UDP port for on-demand RTP.'),
  SFU_INGEST_PORT_MAX: Port.default(46_999).describe('Last UDP port for on-demand RTP.'),
  SFU_MESH_ADDRESS: z
    .string()
    .regex(/^[0-9a-fA-F.:]+$/, 'must be an IP address')
    .optional()
    .describe('IP address that pipes to and from other nodes use. Default: SFU_INGEST_ADDRESS.'),
  SFU_CONTROL_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of the control port; reachable by servers and other nodes only.'),
  SFU_CONTROL_PORT: Port.default(44_300).describe('Control port, for servers and other nodes only.'),
  SFU_CONTROL_URL: z
    .url()
    .optional()
    .describe(
      'Where servers and other nodes reach the control port. Default: http://SFU_CONTROL_HOST:SFU_CONTROL_PORT.',
    ),
  SFU_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(128)
    .optional()
    .describe('Number of media workers. Default: one per core.'),
  SFU_LINGER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(10_000)
    .describe('How long an on-demand feed goes on after its last viewer, in milliseconds.'),
  SFU_STILLS_EVERY_MS: z.coerce
    .number()
    .int()
    .refine((ms) => ms === 0 || (ms >= 1_000 && ms <= 600_000), 'must be 0 or 1000 to 600000')
    .default(10_000)
    .describe(
      'How often a still is taken of each feed that somebody watches, in milliseconds; 0: never, and no feed is looked at either (`FEED_LOOK_S`).',
    ),
  SFU_RING_S: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .default(10)
    .describe(
      'How far back a clip can go, in seconds: each feed that somebody watches is kept in memory, encrypted, for this long. 0: it is not, and clips begin with their moment. What it costs: docs/capacity.md.',
    ),
  SFU_RING_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(16_384)
    .default(128)
    .describe(
      'What is kept in memory for clips at most, all feeds together, in MB; each has an equal part, and none more than 16.8.',
    ),
  SFU_CLIPS_MB: z.coerce
    .number()
    .int()
    .min(16)
    .max(16_384)
    .default(256)
    .describe(
      'What clips that are being made may take of memory, all together, in MB; beyond, a node begins none. One clip takes 64 MB at most.',
    ),
  FFMPEG_BIN: FfmpegBin,
  SFU_DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(20_000)
    .describe(
      'How long a node that is told to stop (SIGTERM) goes on at most for those who still have to leave it for another one, in milliseconds. It stops as soon as nobody is left, and at once where there is no other node. 0: always at once.',
    ),
  SFU_CAMERAS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file with the cameras that this node pulls by RTSP, see docs/operations.md. Default: none.',
    ),
  GRANT_PUBLIC_JWKS: JsonText.describe('JSON Web Key Set of the servers’ grant keys (public halves only).'),
  MEDIASOUP_WORKER_BIN: z
    .string()
    .min(1)
    .optional()
    .describe('The mediasoup worker program. Set-up finds or builds one.'),
});
export type SfuSettings = z.infer<typeof SfuSettings>;
