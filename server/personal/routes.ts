import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { CaseId, FacilityId } from '#contract/ids.ts';
import {
  PurposeList,
  PutPersonalBody,
  PutPersonalReply,
  ReadPersonalBody,
  ReadPersonalReply,
} from '#contract/personal.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { PersonalStore } from './personal-store.ts';
import { createPurposeCheck } from './purpose-check.ts';

interface RoutesOptions {
  /** Undefined without a key: nothing is taken, and nothing can be read. */
  store: PersonalStore | undefined;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** Who cases are about: facilities say it, people read it for a purpose. */
export function personalRoutes({ store, registry, audit, now }: RoutesOptions): AnyRoute[] {
  const { purposesOf, purposeFor } = createPurposeCheck({ audit, now });
  const storeOrRefuse = (): PersonalStore => {
    if (store) return store;
    throw new VartaError('personal_key_missing', 'this server keeps no personal data');
  };

  const put = async (
    principal: Principal,
    caseId: CaseId,
    body: PutPersonalBody,
  ): Promise<z.infer<typeof PutPersonalReply>> => {
    if (principal.kind !== 'facility')
      throw new VartaError('forbidden', 'personal data comes from facilities, with their key');
    const { regionId, facilityId } = principal;
    const status = await storeOrRefuse().put({ regionId, facilityId, caseId }, body, {
      receivedAt: new Date(now()).toISOString(),
      draft: {
        actor: toAuditActor(principal),
        action: 'personal.put',
        resource: `case:${facilityId}/${caseId}`,
        outcome: 'done',
      },
    });
    if (status === 'busy') throw new VartaError('conflict');
    return { caseId, status };
  };

  const read = async (
    principal: Principal,
    { facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId },
    body: ReadPersonalBody,
  ): Promise<z.infer<typeof ReadPersonalReply>> => {
    const facility = registry.facility(facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
    const { regionId } = facility;
    const purpose = purposeFor(principal, { kind: 'facility', regionId, facilityId }, body);
    const place = { regionId, facilityId, caseId };
    const stored = await storeOrRefuse().find(place);
    if (!stored) throw new VartaError('no_personal_data');
    const data = storeOrRefuse().open(place, stored);
    // It is answered when who reads it, and why, is on record, and not before.
    const entry = await audit.append(regionId, {
      actor: toAuditActor(principal),
      action: 'personal.read',
      resource: `case:${facilityId}/${caseId}`,
      outcome: 'done',
      details: { purpose: purpose.id, ...(body.note === undefined ? {} : { note: body.note }) },
    });
    const { recordedAt, receivedAt } = stored;
    return { caseId, data, recordedAt, receivedAt, auditSeq: entry.seq };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/purposes',
      action: 'personal.read',
      authentication: 'session',
      summary: 'Purposes for which the caller may read personal data now',
      reply: PurposeList,
      handle: ({ principal }) => ({ items: purposesOf(principal) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/facilities/:facilityId/cases/:caseId/personal',
      action: 'personal.read',
      authentication: 'session',
      summary:
        'Who a case is about, for one of the caller’s purposes; on record in the audit before it is answered, and not to be kept',
      params: z.strictObject({ facilityId: FacilityId, caseId: CaseId }),
      body: ReadPersonalBody,
      reply: ReadPersonalReply,
      handle: ({ principal, params, body }) => read(principal, params, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/custody/cases/:caseId/personal',
      action: 'personal.send',
      authentication: 'facility-key',
      summary:
        'Who a case of the own facility is about, the whole of it each time; kept encrypted, erased some time after the case is closed. What was recorded later stands',
      params: z.strictObject({ caseId: CaseId }),
      body: PutPersonalBody,
      reply: PutPersonalReply,
      handle: ({ principal, params, body }) => put(principal, params.caseId, body),
    }),
  ];
}
