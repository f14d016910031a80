import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { CaseId, FacilityId } from '#contract/ids.ts';
import {
  PurposeList,
  PutPersonalBody,
  PutPersonalReply,
  ReadEarlierBody,
  ReadEarlierReply,
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
  const earlier = createPurposeCheck({ audit, now, action: 'personal.read-earlier' });
  const storeOrRefuse = (): PersonalStore => {
    if (store) return store;
    throw new VartaError('personal_key_missing', 'this server keeps no personal data');
  };

  const facilityOf = (facilityId: FacilityId) => {
    const facility = registry.facility(facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
    return facility;
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
    if (status === 'full') {
      const resource = { kind: 'facility', regionId, facilityId } as const;
      audit.auditRefusal({ principal, action: 'personal.send', resource, code: 'limit_reached' });
      throw new VartaError('limit_reached', 'this case was changed too often; call who runs this service');
    }
    return { caseId, status };
  };

  const read = async (
    principal: Principal,
    { facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId },
    body: ReadPersonalBody,
  ): Promise<z.infer<typeof ReadPersonalReply>> => {
    const { regionId } = facilityOf(facilityId);
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

  const readEarlier = async (
    principal: Principal,
    { facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId },
    body: ReadEarlierBody,
  ): Promise<z.infer<typeof ReadEarlierReply>> => {
    const { regionId } = facilityOf(facilityId);
    const purpose = earlier.purposeFor(principal, { kind: 'facility', regionId, facilityId }, body);
    const place = { regionId, facilityId, caseId };
    const store = storeOrRefuse();
    const present = await store.find(place);
    if (!present) throw new VartaError('no_personal_data');
    const found = await store.findEarlier(place, Math.min(body.before ?? present.version, present.version));
    const items = found.map((stored) => {
      const { version, recordedAt, receivedAt } = stored;
      return { version, data: store.open(place, stored), recordedAt, receivedAt };
    });
    const entry = await audit.append(regionId, {
      actor: toAuditActor(principal),
      action: 'personal.read-earlier',
      resource: `case:${facilityId}/${caseId}`,
      outcome: 'done',
      details: {
        purpose: purpose.id,
        ...(body.note === undefined ? {} : { note: body.note }),
        versions: items.map(({ version }) => version).join(' '),
      },
    });
    const last = items.at(-1)?.version ?? 1;
    return { caseId, items, nextBefore: last > 1 ? last : null, auditSeq: entry.seq };
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
      path: '/api/v1/facilities/:facilityId/cases/:caseId/personal/earlier',
      action: 'personal.read-earlier',
      authentication: 'session',
      summary:
        'What was said before of who a case is about, newest first, for one of the caller’s purposes; on record in the audit before it is answered, and not to be kept',
      params: z.strictObject({ facilityId: FacilityId, caseId: CaseId }),
      body: ReadEarlierBody,
      reply: ReadEarlierReply,
      handle: ({ principal, params, body }) => readEarlier(principal, params, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/custody/cases/:caseId/personal',
      action: 'personal.send',
      authentication: 'facility-key',
      summary:
        'Who a case of the own facility is about, the whole of it each time; kept encrypted, erased some time after the case is closed. What was recorded later stands; what was said before is kept as well, for outside control',
      params: z.strictObject({ caseId: CaseId }),
      body: PutPersonalBody,
      reply: PutPersonalReply,
      handle: ({ principal, params, body }) => put(principal, params.caseId, body),
    }),
  ];
}
