import { randomUUID } from 'node:crypto';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { AreaId, CaseId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { Action } from '../../config/roles/roles.ts';
import type { Principal } from '../access/decide.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditDraft, type AuditLog, toAuditActor, toAuditResource } from '../audit/audit.ts';
import type { ActKind, NoteAct } from '../closures/act-notes.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import { assertStored, type TakeEvents } from './take-events.ts';

/** What acts on areas need of the rest. */
export interface AreaActPorts {
  registry: Pick<Registry, 'area'>;
  take: TakeEvents;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  /** Tells those who answer for it why, for as long as it stands. */
  noteAct: NoteAct;
  now: () => number;
}

/** What every such event has. */
interface Common {
  id: string;
  areaId: AreaId;
  occurredAt: string;
  recordedAt: string;
  recordedBy: string;
}

/** What is to come of it, decided without doing anything. */
export type AreaStep<Found> =
  | ({ ok: true } & Found)
  | { ok: false; code: 'conflict' | 'limit_reached'; message: string };

interface AreaAct<Found extends { untilMs: number | undefined }> {
  /** What the policy is asked about. */
  action: Action;
  step(area: Area, nowMs: number): AreaStep<Found>;
  event(common: Common, until: string | null): CustodyEvent;
  /** How the audit calls it, and what it says beside event and end. */
  entry: { action: string; details: NonNullable<AuditDraft['details']> };
  /** `audit`: on record before it is in force. `event`: in force at once, and written down then. */
  first: 'audit' | 'event';
  /** What is noted of it while it stands. */
  note?: { kind: ActKind; reason: string; caseId?: CaseId } | undefined;
}

/**
 * Somebody does something to an area: it becomes a custody event of its facility, and an entry of the audit.
 *
 * @throws VartaError `unknown_area`, the policy's refusal, the step's, or why the event was not stored.
 */
export async function actOnArea<Found extends { untilMs: number | undefined }>(
  { registry, take, audit, noteAct, now }: AreaActPorts,
  { principal, areaId }: { principal: Principal; areaId: AreaId },
  act: AreaAct<Found>,
): Promise<{ event: string; until: string | null }> {
  const area = registry.area(areaId);
  if (!area) throw new VartaError('unknown_area', `there is no area ${areaId}`);
  const resource = areaResource(area);
  assertMay({ principal, action: act.action, resource }, audit);
  const nowMs = now();
  const step = act.step(area, nowMs);
  if (!step.ok) throw new VartaError(step.code, step.message);

  const at = new Date(nowMs).toISOString();
  const until = step.untilMs === undefined ? null : new Date(step.untilMs).toISOString();
  const actor = toAuditActor(principal);
  const common = { id: randomUUID(), areaId, occurredAt: at, recordedAt: at, recordedBy: actor.id };
  const event = act.event(common, until);
  const { facilityId, regionId } = area;
  const store = async () => {
    const via = { kind: 'person', id: actor.id } as const;
    const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
    assertStored(results);
  };
  if (act.first === 'event') await store();
  await audit.append(regionId, {
    actor,
    action: act.entry.action,
    resource: toAuditResource(resource),
    outcome: 'done',
    details: { event: event.id, until, ...act.entry.details },
  });
  if (act.first === 'audit') await store();
  if (act.note && until !== null) {
    const { kind, ...said } = act.note;
    await noteAct(area, kind, { until, ...said }, nowMs);
  }
  return { event: event.id, until };
}
