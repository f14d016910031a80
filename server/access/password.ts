import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';

/**
 * argon2id (the library's default) with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, "Argon2id". About
 * 30 ms of one core.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const satisfies Options;

/** The PHC string of a password. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether a password is the one that was hashed. A hash that cannot be read matches nothing. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, password);
  } catch {
    return false;
  }
}

/** Whether a hash was made with another cost than today's, so that it should be made anew at the next sign-in. */
export function needsRehash(passwordHash: string): boolean {
  try {
    const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(passwordHash);
    return (
      memoryCost !== COST.memoryCost ||
      timeCost !== COST.timeCost ||
      parallelism !== COST.parallelism ||
      outputLen !== COST.outputLen
    );
  } catch {
    return true;
  }
}
