import { createHash } from 'node:crypto';
import type { RoleId } from '#contract/session.ts';
import { SIGN_IN_RULES, STEP_UP_MINUTES } from '../../config/roles/sign-in-rules.ts';

/** No session lasts longer, whatever its role. */
export const SESSION_ABSOLUTE_MS =
  Math.max(...Object.values(SIGN_IN_RULES).map(({ absoluteHours }) => absoluteHours)) * 3_600_000;

/** When a session ends at the latest, in milliseconds since the epoch. */
export function sessionEndsAtMs(signedInAtMs: number, role: RoleId): number {
  return signedInAtMs + SIGN_IN_RULES[role].absoluteHours * 3_600_000;
}

/** How long a session used now may stay unused, in milliseconds; 0 or less when it is over. */
export function sessionTimeLeftMs(signedInAtMs: number, role: RoleId, nowMs: number): number {
  return Math.min(SIGN_IN_RULES[role].idleMinutes * 60_000, sessionEndsAtMs(signedInAtMs, role) - nowMs);
}

/** Whether somebody has proved who they are lately enough for what asks for it. */
export function isConfirmed(confirmedAtMs: number, nowMs: number): boolean {
  return nowMs - confirmedAtMs < STEP_UP_MINUTES * 60_000;
}

/**
 * A user agent as people know it: browser and system. It is what the browser says, good for telling sessions apart and
 * for nothing else.
 */
export function toDevice(userAgent: string | undefined): string {
  const find = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const browser = find([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = find([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  return [browser, system].filter((part) => part !== undefined).join(', ') || '?';
}

/**
 * The name of a session for logs, messages and other modules, made of its first id; it stays when the id is changed. The
 * id itself stays with the cookie and the store.
 */
export function toSessionHandle(sessionId: string): string {
  return createHash('sha256').update(`session\n${sessionId}`).digest('base64url');
}

/** The viewer that a tab of a session is, the same on every replica and after every reconnect. */
export function toViewerId(sessionHandle: string, tabId: string): string {
  return `v-${createHash('sha256').update(`viewer\n${sessionHandle}\n${tabId}`).digest('base64url')}`;
}
