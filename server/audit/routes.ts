import { z } from 'zod';
import { pageOf } from '#contract/areas.ts';
import { AuditEntry, AuditQuery } from '#contract/audit.ts';
import { VartaError } from '#contract/errors.ts';
import { decide, type Principal, type Resource } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { chainKeys, streamIdOf } from './append.ts';
import { type AuditLog, toAuditActor } from './audit.ts';

export const AuditPage = pageOf(AuditEntry);

/** Entries that are looked at for one page; a filter that passes few of very many goes on on the next page. */
const MAX_SCANNED = 5_000;

const StoredEntry = z.object({ json: z.string() });

/** Reading of the audit. Whoever reads it is in it. */
export function auditRoutes({ redis, audit }: { redis: Redis; audit: AuditLog }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/entries',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Entries of an audit chain, oldest first unless asked otherwise',
      query: AuditQuery,
      reply: AuditPage,
      handle: async ({ principal, query }) => {
        assertMayRead(principal, query.chain, audit);
        await audit.append(query.chain, {
          actor: toAuditActor(principal),
          action: 'audit.read',
          resource: `chain:${query.chain}`,
          outcome: 'done',
          details: { order: query.order, cursor: query.cursor ?? null, limit: query.limit },
        });
        return readPage(redis, query);
      },
    }),
  ];
}

function assertMayRead(principal: Principal, chain: AuditQuery['chain'], audit: AuditLog): void {
  const resource: Resource = chain === 'nation' ? { kind: 'any' } : { kind: 'region', regionId: chain };
  const decision = decide(principal, 'audit.read', resource);
  // What belongs to no region is for those whose scope is the nation.
  const wholeNation = principal.kind === 'person' && principal.scope.kind === 'nation';
  if (decision.allow && (chain !== 'nation' || wholeNation)) return;
  const code = decision.allow ? 'forbidden' : decision.code;
  audit.auditRefusal({ principal, action: 'audit.read', resource, code });
  throw new VartaError(code, `the chain ${chain} is outside the scope`);
}

async function readPage(redis: Redis, query: AuditQuery): Promise<z.infer<typeof AuditPage>> {
  const [stream] = chainKeys(query.chain);
  let cursor = query.cursor;
  const items: AuditEntry[] = [];
  for (let scanned = 0; ; ) {
    const after = cursor === undefined ? undefined : `(${streamIdOf(Number(cursor))}`;
    // One more than asked for tells whether there is a next page.
    const options = { COUNT: query.limit + 1 };
    const messages =
      query.order === 'asc'
        ? await redis.xRange(stream, after ?? '-', '+', options)
        : await redis.xRevRange(stream, after ?? '+', '-', options);
    const found = (messages ?? []).map(({ message }) =>
      AuditEntry.parse(JSON.parse(StoredEntry.parse(message).json)),
    );
    for (const entry of found) {
      if (items.length === query.limit || scanned === MAX_SCANNED)
        return { items, nextCursor: cursor ?? null };
      scanned += 1;
      cursor = String(entry.seq);
      if (query.outcome === undefined || entry.outcome === query.outcome) items.push(entry);
    }
    if (found.length <= query.limit) return { items, nextCursor: null };
  }
}
