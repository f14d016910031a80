import type { z } from 'zod';
import type { DisplayId, DisplayPlacing, DisplayView, EnrolBody } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { Person } from '../../access/account.ts';
import { covers } from '../../access/scopes.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import { type DisplayChanges, toView } from './display-changes.ts';
import type { Limiter } from './display-routes.ts';
import type { DisplayRecord, DisplayStore } from './display-store.ts';
import type { DisplayNews } from './news.ts';

/** Displays that live at once. */
const MAX_DISPLAYS = 500;

interface DisplayManagementOptions {
  store: DisplayStore;
  changes: DisplayChanges;
  registry: Registry;
  audit: AuditLog;
  /** Wrong codes that one person types. */
  guesses: Limiter;
  publish: DisplayNews;
  now: () => number;
}

export interface DisplayManagement {
  enrol(person: Person, body: z.infer<typeof EnrolBody>): Promise<DisplayView>;
  placeAnew(person: Person, id: DisplayId, placing: DisplayPlacing): Promise<DisplayView>;
  revoke(person: Person, id: DisplayId, reason: string): Promise<void>;
}

/** Which screens are displays, and where they stand. */
export function displayManagement({
  store,
  changes,
  registry,
  audit,
  guesses,
  publish,
  now,
}: DisplayManagementOptions): DisplayManagement {
  const toInstant = (ms: number) => new Date(ms).toISOString();

  const enrol = async (person: Person, body: z.infer<typeof EnrolBody>): Promise<DisplayView> => {
    const scope = body.scope ?? person.scope;
    if (!covers(person.scope, scope, registry)) {
      audit.auditRefusal({
        principal: person,
        action: 'display.manage',
        resource: { kind: 'any' },
        code: 'forbidden',
      });
      throw new VartaError('forbidden', 'a display may see no more than who enrols it');
    }
    const living = (await store.all()).filter(({ revoked }) => !revoked);
    if (living.length >= MAX_DISPLAYS)
      throw new VartaError('limit_reached', `at most ${MAX_DISPLAYS} displays`);
    const limit = await guesses.take(person.username);
    if (limit) throw new VartaError('rate_limited');
    const pairing = await store.take(body.code);
    if (!pairing) throw new VartaError('not_found', 'no screen shows this code now');
    const at = toInstant(now());
    const { name, place, diagonalInches, distanceM, spot } = body;
    const record: DisplayRecord = {
      id: pairing.displayId,
      name,
      place,
      diagonalInches,
      distanceM,
      spot,
      scope,
      enrolledBy: person.username,
      enrolledAt: at,
      version: 1,
      show: null,
      revoked: null,
    };
    const draft: AuditDraft = {
      actor: toAuditActor(person),
      action: 'display.enrol',
      resource: `display:${record.id}`,
      outcome: 'done',
      details: { name, place, scope: JSON.stringify(scope).slice(0, 1000) },
    };
    const key = { digest: pairing.digest, before: null, since: at };
    if (!(await store.change([{ before: undefined, after: record }], draft, key)))
      throw new VartaError('conflict');
    return toView(record);
  };

  /** A change of one display, of which the others of its wall hear. */
  const change = async (
    person: Person,
    id: DisplayId,
    edit: Parameters<DisplayChanges['change']>[2],
  ): Promise<{ after: DisplayRecord; others: readonly DisplayId[] }> => {
    const { record } = await changes.find(person, id, edit.action);
    const parts = await changes.partsWith(record);
    const [after] = await changes.change(person, [id], edit);
    if (!after) throw new VartaError('internal', 'one display was changed, and is not there');
    return { after, others: parts.map((part) => part.id).filter((other) => other !== id) };
  };

  const placeAnew = async (person: Person, id: DisplayId, placing: DisplayPlacing): Promise<DisplayView> => {
    const { after, others } = await change(person, id, {
      action: 'display.place',
      next: (record) => ({ ...record, ...placing }),
      details: () => ({ name: placing.name, place: placing.place, spot: placing.spot }),
    });
    await Promise.all([id, ...others].map((one) => publish(one, 'changed')));
    return toView(after);
  };

  const revoke = async (person: Person, id: DisplayId, reason: string): Promise<void> => {
    const { others } = await change(person, id, {
      action: 'display.revoke',
      next: (record) => ({
        ...record,
        show: null,
        revoked: { by: person.username, at: toInstant(now()), reason },
      }),
      details: () => ({ reason }),
    });
    await publish(id, 'revoked');
    await Promise.all(others.map((other) => publish(other, 'changed')));
    await store.forgetHealth(id);
  };

  return { enrol, placeAnew, revoke };
}
