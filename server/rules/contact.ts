import { z } from 'zod';
import { lengthMsAt } from '../../config/rules/thresholds.ts';

/** Since when a facility's system has been talking to us without a long break, and when it did so first and last; ms. */
export const Contact = z.strictObject({ firstMs: z.int(), sinceMs: z.int(), lastMs: z.int() });
export type Contact = z.infer<typeof Contact>;

/** What is known of the connection to a facility, now that something was received from it. */
export function withContact(known: Contact | undefined, receivedMs: number): Contact {
  if (!known) return { firstMs: receivedMs, sinceMs: receivedMs, lastMs: receivedMs };
  if (receivedMs <= known.lastMs) return known;
  const sinceMs = receivedMs - known.lastMs > lengthMsAt('apart', receivedMs) ? receivedMs : known.sinceMs;
  return { ...known, sinceMs, lastMs: receivedMs };
}
