import { z } from 'zod';
import {
  Complaint,
  ComplaintId,
  ComplaintPage,
  ComplaintQuery,
  ComplaintStepBody,
  ComplaintWords,
  ReadComplaintBody,
  TakeComplaintBody,
} from '#contract/complaints.ts';
import { VartaError } from '#contract/errors.ts';
import type { RegionId } from '#contract/ids.ts';
import { purposesFor } from '../../config/purposes/purposes.ts';
import type { Action } from '../../config/roles/roles.ts';
import { decide, type Principal, type Resource } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../audit/audit.ts';
import { parseCursor } from '../flags/list-flags.ts';
import type { Registry } from '../nation/registry.ts';
import { stepComplaint } from './complaint.ts';
import type { ComplaintStore } from './complaint-store.ts';
import { listComplaints } from './list-complaints.ts';
import type { TakeComplaint } from './taking.ts';

const ComplaintParams = z.strictObject({ complaintId: ComplaintId });

interface RoutesOptions {
  /** Throws `personal_key_missing` without a key for personal data. */
  store(): ComplaintStore;
  take: TakeComplaint;
  /** Throws, and puts it on record, what the policy refuses. */
  assertAllowed(principal: Principal, action: Action, resource: Resource): void;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** Taking complaints of citizens, answering them, and reading what was said. */
export function complaintRoutes(options: RoutesOptions): AnyRoute[] {
  const { store, take, assertAllowed, registry, audit, now } = options;
  const allRegions = registry.nation.regions.map(({ id }) => id);
  const placeOf = ({ regionId, facilityId }: Complaint): Resource => ({
    kind: 'facility',
    regionId,
    facilityId,
  });

  const find = async (principal: Principal, id: ComplaintId, action: Action): Promise<Complaint> => {
    const found = await store().find(id, allRegions);
    if (!found) throw new VartaError('not_found', 'there is no such complaint');
    assertAllowed(principal, action, placeOf(found));
    return found;
  };

  const step = async (principal: Principal, id: ComplaintId, body: ComplaintStepBody): Promise<Complaint> => {
    const before = await find(principal, id, 'complaint.answer');
    const lastNote =
      before.history.at(-1)?.noted &&
      (await store().words(before))?.notes.find(({ version }) => version === before.version)?.text;
    const result = stepComplaint(before, body, { by: toAuditActor(principal).id, atMs: now(), lastNote });
    if (!result.ok) {
      const issues = result.field ? { issues: [{ path: [result.field], message: result.message }] } : {};
      throw new VartaError(result.code, result.message, issues);
    }
    if (result.repeated) return result.complaint;
    const draft: AuditDraft = {
      actor: toAuditActor(principal),
      action: 'complaint.answer',
      resource: `facility:${before.facilityId}`,
      outcome: 'done',
      details: { complaint: id, to: body.to, ...(body.outcome ? { outcome: body.outcome } : {}) },
    };
    const changed = await store().change(before, result.complaint, draft, body.note);
    if (!changed) throw new VartaError('conflict');
    return result.complaint;
  };

  const read = async (
    principal: Principal,
    id: ComplaintId,
    body: z.infer<typeof ReadComplaintBody>,
  ): Promise<ComplaintWords> => {
    const complaint = await find(principal, id, 'complaint.read');
    assertAllowed(principal, 'personal.read', placeOf(complaint));
    const purposes = principal.kind === 'person' ? purposesFor(principal.role, now()) : [];
    const purpose = purposes.find((one) => one.id === body.purpose);
    if (!purpose) throw new VartaError('purpose_refused', `${body.purpose} is no purpose of this role`);
    if (purpose.needsNote && body.note === undefined) {
      const issues = [{ path: ['note'], message: 'this purpose needs a note' }];
      throw new VartaError('invalid', 'note: this purpose needs a note', { issues });
    }
    const words = await store().words(complaint);
    if (!words) throw new VartaError('no_personal_data');
    const { seq } = await audit.append(complaint.regionId, {
      actor: toAuditActor(principal),
      action: 'personal.read',
      resource: `facility:${complaint.facilityId}`,
      outcome: 'done',
      details: { complaint: id, purpose: purpose.id, ...(body.note ? { note: body.note } : {}) },
    });
    return { id, text: words.text, contact: words.contact, notes: [...words.notes], auditSeq: seq };
  };

  const list = async (principal: Principal, query: ComplaintQuery): Promise<ComplaintPage> => {
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (query.cursor !== undefined && !after)
      throw new VartaError('invalid', 'cursor: not a cursor of this list', {
        issues: [{ path: ['cursor'], message: 'not a cursor of this list' }],
      });
    const mine = principal.kind === 'person' ? registry.regionsWithin(principal.scope) : [];
    const regionIds = mine.filter((id: RegionId) => query.region === undefined || id === query.region);
    return listComplaints(store(), {
      regionIds,
      limit: query.limit,
      after,
      nowMs: now(),
      accepts: (one) =>
        (query.facility === undefined || one.facilityId === query.facility) &&
        (query.state === undefined || one.state === query.state) &&
        decide(principal, 'complaint.read', placeOf(one)).allow,
    });
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/complaints',
      action: 'complaint.take',
      authentication: 'session',
      summary:
        'Take a complaint of a citizen; it raises a flag on the facility. The same request again takes no second one',
      body: TakeComplaintBody,
      reply: Complaint,
      replyStatus: 201,
      handle: ({ principal, body }) => take(principal, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/complaints',
      action: 'complaint.read',
      authentication: 'session',
      summary: 'Complaints within the caller’s scope, newest first, without what was said',
      query: ComplaintQuery,
      reply: ComplaintPage,
      handle: ({ principal, query }) => list(principal, query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/complaints/:complaintId',
      action: 'complaint.read',
      authentication: 'session',
      summary: 'One complaint, without what was said',
      params: ComplaintParams,
      reply: Complaint,
      handle: ({ principal, params }) => find(principal, params.complaintId, 'complaint.read'),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/complaints/:complaintId/transitions',
      action: 'complaint.answer',
      authentication: 'session',
      summary: 'Take a complaint into review, or answer it',
      params: ComplaintParams,
      body: ComplaintStepBody,
      reply: Complaint,
      handle: ({ principal, params, body }) => step(principal, params.complaintId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/complaints/:complaintId/personal',
      action: 'complaint.read',
      authentication: 'session',
      summary: 'What was said, what was noted, and how to reach the person, for a purpose; audited',
      params: ComplaintParams,
      body: ReadComplaintBody,
      reply: ComplaintWords,
      handle: ({ principal, params, body }) => read(principal, params.complaintId, body),
    }),
  ];
}
