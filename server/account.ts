import { z } from 'zod';
import type { Account } from './access/account.ts';
import { ACCOUNT_USAGE, type AccountCommand, parseAccountCommand } from './access/account-command.ts';
import { AccountStore } from './access/account-store.ts';
import { hashPassword } from './access/password.ts';
import { createOneTimePassword } from './access/password-rules.ts';
import { createLog } from './adapters/boot/log.ts';
import { closeRedis, connectRedis } from './adapters/redis/connect.ts';
import { createSignInLimiter } from './adapters/redis/sign-in-limiter.ts';
import type { AuditDraft } from './audit/audit.ts';
import { createAuditModule } from './audit/module.ts';

/** Who the audit names: whoever may run programs beside Redis. */
const ACTOR = { kind: 'system', id: 'command-line' } as const;

/** Makes accounts where there is no administrator yet. Returns the one-time password. */
export async function runAccountCommand(store: AccountStore, command: AccountCommand): Promise<string> {
  const oneTimePassword = createOneTimePassword();
  const passwordHash = await hashPassword(oneTimePassword);
  const { username } = command;
  const draftOf = (action: string, { role, scope }: Pick<Account, 'role' | 'scope'>): AuditDraft => ({
    actor: ACTOR,
    action,
    resource: `account:${username}`,
    outcome: 'done',
    details: { role, scope: JSON.stringify(scope).slice(0, 1_000) },
  });
  if (command.command === 'create') {
    const { role, scope, name } = command;
    await store.create(
      {
        username,
        displayName: { uk: name, en: name },
        role,
        scope,
        passwordHash,
        sample: false,
        mustChange: true,
      },
      draftOf('account.create', command),
    );
    return oneTimePassword;
  }
  await store.change(username, (kept) => {
    const { totp: _, recovery: __, ...rest } = kept;
    return {
      account: { ...rest, passwordHash, mustChange: true, rev: (kept.rev ?? 0) + 1 },
      draft: draftOf('account.reset-password', kept),
    };
  });
  return oneTimePassword;
}

async function main(): Promise<void> {
  const command = parseAccountCommand(process.argv.slice(2));
  const { REDIS_URL } = z
    .object({ REDIS_URL: z.string({ error: 'REDIS_URL is not set' }).min(1) })
    .parse(process.env);
  const log = createLog({ level: 'warn', replicaId: 'command-line' });
  await using owned = new AsyncDisposableStack();
  const redis = await connectRedis(REDIS_URL, 'account', log);
  owned.defer(() => closeRedis(redis));
  const audit = owned.use(createAuditModule({ redis, now: Date.now, log }));
  const store = new AccountStore({ redis, audit, sampleMode: false, now: Date.now });
  const password = await runAccountCommand(store, command);
  if (command.command === 'reset') await createSignInLimiter(redis, Date.now).unlock(command.username);
  process.stdout.write(`${command.username}: ${password}\nGood for one sign-in, where it is changed.\n`);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
        : error instanceof Error
          ? error.message
          : String(error);
    process.stderr.write(`${reason}\n\n${ACCOUNT_USAGE}`);
    process.exitCode = 1;
  });
}
