import { randomBytes } from 'node:crypto';
import type { ErrorCode } from '#contract/errors.ts';
import type { Account, Accounts } from './account.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { SecondFactor } from './second-factor.ts';
import { createSlots } from './slots.ts';

/** Passwords checked at the same time: 19 MiB and one core each. */
const CHECKS_AT_A_TIME = 2;
/** Checks that may wait; about a second's worth. */
const CHECKS_WAITING = 64;
/** What somebody is asked to wait when too many sign in at the same moment. */
const BUSY_RETRY_MS = 1_000;

/** Counts tries, so that guessing does not pay. */
export interface SignInLimiter {
  /** Takes one try; gives the time until the next one in milliseconds when none is left. */
  take(username: string, address: string): Promise<{ retryAfterMs: number } | undefined>;
  /** The try was right: it and those before it do not count against the user any more. */
  forgive(username: string, address: string): Promise<void>;
}

export type SignInResult =
  | { ok: true; account: Account }
  | {
      ok: false;
      code: Extract<ErrorCode, 'bad_credentials' | 'totp_required' | 'bad_totp'>;
      /** For the audit, never for the caller. What an unknown user typed may be a password, and is not to be kept. */
      knownUser: boolean;
    }
  | { ok: false; code: Extract<ErrorCode, 'rate_limited'>; retryAfterMs: number };

export interface Credentials {
  username: string;
  password: string;
  /** Where the try comes from, as an IP address. */
  address: string;
  /** Beside the password, where the account has a second factor. */
  factor?: SecondFactor | undefined;
}

interface SignInOptions {
  accounts: Pick<Accounts, 'find'>;
  limiter: SignInLimiter;
  /** Uses a second factor up, once on whatever replica; false when it is not right (any more). */
  spendFactor(username: string, factor: SecondFactor): Promise<boolean>;
}

/**
 * Makes the function that checks a user name, a password and a second factor. Whether a user exists shows in neither
 * answer nor time; that a second factor is wanted is told only to who knows the password. Tries with a wrong or missing
 * factor are not given back, so that a known password does not make codes guessable.
 */
export async function createSignIn({ accounts, limiter, spendFactor }: SignInOptions) {
  const checks = createSlots({ running: CHECKS_AT_A_TIME, waiting: CHECKS_WAITING });
  // Nobody's password: what is compared when there is no such user.
  const decoyHash = await hashPassword(randomBytes(32).toString('base64url'));

  return async ({ username, password, address, factor }: Credentials): Promise<SignInResult> => {
    const limited = await limiter.take(username, address);
    if (limited) return { ok: false, code: 'rate_limited', ...limited };
    const found = await accounts.find(username);
    // Whoever signs in through a provider has no password here.
    const account = found?.external ? undefined : found;
    const matches = await checks.run(() => verifyPassword(account?.passwordHash ?? decoyHash, password));
    if (matches === undefined) return { ok: false, code: 'rate_limited', retryAfterMs: BUSY_RETRY_MS };
    if (!account || !matches) return { ok: false, code: 'bad_credentials', knownUser: account !== undefined };
    if (account.totp) {
      if (!factor) return { ok: false, code: 'totp_required', knownUser: true };
      if (!(await spendFactor(username, factor))) return { ok: false, code: 'bad_totp', knownUser: true };
    }
    await limiter.forgive(username, address);
    return { ok: true, account };
  };
}

export type SignIn = Awaited<ReturnType<typeof createSignIn>>;
