import { z } from 'zod';
import { EncryptionKeys } from './values.ts';

/** The server's settings for stills and clips around flags. */
export const evidenceSettings = {
  EVIDENCE_KEY: EncryptionKeys.optional().describe(
    'Encrypts stills and clips on disk: `id:key`, the key as 32 bytes in base64url; after a rotation the new one, a comma, and the old one. The same for all replicas. Without it, or without AUDIT_PRIVATE_JWK, none are kept.',
  ),
  EVIDENCE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of stills and clips; one for all replicas. Default: DATA_DIR/evidence.'),
  EVIDENCE_MAX_MB: z.coerce
    .number()
    .int()
    .min(10)
    .max(100_000_000)
    .default(20_000)
    .describe(
      'What stills and clips may take of the disk, in MB. Beyond, none are taken; none is erased early.',
    ),
  EVIDENCE_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .describe('Days until a still or clip is erased that no preservation hold covers.'),
  EVIDENCE_PRE_S: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .default(10)
    .describe('How far a clip goes back before its moment, in seconds; no further than SFU_RING_S.'),
  EVIDENCE_POST_S: z.coerce
    .number()
    .int()
    .min(1)
    .max(120)
    .default(15)
    .describe('How far a clip goes on after its moment, in seconds.'),
};
