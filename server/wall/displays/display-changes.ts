import type { DisplayId, DisplayView } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { Person } from '../../access/account.ts';
import { covers } from '../../access/scopes.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import type { DisplayRecord, DisplayStore, StoredDisplay } from './display-store.ts';

/** Attempts at a change that others keep overtaking. */
const MAX_ATTEMPTS = 8;

export interface DisplayEdit {
  action: string;
  /** The version is counted on by itself. What it throws, nothing is written. */
  next(record: DisplayRecord): DisplayRecord;
  /** What the audit says of it, besides the displays. */
  details(after: readonly DisplayRecord[]): NonNullable<AuditDraft['details']>;
}

interface DisplayChangesOptions {
  store: DisplayStore;
  registry: Registry;
  audit: AuditLog;
}

/** What a person does to displays that are there: each within the person's scope, several of them together or none. */
export class DisplayChanges {
  readonly #options: DisplayChangesOptions;

  constructor(options: DisplayChangesOptions) {
    this.#options = options;
  }

  /** A living display that lies wholly in the caller's scope: nobody takes over a wall that shows more than they may see. */
  async find(person: Person, id: DisplayId, action: string): Promise<StoredDisplay> {
    const { store, registry, audit } = this.#options;
    const stored = await store.find(id);
    if (!stored || stored.record.revoked) throw new VartaError('not_found', 'there is no such display');
    if (covers(person.scope, stored.record.scope, registry)) return stored;
    audit.auditRefusal({ principal: person, action, resource: { kind: 'any' }, code: 'forbidden' });
    throw new VartaError('forbidden', 'the display is outside the scope');
  }

  /**
   * Those that show parts of the same picture as this one, itself among them, in the same order for all of them; itself alone
   * where it shows a whole one.
   */
  async partsWith({ id, show }: DisplayRecord): Promise<DisplayRecord[]> {
    const found = await this.#options.store.findMany(show?.part?.displayIds ?? [id]);
    return found.filter((one) => one.id === id || isSamePart(one, show?.part?.showId));
  }

  /** Changes displays as they are, all in one write, again for as long as somebody else was faster. At least one. */
  async change(person: Person, ids: readonly DisplayId[], edit: DisplayEdit): Promise<DisplayRecord[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await Promise.all(ids.map((id) => this.find(person, id, edit.action)));
      const changes = stored.map((before) => ({
        before,
        after: { ...edit.next(before.record), version: before.record.version + 1 },
      }));
      const after = changes.map((change) => change.after);
      const draft: AuditDraft = {
        actor: toAuditActor(person),
        action: edit.action,
        resource: `display:${ids[0]}`,
        outcome: 'done',
        details: { ...edit.details(after), ...(ids.length > 1 ? { displays: ids.join(' ') } : {}) },
      };
      if (await this.#options.store.change(changes, draft)) return after;
    }
    throw new VartaError('conflict');
  }
}

function isSamePart({ revoked, show }: DisplayRecord, showId: string | undefined): boolean {
  return revoked === null && showId !== undefined && show?.part?.showId === showId;
}

/** A display as the console sees it, of whose health nothing is known. */
export function toView({ revoked: _revoked, ...record }: DisplayRecord): DisplayView {
  return { ...record, health: null };
}
