import type { AuditChain } from '#contract/audit.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { type Attack, AttackBook, type CountedAttack } from './attack-book.ts';
import { type Attacks, type AuditLog, chainOf, toAuditActor, toAuditResource } from './audit.ts';
import { ChainWriter } from './chain-writer.ts';
import { createRefusalBudget } from './refusal-budget.ts';
import { auditRoutes } from './routes.ts';

/** How often it is looked for attacks whose minute is over. */
const ATTACKS_MS = 5_000;

/** What the audit tells its operator; a pino logger fits. */
export interface AuditWarnings {
  warn(fields: object, message: string): void;
}

export interface AuditModule extends AuditLog, Attacks, AsyncDisposable {
  readonly routes: AnyRoute[];
}

/**
 * The tamper-evident audit: a writer per chain, and the routes that read it. Disposal waits for what was accepted; it
 * closes no connection.
 */
export function createAuditModule({
  redis,
  now,
  log,
}: {
  redis: Redis;
  now: () => number;
  log: AuditWarnings;
}): AuditModule {
  // One for each region and one for the nation: bounded by the registry, whose ids callers use.
  const writers = new Map<AuditChain, ChainWriter>();
  const budget = createRefusalBudget(now);

  const writerOf = (chain: AuditChain): ChainWriter => {
    const writer = writers.get(chain) ?? new ChainWriter(redis, chain, now);
    writers.set(chain, writer);
    return writer;
  };

  const audit: AuditLog = {
    append: (chain, draft) => writerOf(chain).append(draft),
    withEntry: (chain, draft, commit) => writerOf(chain).withEntry(draft, commit),
    auditRefusal: ({ principal, action, resource, code }) => {
      const actor = toAuditActor(principal);
      // Strangers are not told apart: what one of them tries in great numbers must not hide what another one does.
      const of = actor.kind === 'anonymous' ? `${action} ${code}` : actor.id;
      const budgeted = budget.take(`${actor.kind}:${of}`);
      if (!budgeted.record) return;
      const details = budgeted.leftOut > 0 ? { code, leftOut: budgeted.leftOut } : { code };
      writerOf(chainOf(resource))
        .append({ actor, action, resource: toAuditResource(resource), outcome: 'refused', details })
        .catch((error: unknown) => log.warn({ error, action }, 'a refusal could not be audited'));
    },
  };

  const writeAttack = ({ actor, action, resource, code, kind, from, count }: CountedAttack) => {
    const details = { code, attack: kind, from, count };
    writerOf('nation')
      .append({ actor, action, resource, outcome: 'refused', details })
      .catch((error: unknown) =>
        log.warn({ err: error, kind, from, count }, 'an attack could not be audited'),
      );
  };
  const attacks = new AttackBook(now);
  const telling = setInterval(() => attacks.take().forEach(writeAttack), ATTACKS_MS);

  return {
    ...audit,
    auditAttack: (attack: Attack) => {
      const told = attacks.note(attack);
      if (told) writeAttack(told);
    },
    routes: auditRoutes({ redis, audit }),
    [Symbol.asyncDispose]: async () => {
      clearInterval(telling);
      attacks.take(true).forEach(writeAttack);
      await Promise.all([...writers.values()].map((writer) => writer.drained()));
    },
  };
}
