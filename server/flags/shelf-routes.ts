import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { Flag, ShelveFlagBody } from '#contract/flags.ts';
import { FlagId } from '#contract/ids.ts';
import type { Principal, Resource } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor, toAuditResource } from '../audit/audit.ts';
import { untilNotOvertaken } from './attempts.ts';
import { type ShelfResult, shelveFlag, unshelveFlag } from './flag-shelf.ts';
import type { FlagStore, StoredFlag } from './flag-store.ts';
import { toActor } from './to-actor.ts';

const FlagParams = z.strictObject({ flagId: FlagId });

interface ShelfRoutesOptions {
  /** Throws for a flag that there is not. */
  find(id: FlagId): Promise<StoredFlag>;
  placeOf(flag: Flag): Resource;
  store: Pick<FlagStore, 'change'>;
  audit: AuditLog;
  now: () => number;
}

/** Putting flags aside until a time, and taking them back before it. */
export function shelfRoutes({ find, placeOf, store, audit, now }: ShelfRoutesOptions): AnyRoute[] {
  const change = async (
    principal: Principal,
    id: FlagId,
    decide: (flag: Flag) => ShelfResult,
    detailsOf: (flag: Flag) => Record<string, string>,
  ): Promise<Flag> =>
    untilNotOvertaken(async () => {
      const stored = await find(id);
      const resource = placeOf(stored.flag);
      assertMay({ principal, action: 'flag.shelve', resource }, audit);
      const result = decide(stored.flag);
      if (result.kind === 'refused') throw new VartaError(result.code, result.message);
      if (result.kind === 'repeated') return result.flag;
      const isChanged = await store.change(stored, result.flag, {
        actor: toAuditActor(principal),
        action: 'flag.shelve',
        resource: toAuditResource(resource),
        outcome: 'done',
        details: { flag: id, ...detailsOf(result.flag) },
      });
      return isChanged ? result.flag : undefined;
    });

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/flags/:flagId/shelving',
      action: 'flag.shelve',
      authentication: 'session',
      summary:
        'Put a flag aside until a time, with a reason: never one of severity 1, nor one that nobody has answered; the same request again answers the same',
      params: FlagParams,
      body: ShelveFlagBody,
      reply: Flag,
      handle: ({ principal, params, body }) =>
        change(
          principal,
          params.flagId,
          (flag) => shelveFlag(flag, body, toActor(principal), now()),
          ({ shelvings }) => ({ to: 'aside', until: shelvings?.at(-1)?.until ?? '', reason: body.reason }),
        ),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/flags/:flagId/shelving',
      action: 'flag.shelve',
      authentication: 'session',
      summary: 'Take back a flag that was put aside, before its time; one that is not aside stays as it is',
      params: FlagParams,
      reply: Flag,
      handle: ({ principal, params }) =>
        change(
          principal,
          params.flagId,
          (flag) => unshelveFlag(flag, toActor(principal), now()),
          () => ({ to: 'back' }),
        ),
    }),
  ];
}
