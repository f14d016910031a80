import { z } from 'zod';

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

/** The server's settings for how people are told of flags. */
export const alertSettings = {
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
};
