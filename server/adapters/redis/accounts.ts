import { Account, type Accounts } from '../../access/account.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../access/password.ts';
import { SAMPLE_PASSWORD, type SampleAccount } from '../../access/sample-accounts.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

/** The accounts in Redis that may be used. Those of sample mode do not exist for a server that runs for real. */
export function createAccounts({ redis, sampleMode }: { redis: Redis; sampleMode: boolean }): Accounts {
  const isUsable = (account: Account) => !account.disabled && (sampleMode || !account.sample);
  return {
    find: async (username) => {
      const account = parseAccount(await redis.hGet(keys.accounts, username));
      return account && isUsable(account) ? account : undefined;
    },
    list: async () =>
      (await redis.hVals(keys.accounts))
        .map(parseAccount)
        .filter((account) => account !== undefined)
        .filter(isUsable),
  };
}

/**
 * In sample mode, puts the sample accounts in place; an account of the same name that is not a sample one stays. Outside
 * it, `wanted` is empty and the sample accounts that an earlier start may have left are removed.
 */
export async function settleSampleAccounts(redis: Redis, wanted: readonly SampleAccount[]): Promise<void> {
  const kept = await redis.hGetAll(keys.accounts);
  const stale = Object.entries(kept)
    .filter(
      ([username, json]) =>
        parseAccount(json)?.sample === true && !wanted.some((one) => one.username === username),
    )
    .map(([username]) => username);
  if (stale.length > 0) await redis.hDel(keys.accounts, stale);
  for (const account of wanted) {
    const present = parseAccount(kept[account.username]);
    if (present && !present.sample) continue;
    const passwordHash = await sampleHash(present?.passwordHash);
    await redis.hSet(keys.accounts, account.username, JSON.stringify({ ...account, passwordHash }));
  }
}

/** The hash that is there, if it is still good: a start does not compute six new ones each time. */
async function sampleHash(present: string | undefined): Promise<string> {
  const good =
    present !== undefined && !needsRehash(present) && (await verifyPassword(present, SAMPLE_PASSWORD));
  return good ? present : hashPassword(SAMPLE_PASSWORD);
}

function parseAccount(json: string | null | undefined): Account | undefined {
  if (json === null || json === undefined) return undefined;
  const parsed = Account.safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
