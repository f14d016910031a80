import { z } from 'zod';
import { SfuSettings } from './sfu.ts';

const { LOG_LEVEL, SFU_WORKERS, MEDIASOUP_WORKER_BIN } = SfuSettings.shape;
const Port = z.coerce.number().int().min(1).max(65_535);

/** Environment of `npm run sfu` inside a facility: an edge, which needs none of a node's settings. */
export const EdgeSettings = z
  .object({
    LOG_LEVEL,
    EDGE_SERVER_URL: z
      .url()
      .describe('Origin of the servers, such as https://varta.example; set, the sfu is a facility’s edge.'),
    EDGE_FACILITY_ID: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      .max(64)
      .describe('The facility that the edge stands in.'),
    EDGE_FACILITY_KEY: z
      .string()
      .min(20)
      .max(200)
      .optional()
      .describe('The facility’s key. An edge needs it or EDGE_FACILITY_KEY_FILE.'),
    EDGE_FACILITY_KEY_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('File that holds the facility’s key; it is read anew for each connection.'),
    EDGE_RTP_FILE: z
      .string()
      .min(1)
      .optional()
      .describe(
        'JSON file with the cameras that send RTP to the edge by themselves, see docs/operations.md. An edge needs it or SFU_CAMERAS_FILE.',
      ),
    SFU_CAMERAS_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('JSON file with the cameras that are pulled by RTSP, see docs/operations.md. Default: none.'),
    EDGE_CAMERA_ADDRESS: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        'Address of the edge that cameras send RTP to: one of a network on which nothing else is. It is not encrypted.',
      ),
    EDGE_UPLINK_ADDRESS: z
      .string()
      .min(1)
      .default('0.0.0.0')
      .describe('Address of the edge that it sends to the nodes from.'),
    EDGE_UPLINK_PORT_MIN: Port.default(47_000).describe('First UDP port that an edge sends from.'),
    EDGE_UPLINK_PORT_MAX: Port.default(47_999).describe('Last UDP port that an edge sends from.'),
    EDGE_UPLINK_MAX_BPS: z.coerce
      .number()
      .int()
      .min(100_000)
      .optional()
      .describe(
        'What an edge may send in all, in bits per second; what matters least is left out first. Default: no limit.',
      ),
    SFU_WORKERS,
    MEDIASOUP_WORKER_BIN,
  })
  .refine((it) => (it.EDGE_FACILITY_KEY === undefined) !== (it.EDGE_FACILITY_KEY_FILE === undefined), {
    path: ['EDGE_FACILITY_KEY'],
    message: 'an edge needs either EDGE_FACILITY_KEY or EDGE_FACILITY_KEY_FILE',
  })
  .refine((it) => it.EDGE_RTP_FILE !== undefined || it.SFU_CAMERAS_FILE !== undefined, {
    path: ['EDGE_RTP_FILE'],
    message: 'an edge needs cameras: EDGE_RTP_FILE, SFU_CAMERAS_FILE, or both',
  });
export type EdgeSettings = z.infer<typeof EdgeSettings>;

/** Whether the sfu with this environment is the edge of a facility. */
export function isEdge(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(environment.EDGE_SERVER_URL);
}
