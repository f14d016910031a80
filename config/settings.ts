import { z } from 'zod';
import { IceServer } from '#contract/media.ts';

/** Reads `true`/`false`/`1`/`0` as people write them in an environment. */
const Flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .meta({ values: 'true, false' });

const Port = z.coerce.number().int().min(1).max(65_535);

/** `redis://`, `rediss://`, or `unix:///path/to/socket`. */
const RedisUrl = z
  .string()
  .regex(/^(?:rediss?:\/\/.+|unix:\/\/\/.+)$/, 'must be redis://…, rediss://… or unix:///path');

/** A JSON Web Key or a JSON array of them, as text. */
const JsonText = z.string().refine((text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}, 'must be JSON');

const common = {
  REDIS_URL: RedisUrl.describe(
    'The Redis that every service shares. `npm start` runs a private one when it is unset.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much the services log.'),
  SAMPLE: Flag.default(false).describe(
    'Sample mode: invented nation, sample accounts and facility keys. `npm start` turns it on.',
  ),
};

/** A JSON array of ICE servers, such as `[{"urls":["stun:stun.example:3478"]}]`. */
const IceServers = JsonText.transform((text): unknown => JSON.parse(text)).pipe(z.array(IceServer).max(8));

/** Addresses of TURN servers, divided by commas or spaces. */
const TurnUrls = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((url) => url !== ''))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(/^turns?:[^\s?]+(?:\?transport=(?:udp|tcp))?$/, 'must be turn:host:port?transport=udp'),
      )
      .min(1)
      .max(8),
  );

/** A key as `web-push generate-vapid-keys` prints it. */
const VapidKey = (length: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${length}}$`), `must be ${length} characters of base64url`);

/** Hosts, with all hosts below them, or whole origins such as `http://127.0.0.1:9000`. */
const PushServices = z.union([
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((host) => host !== ''))
    .pipe(z.array(z.string().regex(/^(?:https?:\/\/)?[a-z0-9.:[\]-]+$/)).min(1)),
  z.array(z.string()),
]);

const FfmpegBin = z
  .string()
  .min(1)
  .default('ffmpeg')
  .describe(
    'The ffmpeg program: decodes stills on a node (without it there are none), encodes the sample’s video (with libx264). Set-up finds one.',
  );

/** Keys for personal data, `id:key`, divided by commas; the first encrypts, the others only decrypt. */
const PersonalKeys = z
  .string()
  .regex(
    /^[a-z0-9-]{1,32}:[A-Za-z0-9_-]{43}(?:, ?[a-z0-9-]{1,32}:[A-Za-z0-9_-]{43})*$/,
    'must be id:key, the key as 32 bytes in base64url',
  )
  .transform((text) =>
    text.split(',').map((one) => {
      const [id = '', secret = ''] = one.trim().split(':');
      return { id, bytes: Buffer.from(secret, 'base64url') };
    }),
  )
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must not name two keys alike');

