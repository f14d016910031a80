import type { AuditChain } from '#contract/audit.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { Registry } from '../nation/registry.ts';
import type { AuditLog } from './audit.ts';
import { checkpointRoutes } from './checkpoint-routes.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { Checkpointer } from './checkpointer.ts';
import type { AuditSigner } from './signing-key.ts';
import { createWitness } from './witness.ts';

interface CheckpointModuleOptions {
  redis: Redis;
  audit: AuditLog;
  registry: Pick<Registry, 'nation'>;
  /** Without one no checkpoints are signed. */
  signer: AuditSigner | undefined;
  /** How often a checkpoint is signed, if anything was written; ms. */
  everyMs: number;
  /** Where checkpoints are given to. */
  witnessUrl: string | undefined;
  now: () => number;
  log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface CheckpointModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** Chains that are not what was signed of them; anything but none is an alarm. */
  readonly changedChains: readonly AuditChain[];
}

/** Signed checkpoints over all chains of the audit, and what outsiders check them with. Closes no connection. */
export function createCheckpointModule(options: CheckpointModuleOptions): CheckpointModule {
  const { redis, audit, registry, signer, everyMs, witnessUrl, now, log } = options;
  const { id: nation, regions } = registry.nation;
  const chains: readonly AuditChain[] = ['nation', ...regions.map(({ id }) => id)];
  const store = new CheckpointStore(redis, chains);
  if (!signer) log.warn({}, 'AUDIT_PRIVATE_JWK is not set: no checkpoints of the audit are signed');
  const witness = witnessUrl === undefined ? undefined : createWitness(witnessUrl);
  const checkpointer = signer && new Checkpointer({ store, signer, everyMs, witness, now, log });
  return {
    routes: checkpointRoutes({
      redis,
      audit,
      store,
      chains,
      nation,
      signer,
      signNow: async () => checkpointer?.signNow(),
      now,
    }),
    get changedChains() {
      return checkpointer?.changedChains ?? [];
    },
    [Symbol.asyncDispose]: async () => checkpointer?.[Symbol.asyncDispose](),
  };
}
