import { z } from 'zod';
import { EncryptionKeys } from './values.ts';

/** The server's settings for what is told of people, and for how long it is kept. */
export const personalSettings = {
  PERSONAL_DATA_KEY: EncryptionKeys.optional().describe(
    'Encrypts who cases are about: `id:key`, the key as 32 bytes in base64url; after a rotation the new one, a comma, and the old one. The same for all replicas. Default: who cases are about is not taken (`personal_key_missing`); free notes and reasons of events are, and stand unsealed.',
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
};
