import { z } from 'zod';
import { JsonText } from './values.ts';

/** The server's settings for the signed audit. */
export const auditSettings = {
  AUDIT_PRIVATE_JWK: JsonText.optional().describe(
    'Ed25519 private key (JWK with `kid`) that signs checkpoints of the audit; the same for all replicas, and not the grant key. Needed outside sample mode: `node docker/make-keys.mjs` makes one.',
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
};
