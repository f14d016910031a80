import { pageOf } from '#contract/areas.ts';
import {
  type AuditChain,
  AuditCheckpoint,
  AuditCheckpointQuery,
  AuditExportLine,
  AuditExportReady,
  AuditKeys,
  AuditState,
} from '#contract/audit.ts';
import { VartaError } from '#contract/errors.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { type AuditLog, toAuditActor } from './audit.ts';
import { chainsThatChanged } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { exportLines, writeLines } from './export.ts';
import type { AuditSigner } from './signing-key.ts';

export const CheckpointPage = pageOf(AuditCheckpoint);

interface CheckpointRouteOptions {
  redis: Redis;
  audit: AuditLog;
  store: CheckpointStore;
  chains: readonly AuditChain[];
  nation: string;
  signer: AuditSigner | undefined;
  /** Signs what is written by now, where there is a key. */
  signNow: () => Promise<void>;
  now: () => number;
}

/** Checkpoints, the keys to check them with, and the export that somebody outside can verify. For the nation's scope. */
export function checkpointRoutes(options: CheckpointRouteOptions): AnyRoute[] {
  const { redis, audit, store, chains, nation, signer, signNow, now } = options;

  const record = (principal: Principal, action: 'audit.read' | 'audit.export', details: object) =>
    audit.append('nation', {
      actor: toAuditActor(principal),
      action,
      resource: action === 'audit.export' ? 'audit' : 'audit:checkpoints',
      outcome: 'done',
      details: { ...details },
    });

  const assertWholeNation = (principal: Principal, action: string) => {
    if (principal.kind === 'person' && principal.scope.kind === 'nation') return;
    audit.auditRefusal({ principal, action, resource: { kind: 'any' }, code: 'forbidden' });
    throw new VartaError('forbidden', 'what belongs to no region is for those whose scope is the nation');
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/keys',
      action: 'service.probe',
      authentication: 'none',
      summary: 'Public keys that audit checkpoints are checked with, the present one first',
      reply: AuditKeys,
      handle: () => ({ keys: [...(signer?.publicKeys ?? [])] }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/state',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Whether the audit still is what was signed of it, and the last checkpoint',
      reply: AuditState,
      handle: async ({ principal }) => {
        assertWholeNation(principal, 'audit.read');
        const last = await store.last();
        const changedChains = await chainsThatChanged(last, (chain, seq) => store.entryHash(chain, seq));
        return {
          at: new Date(now()).toISOString(),
          isSigning: signer !== undefined,
          last: last ?? null,
          changedChains: [...changedChains],
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/checkpoints',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Signed checkpoints of all audit chains',
      query: AuditCheckpointQuery,
      reply: CheckpointPage,
      handle: async ({ principal, query: { order, cursor, limit } }) => {
        assertWholeNation(principal, 'audit.read');
        await record(principal, 'audit.read', { order, cursor: cursor ?? null, limit });
        const after = cursor === undefined ? {} : { after: Number(cursor) };
        const found = await store.read({ order, ...after, limit: limit + 1 });
        const items = found.slice(0, limit);
        const last = items.at(-1);
        return { items, nextCursor: found.length > limit && last ? String(last.seq) : null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/export/ready',
      action: 'audit.export',
      authentication: 'session',
      summary: 'Whether the caller may export now, or has to prove again who they are first',
      reply: AuditExportReady,
      handle: ({ principal }) => {
        assertWholeNation(principal, 'audit.export');
        return { ready: true as const };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/export',
      action: 'audit.export',
      authentication: 'session',
      summary: 'The whole audit as lines of JSON, signed up to now, for the offline verifier',
      reply: AuditExportLine,
      replyContentType: 'application/x-ndjson',
      handle: async ({ principal, response }) => {
        assertWholeNation(principal, 'audit.export');
        await record(principal, 'audit.export', {});
        await signNow();
        response.type('application/x-ndjson');
        response.setHeader('content-disposition', `attachment; filename="varta-audit-${nation}.ndjson"`);
        await writeLines(exportLines({ redis, store, chains, nation, atMs: now() }), response);
        // Answered already, line by line.
        return undefined as never;
      },
    }),
  ];
}
