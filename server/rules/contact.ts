import { z } from 'zod';

const HOUR_MS = 3_600_000;
/**
 * A facility of which nothing was heard for so long was not connected: rounds alone are told of more often while anybody
 * is held. Our judgment.
 */
const APART_MS = 3 * HOUR_MS;

/** Since when a facility's system has been talking to us without a long break, and when it did so first and last; ms. */
export const Contact = z.strictObject({ firstMs: z.int(), sinceMs: z.int(), lastMs: z.int() });
export type Contact = z.infer<typeof Contact>;

/** What is known of the connection to a facility, now that something was received from it. */
export function withContact(known: Contact | undefined, receivedMs: number): Contact {
  if (!known) return { firstMs: receivedMs, sinceMs: receivedMs, lastMs: receivedMs };
  if (receivedMs <= known.lastMs) return known;
  const sinceMs = receivedMs - known.lastMs > APART_MS ? receivedMs : known.sinceMs;
  return { ...known, sinceMs, lastMs: receivedMs };
}
