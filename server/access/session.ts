import { createHash } from 'node:crypto';

/** A session ends this long after sign-in, whatever happens: a shift of twelve hours. */
export const SESSION_ABSOLUTE_MS = 12 * 3_600_000;

/**
 * A session that nobody uses ends after this. A page that is open counts as use: a wall is looked at for hours without a
 * click (OWASP Session Management Cheat Sheet: 15 to 30 minutes where risk is low).
 */
export const SESSION_IDLE_MS = 30 * 60_000;

/** When a session ends at the latest, in milliseconds since the epoch. */
export function sessionEndsAtMs(signedInAtMs: number): number {
  return signedInAtMs + SESSION_ABSOLUTE_MS;
}

/** How long a session used now may stay unused, in milliseconds; 0 or less when it is over. */
export function sessionTimeLeftMs(signedInAtMs: number, nowMs: number): number {
  return Math.min(SESSION_IDLE_MS, sessionEndsAtMs(signedInAtMs) - nowMs);
}

/** The name of a session for logs, messages and other modules: the id itself stays with the cookie and the store. */
export function toSessionHandle(sessionId: string): string {
  return createHash('sha256').update(`session\n${sessionId}`).digest('base64url');
}

/** The viewer that a tab of a session is, the same on every replica and after every reconnect. */
export function toViewerId(sessionHandle: string, tabId: string): string {
  return `v-${createHash('sha256').update(`viewer\n${sessionHandle}\n${tabId}`).digest('base64url')}`;
}
