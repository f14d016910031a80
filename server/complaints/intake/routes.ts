import type { TakeComplaintBody } from '#contract/complaints.ts';
import { TakeComplaintBody as TakeBody } from '#contract/complaints.ts';
import { VartaError } from '#contract/errors.ts';
import {
  IntakeKeyList,
  IntakeKeyParams,
  IntakePlaces,
  IntakeReceipt,
  IssuedIntakeKey,
  IssueIntakeKeyBody,
} from '#contract/intake.ts';
import { isInScope, type Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditDraft, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import type { TakeComplaint } from '../taking.ts';
import type { IntakeKeyStore } from './intake-key-store.ts';

interface IntakeRoutesOptions {
  store: IntakeKeyStore;
  registry: Registry;
  take: TakeComplaint;
}

const KEYS_PATH = '/api/v1/intake-keys';

/** What an outside hotline may call with its key: which facilities there are for it, and handing a complaint in. */
export function intakeRoutes({ store, registry, take }: IntakeRoutesOptions): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/intake/facilities',
      action: 'complaint.hand-in',
      authentication: 'intake-key',
      summary: 'The facilities that this key may hand complaints in about',
      reply: IntakePlaces,
      handle: ({ principal }) => placesOf(principal, registry),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/intake/complaints',
      action: 'complaint.hand-in',
      authentication: 'intake-key',
      summary:
        'Hand a complaint in. The same request again takes no second one and tells how far it is. Bounded by key and minute: `rate_limited` with Retry-After',
      body: TakeBody,
      reply: IntakeReceipt,
      replyStatus: 201,
      handle: async ({ principal, body, response }) => {
        const limited = await store.take(idOf(principal));
        if (limited) {
          response.set('Retry-After', String(Math.ceil(limited.retryAfterMs / 1000)));
          throw new VartaError('rate_limited');
        }
        return handIn(principal, body, take);
      },
    }),
  ];
}

/** Keys of outside hotlines: list (never the key), issue, revoke; for administrators. */
export function intakeKeyRoutes({ store, registry }: Omit<IntakeRoutesOptions, 'take'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: KEYS_PATH,
      action: 'account.read',
      authentication: 'session',
      summary: 'Keys of outside hotlines; never a key itself',
      reply: IntakeKeyList,
      handle: async () => ({ items: await store.list() }),
    }),
    defineRoute({
      method: 'post',
      path: KEYS_PATH,
      action: 'account.manage',
      authentication: 'session',
      summary: 'Issue a key to an outside hotline; it is shown once',
      body: IssueIntakeKeyBody,
      reply: IssuedIntakeKey,
      replyStatus: 201,
      handle: ({ principal, body }) => {
        assertPlaces(body.scope, registry);
        const { name, perMinute } = body;
        return store.issue(body, (keyId) =>
          draftOf(principal, 'intake-key.issue', {
            keyId,
            name,
            perMinute,
            scope: JSON.stringify(body.scope).slice(0, 1000),
          }),
        );
      },
    }),
    defineRoute({
      method: 'delete',
      path: `${KEYS_PATH}/:keyId`,
      action: 'account.manage',
      authentication: 'session',
      summary: 'Revoke a key: it opens nothing from now on',
      params: IntakeKeyParams,
      handle: async ({ principal, params: { keyId } }) => {
        await store.revoke(keyId, draftOf(principal, 'intake-key.revoke', { keyId }));
        return undefined;
      },
    }),
  ];
}

async function handIn(
  principal: Principal,
  body: TakeComplaintBody,
  take: TakeComplaint,
): Promise<IntakeReceipt> {
  const { id, number, facilityId, state, history } = await take(principal, body);
  return { id, number, facilityId, state, receivedAt: history[0]?.at ?? '' };
}

function placesOf(principal: Principal, { nation, region }: Registry): IntakePlaces {
  if (principal.kind !== 'intake') return { items: [] };
  const mine = nation.facilities.filter(({ id, regionId }) =>
    isInScope(principal.scope, { regionId, facilityId: id }),
  );
  return {
    items: mine.map(({ id, name, regionId }) => ({
      id,
      name,
      regionId,
      regionName: region(regionId)?.name ?? { uk: regionId, en: regionId },
    })),
  };
}

/** A key for places that are not there would be one that nobody notices to be useless. */
function assertPlaces(scope: IssueScope, registry: Registry): void {
  if (scope.kind === 'regions' && !scope.regionIds.every((id) => registry.region(id)))
    throw new VartaError('unknown_region');
  if (scope.kind === 'facilities' && !scope.facilityIds.every((id) => registry.facility(id)))
    throw new VartaError('unknown_facility');
}
type IssueScope = IntakeKeyList['items'][number]['scope'];

function idOf(principal: Principal): string {
  if (principal.kind !== 'intake') throw new VartaError('forbidden', 'for outside hotlines');
  return principal.keyId;
}

function draftOf(
  principal: Principal,
  action: string,
  details: NonNullable<AuditDraft['details']>,
): AuditDraft {
  return { actor: toAuditActor(principal), action, resource: 'intake-keys', outcome: 'done', details };
}
