import type { RoleId } from '#contract/session.ts';
import type { Action } from './roles.ts';

/** How people of a role sign in, and how long that lasts. */
export interface SignInRule {
  /** Whether a local account needs a second factor before it may do anything. */
  totp: 'required' | 'optional';
  /**
   * A session that nobody uses ends after this. A page that is open counts as use: a wall is looked at for hours without
   * a click (OWASP Session Management Cheat Sheet: 15 to 30 minutes where risk is low).
   */
  idleMinutes: number;
  /** A session ends this long after sign-in, whatever happens; at most a shift of twelve hours. */
  absoluteHours: number;
}

/**
 * The second factor is asked of whoever can change access, works outside a guarded room, or sees the record of everybody.
 * Situation room, duty centre and hotline are guarded rooms whose people change by the shift; they may set one up.
 */
export const SIGN_IN_RULES: Record<RoleId, SignInRule> = {
  situation: { totp: 'optional', idleMinutes: 30, absoluteHours: 12 },
  duty: { totp: 'optional', idleMinutes: 30, absoluteHours: 12 },
  oncall: { totp: 'required', idleMinutes: 30, absoluteHours: 12 },
  inspector: { totp: 'required', idleMinutes: 30, absoluteHours: 12 },
  oversight: { totp: 'required', idleMinutes: 30, absoluteHours: 8 },
  prosecutor: { totp: 'required', idleMinutes: 30, absoluteHours: 8 },
  ombudsman: { totp: 'required', idleMinutes: 30, absoluteHours: 8 },
  hotline: { totp: 'optional', idleMinutes: 30, absoluteHours: 12 },
  admin: { totp: 'required', idleMinutes: 15, absoluteHours: 8 },
};

/** For these, who is signed in has to prove it again if they have not within `STEP_UP_MINUTES`. */
export const STEP_UP_ACTIONS: readonly Action[] = [
  'audit.export',
  'evidence.export',
  'account.manage',
  'hold.place',
  'hold.release',
];
export const STEP_UP_MINUTES = 5;
