import { VartaError } from '#contract/errors.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { Account } from './account.ts';
import { changeField } from './audited-hash.ts';
import { createFactorSecrets, type FactorSecrets } from './factor-secrets.ts';
import { type SecondFactor, spendSecondFactor } from './second-factor.ts';

/** KEYS accounts. ARGV user name, JSON expected, new JSON. */
const REPLACE = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

/** How often a change is decided anew because somebody else was faster. */
const MAX_TRIES = 5;

interface AccountStoreOptions {
  redis: Redis;
  audit: AuditLog;
  /** Outside sample mode, sample accounts do not exist. */
  sampleMode: boolean;
  now: () => number;
  /** Opens secrets of second factors. @default those that are kept as they are */
  secrets?: FactorSecrets;
}

/** Changes accounts; each change and its audit entry are one write. Disabled accounts are accounts here. */
export class AccountStore {
  readonly #options: AccountStoreOptions;

  constructor(options: AccountStoreOptions) {
    this.#options = options;
  }

  async find(username: string): Promise<Account | undefined> {
    return (await this.#read(username))?.account;
  }

  /** By user name. */
  async list(): Promise<Account[]> {
    const all = await this.#options.redis.hVals(keys.accounts);
    return all
      .flatMap((json) => this.#parse(json) ?? [])
      .toSorted((a, b) => (a.username < b.username ? -1 : 1));
  }

  /** Throws `account_exists`. */
  async create(account: Account, draft: AuditDraft): Promise<void> {
    const { username } = account;
    const done = await changeField(this.#options, {
      hash: keys.accounts,
      field: username,
      before: undefined,
      after: JSON.stringify(Account.parse(account)),
      draft,
    });
    if (!done) throw new VartaError('account_exists');
  }

  /**
   * Decides on the account as it is and writes what comes of it; a new `rev` ends its sessions wherever they are read
   * next. Throws `unknown_account`, `conflict`, and what `decide` throws.
   */
  async change(
    username: string,
    decide: (account: Account) => { account: Account; draft: AuditDraft },
  ): Promise<Account> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = await this.#read(username);
      if (!before) throw new VartaError('unknown_account');
      const { account, draft } = decide(before.account);
      const done = await changeField(this.#options, {
        hash: keys.accounts,
        field: username,
        before: before.json,
        after: JSON.stringify(Account.parse(account)),
        draft,
      });
      if (done) return account;
    }
    throw new VartaError('conflict');
  }

  /** Uses a second factor up, once on whatever replica; false when it is not right (any more). */
  async spendFactor(username: string, factor: SecondFactor): Promise<boolean> {
    const { redis, now, secrets = createFactorSecrets([]) } = this.#options;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = await this.#read(username);
      const after = before && spendSecondFactor(before.account, factor, { nowMs: now(), secrets });
      if (!before || !after) return false;
      const args = [username, before.json, JSON.stringify(after)];
      if ((await runScript(redis, REPLACE, [keys.accounts], args)) === 1) return true;
    }
    return false;
  }

  async #read(username: string): Promise<{ account: Account; json: string } | undefined> {
    const json = await this.#options.redis.hGet(keys.accounts, username);
    const account = typeof json === 'string' ? this.#parse(json) : undefined;
    return account && typeof json === 'string' ? { account, json } : undefined;
  }

  #parse(json: string): Account | undefined {
    try {
      const account = Account.safeParse(JSON.parse(json)).data;
      return account && (this.#options.sampleMode || !account.sample) ? account : undefined;
    } catch {
      return undefined;
    }
  }
}
