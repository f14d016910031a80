import { randomBytes } from 'node:crypto';
import type { ErrorCode } from '#contract/errors.ts';
import type { Account, Accounts } from './account.ts';
import { hashPassword, verifyPassword } from './password.ts';
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
      code: Extract<ErrorCode, 'bad_credentials'>;
      /** For the audit, never for the caller. What an unknown user typed may be a password, and is not to be kept. */
      knownUser: boolean;
    }
  | { ok: false; code: Extract<ErrorCode, 'rate_limited'>; retryAfterMs: number };

export interface Credentials {
  username: string;
  password: string;
  /** Where the try comes from, as an IP address. */
  address: string;
}

/** Makes the function that checks a user name and a password. Whether a user exists shows in neither answer nor time. */
export async function createSignIn({
  accounts,
  limiter,
}: {
  accounts: Pick<Accounts, 'find'>;
  limiter: SignInLimiter;
}) {
  const checks = createSlots({ running: CHECKS_AT_A_TIME, waiting: CHECKS_WAITING });
  // Nobody's password: what is compared when there is no such user.
  const decoyHash = await hashPassword(randomBytes(32).toString('base64url'));

  return async ({ username, password, address }: Credentials): Promise<SignInResult> => {
    const limited = await limiter.take(username, address);
    if (limited) return { ok: false, code: 'rate_limited', ...limited };
    const account = await accounts.find(username);
    const matches = await checks.run(() => verifyPassword(account?.passwordHash ?? decoyHash, password));
    if (matches === undefined) return { ok: false, code: 'rate_limited', retryAfterMs: BUSY_RETRY_MS };
    if (!account || !matches) return { ok: false, code: 'bad_credentials', knownUser: account !== undefined };
    await limiter.forgive(username, address);
    return { ok: true, account };
  };
}

export type SignIn = Awaited<ReturnType<typeof createSignIn>>;
