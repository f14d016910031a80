import { z } from 'zod';
import { SAMPLE_NATIONS } from '../nation/samples.ts';
import { alertSettings } from './alerts.ts';
import { auditSettings } from './audit.ts';
import { common } from './common.ts';
import { evidenceSettings } from './evidence.ts';
import { mediaSettings } from './media.ts';
import { oidcSettings } from './oidc.ts';
import { personalSettings } from './personal.ts';
import { isLoopback, reachSettings, SAMPLE_ON_LOOPBACK } from './reach.ts';
import { JsonText, Port } from './values.ts';

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
        'JSON file with regions, facilities and areas, see docs/nation.md. Default: the sample nation in sample mode; needed otherwise.',
      ),
    SAMPLE_NATION: z
      .enum(SAMPLE_NATIONS)
      .default('ua')
      .describe(
        'Which invented nation sample mode shows: Ukraine or Kazakhstan. Each needs a DATA_DIR of its own.',
      ),
    CLIENT_DIR: z.string().min(1).default('dist/client').describe('The built client.'),
    SESSION_SECRET: z
      .string()
      .min(32)
      .describe('Signs session cookies; at least 32 characters, the same for all replicas.'),
    GRANT_PRIVATE_JWK: JsonText.describe(
      'Ed25519 private key (JWK with `kid`) that signs grants; the same for all replicas.',
    ),
    ...auditSettings,
    ...personalSettings,
    ...evidenceSettings,
    ...mediaSettings,
    ...alertSettings,
    ...oidcSettings,
    ...reachSettings,
    REPLICA_ID: z
      .string()
      .regex(/^[a-z0-9-]{3,40}$/)
      .optional()
      .describe('Name of this replica in logs and leases. Default: random.'),
  })
  .refine(
    ({ SAMPLE, HOST = '0.0.0.0', PUBLIC_URL }) =>
      SAMPLE || isLoopback(HOST) || PUBLIC_URL?.startsWith('https:') === true,
    {
      path: ['PUBLIC_URL'],
      message:
        'must be https where others reach the server: put a proxy with TLS before it, or listen on 127.0.0.1',
    },
  )
  .refine(({ SAMPLE, AUDIT_PRIVATE_JWK }) => SAMPLE || AUDIT_PRIVATE_JWK !== undefined, {
    path: ['AUDIT_PRIVATE_JWK'],
    message: 'is needed: an audit that nobody signs proves nothing; node docker/make-keys.mjs makes a key',
  })
  .refine(
    ({ SAMPLE, SAMPLE_ON_NETWORK, HOST = '127.0.0.1' }) => !SAMPLE || SAMPLE_ON_NETWORK || isLoopback(HOST),
    { path: ['HOST'], message: SAMPLE_ON_LOOPBACK },
  )
  .refine((settings) => (settings.TURN_URLS === undefined) === (settings.TURN_SECRET === undefined), {
    path: ['TURN_SECRET'],
    message: 'TURN_URLS and TURN_SECRET belong together',
  })
  .refine(
    ({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_RIGHTS_FILE }) =>
      new Set([OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_RIGHTS_FILE].map((one) => one === undefined)).size === 1,
    {
      path: ['OIDC_ISSUER'],
      message: 'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_RIGHTS_FILE belong together',
    },
  )
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
