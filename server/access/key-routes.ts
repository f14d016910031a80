import { FacilityKeyList, FacilityKeyParams, IssuedFacilityKey } from '#contract/accounts.ts';
import { VartaError } from '#contract/errors.ts';
import type { FacilityId } from '#contract/ids.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AuditDraft, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { Principal } from './decide.ts';
import type { KeyStore } from './key-store.ts';

interface KeyRoutesOptions {
  keyStore: KeyStore;
  registry: Registry;
}

const PATH = '/api/v1/facilities/:facilityId/keys';
const FacilityParams = FacilityKeyParams.pick({ facilityId: true });

/** Keys of facilities: issue, list (never the key), revoke. To rotate: issue, put the new one in place, revoke the old. */
export function keyRoutes({ keyStore, registry }: KeyRoutesOptions): AnyRoute[] {
  const assertFacility = (facilityId: FacilityId) => {
    if (!registry.facility(facilityId)) throw new VartaError('unknown_facility');
  };
  return [
    defineRoute({
      method: 'get',
      path: PATH,
      action: 'account.read',
      authentication: 'session',
      summary: 'Which keys a facility has; never a key itself',
      params: FacilityParams,
      reply: FacilityKeyList,
      handle: async ({ params: { facilityId } }) => {
        assertFacility(facilityId);
        return { items: await keyStore.list(facilityId) };
      },
    }),
    defineRoute({
      method: 'post',
      path: PATH,
      action: 'account.manage',
      authentication: 'session',
      summary: 'Issue a key, beside those that there are; it is shown once',
      params: FacilityParams,
      reply: IssuedFacilityKey,
      replyStatus: 201,
      handle: async ({ principal, params: { facilityId } }) => {
        assertFacility(facilityId);
        return keyStore.issue(facilityId, (keyId) =>
          draftOf(principal, 'facility-key.issue', { facilityId, keyId }),
        );
      },
    }),
    defineRoute({
      method: 'delete',
      path: `${PATH}/:keyId`,
      action: 'account.manage',
      authentication: 'session',
      summary: 'Revoke a key: it opens nothing from now on',
      params: FacilityKeyParams,
      handle: async ({ principal, params: { facilityId, keyId } }) => {
        assertFacility(facilityId);
        await keyStore.revoke(
          facilityId,
          keyId,
          draftOf(principal, 'facility-key.revoke', { facilityId, keyId }),
        );
        return undefined;
      },
    }),
  ];
}

function draftOf(
  principal: Principal,
  action: string,
  { facilityId, keyId }: { facilityId: FacilityId; keyId: string },
): AuditDraft {
  return {
    actor: toAuditActor(principal),
    action,
    resource: `facility:${facilityId}`,
    outcome: 'done',
    details: { keyId },
  };
}
