import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Account } from './account.ts';
import type { FactorSecrets } from './factor-secrets.ts';
import { randomWords } from './password-rules.ts';

/** RFC 6238 with what every authenticator app can do: SHA-1, six digits, thirty seconds. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps before and after now that count, for clocks that are off (RFC 6238 §5.2). */
const WINDOW = 1;
/** 160 bits, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20;
const ISSUER = 'Varta';
const RECOVERY_CODES = 10;

/** What somebody gives beside the password. */
export type SecondFactor = { totp: string } | { recoveryCode: string };

export function createTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What authenticator apps take, also as a QR code. */
export function toTotpUri(secret: string, username: string): string {
  return new TOTP({
    ...SHAPE,
    issuer: ISSUER,
    label: username,
    secret: Secret.fromBase32(secret),
  }).toString();
}

/** The time step that a code is for; undefined when it is not a code of now. */
export function totpStepOf(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ ...SHAPE, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : totp.counter({ timestamp: nowMs }) + delta;
}

/**
 * The account after a second factor was used: a step counts once, and none before it any more; a recovery code is gone.
 * Undefined when the factor is not right.
 */
export function spendSecondFactor(
  account: Account,
  factor: SecondFactor,
  { nowMs, secrets }: { nowMs: number; secrets: FactorSecrets },
): Account | undefined {
  const { totp, recovery = [] } = account;
  if (!totp) return undefined;
  if ('totp' in factor) {
    const step = totpStepOf(secrets.open(totp.secret, account.username), factor.totp, nowMs);
    if (step === undefined || step <= totp.lastStep) return undefined;
    const secret = secrets.isOutdated(totp.secret)
      ? secrets.seal(secrets.open(totp.secret, account.username), account.username)
      : totp.secret;
    return { ...account, totp: { secret, lastStep: step } };
  }
  const digest = digestRecoveryCode(factor.recoveryCode);
  return recovery.includes(digest)
    ? { ...account, recovery: recovery.filter((one) => one !== digest) }
    : undefined;
}

/** New recovery codes: 16 characters each, about 79 bits, so that a plain digest is enough to keep. */
export function createRecoveryCodes(): { codes: string[]; digests: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomWords(4, 4));
  return { codes, digests: codes.map(digestRecoveryCode) };
}

/** However it is typed: case, blanks and dashes do not count. */
function digestRecoveryCode(code: string): string {
  return createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('hex');
}
