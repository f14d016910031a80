import { z } from 'zod';

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

/** The server's settings for what is told of people, and for how long it is kept. */
export const personalSettings = {
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
};
