import { z } from 'zod';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import { FacilityId } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';
import { RecordEventsBody } from '#contract/recording.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import { checkRecorded } from './check-recorded.ts';
import type { TakeEvents } from './take-events.ts';

interface RecordingOptions {
  take: TakeEvents;
  registry: Registry;
  audit: AuditLog;
}

/** Takes events that a person writes down. */
export function recordingRoutes({ take, registry, audit }: RecordingOptions): AnyRoute[] {
  const facilityFor = (principal: Principal, facilityId: FacilityId): Facility => {
    const facility = registry.facility(facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
    const resource = { kind: 'facility', regionId: facility.regionId, facilityId } as const;
    assertMay({ principal, action: 'custody.record', resource }, audit);
    return facility;
  };

  const record = async (principal: Principal, facilityId: FacilityId, elements: readonly unknown[]) => {
    const { regionId } = facilityFor(principal, facilityId);
    const via = { kind: 'person', id: toAuditActor(principal).id } as const;
    const { results } = await take({ regionId, facilityId, via }, elements, (element, nowMs) =>
      checkRecorded(element, { principal, facilityId, action: 'custody.record', registry, nowMs }),
    );
    const count = (status: (typeof results)[number]['status']) =>
      results.filter((result) => result.status === status).length;
    // The events say themselves who recorded them; the audit says that somebody with this account sent them, and when.
    await audit.append(regionId, {
      actor: toAuditActor(principal),
      action: 'custody.record',
      resource: `facility:${facilityId}`,
      outcome: 'done',
      details: {
        accepted: count('accepted'),
        duplicate: count('duplicate'),
        rejected: count('rejected'),
        first: results.find(({ status }) => status !== 'rejected')?.id ?? null,
      },
    });
    return { results };
  };

  /** What waited on a shared device goes under the name of who wrote it, or not at all. */
  const assertSameAccount = (principal: Principal, account: string | undefined) => {
    const present = principal.kind === 'person' ? principal.username : undefined;
    if (account !== undefined && account !== present)
      throw new VartaError('precondition_failed', 'these were written by somebody else');
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/facilities/:facilityId/custody/events',
      action: 'custody.record',
      authentication: 'session',
      summary:
        'Custody events as a person records them, all types; `recordedBy` becomes the user name. The same id again is a duplicate, so that what waited for a network may be sent until it is answered',
      params: z.strictObject({ facilityId: FacilityId }),
      body: RecordEventsBody,
      reply: CustodyEventsReply,
      handle: ({ principal, params, body }) => {
        assertSameAccount(principal, body.account);
        return record(principal, params.facilityId, body.events);
      },
    }),
  ];
}