/** Environment of `npm run server`. */
export const ServerSettings = z
  .object({
    ...common,
    PORT: Port.default(8080).describe('Port of pages, API and sockets.'),
    HOST: z
      .string()
      .min(1)
      .optional()
      .describe('Address to listen on. Default: 127.0.0.1 in sample mode, else 0.0.0.0.'),
    PUBLIC_URL: z
      .url()
      .optional()
      .describe(
        'Origin under which people reach the server, such as https://varta.example. Default: http://localhost:PORT.',
      ),
    DATA_DIR: z
      .string()
      .min(1)
      .default('.data')
      .describe('Folder for local files: sample keys, the private Redis.'),
    NATION_FILE: z
      .string()
      .min(1)
      .optional()
      .describe(
        'JSON file with regions, facilities and areas. Default: the sample nation in sample mode; needed otherwise.',
      ),
    CLIENT_DIR: z.string().min(1).default('dist/client').describe('The built client.'),
    SESSION_SECRET: z
      .string()
      .min(32)
      .describe('Signs session cookies; at least 32 characters, the same for all replicas.'),
    GRANT_PRIVATE_JWK: JsonText.describe(
      'Ed25519 private key (JWK with `kid`) that signs grants; the same for all replicas.',
    ),
    AUDIT_PRIVATE_JWK: JsonText.optional().describe(
      'Ed25519 private key (JWK with `kid`) that signs checkpoints of the audit; the same for all replicas, and not the grant key. Without it none are signed.',
    ),
    AUDIT_RETIRED_JWKS: JsonText.optional().describe(
      'JSON Web Key Set of public keys that signed checkpoints before AUDIT_PRIVATE_JWK did. Default: none.',
    ),
    AUDIT_CHECKPOINT_S: z.coerce
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(3_600)
      .describe('How often a checkpoint of the audit is signed, if anything was written, in seconds.'),
    AUDIT_WITNESS_URL: z
      .url()
      .optional()
      .describe('Where each checkpoint is sent to (POST), best outside of the police. Default: nowhere.'),
    PERSONAL_DATA_KEY: PersonalKeys.optional().describe(
      'Encrypts who cases are about: `id:key`, the key as 32 bytes in base64url; after a rotation the new one, a comma, and the old one. The same for all replicas. Default: no personal data is taken.',
    ),
    PERSONAL_DATA_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .max(3_650)
      .default(30)
      .describe('Days after the end of a case until who it is about is erased.'),
    COMPLAINT_WORDS_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .max(3_650)
      .default(365)
      .describe(
        'Days after the answer to a complaint until what was said, and how to reach who said it, is erased.',
      ),
    WHIP_WHEN_BUSY: z
      .enum(['refuse', 'replace'])
      .default('refuse')
      .describe(
        'What happens when an encoder publishes a feed that another one publishes already: the newcomer is refused (409), or replaces it.',
      ),
    ICE_SERVERS: IceServers.optional().describe(
      'STUN and TURN servers that pages, encoders and players are told of, as a JSON array of `{urls, username, credential}`. Default: none.',
    ),
    TURN_URLS: TurnUrls.optional().describe(
      'TURN servers that share TURN_SECRET, such as turn:turn.example:3478?transport=udp,turns:turn.example:443?transport=tcp. Default: none.',
    ),
    TURN_SECRET: z
      .string()
      .min(16)
      .optional()
      .describe(
        'coturn’s static-auth-secret; needed with TURN_URLS. Credentials for each person and key are made of it.',
      ),
    TURN_TTL_S: z.coerce
      .number()
      .int()
      .min(60)
      .max(86_400)
      .default(43_200)
      .describe(
        'How long TURN credentials can be used, in seconds. Default: a shift, which no session outlives.',
      ),
    ESCALATION_FILE: z
      .string()
      .min(1)
      .optional()
      .describe(
        'JSON file that says who is told of flags, and when if nobody answers, see docs/operations.md. Default: config/escalation/ua.ts.',
      ),
    ALERT_CANARY_S: z.coerce
      .number()
      .int()
      .min(5)
      .max(86_400)
      .default(3_600)
      .describe('How often an alert proves that alerts reach people, in seconds.'),
    ALERT_WEBHOOK_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Receiver of alerts in the organisation, see docs/operations.md. Default: none.'),
    ALERT_WEBHOOK_SECRET: z
      .string()
      .min(32)
      .optional()
      .describe('Signs what goes to ALERT_WEBHOOK_URL; at least 32 characters.'),
    PUSH_VAPID_PUBLIC_KEY: VapidKey(87)
      .optional()
      .describe('Public key for Web Push (VAPID, base64url). Default: Web Push is off.'),
    PUSH_VAPID_PRIVATE_KEY: VapidKey(43)
      .optional()
      .describe('Private key for Web Push; the same for all replicas.'),
    PUSH_CONTACT: z
      .string()
      .regex(/^(?:mailto:.+@.+|https:\/\/.+)$/, 'must be mailto:… or https://…')
      .optional()
      .describe('Whom a push service can reach about this server; needed for Web Push.'),
    PUSH_SERVICES: PushServices.default([
      'fcm.googleapis.com',
      'push.services.mozilla.com',
      'push.apple.com',
      'notify.windows.com',
    ]).describe('Hosts of push services that the server may call, divided by commas or spaces.'),
    PUSH_AFTER_MS: z.coerce
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(8_000)
      .describe('How long an open page has to show an alert before it is pushed, in milliseconds.'),
    REPLICA_ID: z
      .string()
      .regex(/^[a-z0-9-]{3,40}$/)
      .optional()
      .describe('Name of this replica in logs and leases. Default: random.'),
  })
  .refine((settings) => (settings.TURN_URLS === undefined) === (settings.TURN_SECRET === undefined), {
    path: ['TURN_SECRET'],
    message: 'TURN_URLS and TURN_SECRET belong together',
  })
  .refine(
    (settings) =>
      (settings.ALERT_WEBHOOK_URL === undefined) === (settings.ALERT_WEBHOOK_SECRET === undefined),
    { path: ['ALERT_WEBHOOK_SECRET'], message: 'ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET belong together' },
  )
  .refine(
    ({ PUSH_VAPID_PUBLIC_KEY, PUSH_VAPID_PRIVATE_KEY, PUSH_CONTACT }) =>
      new Set([PUSH_VAPID_PUBLIC_KEY, PUSH_VAPID_PRIVATE_KEY, PUSH_CONTACT].map((one) => one === undefined))
        .size === 1,
    {
      path: ['PUSH_VAPID_PRIVATE_KEY'],
      message: 'PUSH_VAPID_PUBLIC_KEY, PUSH_VAPID_PRIVATE_KEY and PUSH_CONTACT belong together',
    },
  );
export type ServerSettings = z.infer<typeof ServerSettings>;

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
    .describe('How often a still is taken of each feed that somebody watches, in milliseconds; 0: never.'),
  FFMPEG_BIN: FfmpegBin,
  SFU_DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(0)
    .describe(
      'How long a node that is told to stop (SIGTERM) goes on for those who still have to leave it, in milliseconds. 0: it stops at once.',
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

/** Environment of the sample nation's cameras and custody systems. */
export const SampleSettings = z.object({
  LOG_LEVEL: common.LOG_LEVEL,
  DATA_DIR: ServerSettings.shape.DATA_DIR,
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

/** One line for each setting that is wrong or missing. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(`Settings are not right:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** Parses an environment once; the result is frozen. Variables that no setting names are none of our business. */
export function parseSettings<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): Readonly<z.infer<T>> {
  const filled = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(filled);
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  return Object.freeze(parsed.data);
}
