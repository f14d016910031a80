import { z } from 'zod';

/** A text that only a holder of its key can read or change. */
export const Sealed = z.strictObject({
  kid: z.string().min(1).max(32),
  iv: z.base64url(),
  tag: z.base64url(),
  text: z.base64url(),
});
export type Sealed = z.infer<typeof Sealed>;
