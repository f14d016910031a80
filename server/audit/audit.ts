import type { AuditActor, AuditChain, AuditEntry } from '#contract/audit.ts';
import type { ErrorCode } from '#contract/errors.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Principal, Resource } from '../access/decide.ts';
import type { Attack } from './attack-book.ts';

/** What somebody did, before it has a place in a chain. */
export interface AuditDraft {
  actor: AuditActor;
  action: string;
  resource: string;
  outcome: 'done' | 'refused';
  details?: AuditEntry['details'];
}

/** An entry that fits the head of its chain as last known, ready to be appended by somebody's own script. */
export interface PreparedEntry {
  entry: AuditEntry;
  /** Keys of the chain's stream and head, as `AUDIT_LUA` takes them. */
  keys: readonly [stream: string, head: string];
  /** Expected head, new head, stream id, and the entry as JSON, as `AUDIT_LUA` takes them. */
  args: readonly [expectedHead: string, newHead: string, streamId: string, json: string];
}

/**
 * What a script that appends a prepared entry did: it found another head (and wrote nothing), or it ran, and appended
 * the entry or had reasons of its own not to.
 */
export type CommitResult<T> = { headMoved: string } | { result: T; appended: boolean };

/** The tamper-evident record of what people did. Entries are durable when a promise of these methods is fulfilled. */
export interface AuditLog {
  /** Appends an entry of its own. Entries of one chain that come together are written together. */
  append(chain: AuditChain, draft: AuditDraft): Promise<AuditEntry>;
  /**
   * Appends an entry within the caller's script, so that a change and its entry exist together or not at all. `commit`
   * is called again with a fitting entry for as long as it reports that the head has moved. Calls for one chain follow
   * one another.
   */
  withEntry<T>(
    chain: AuditChain,
    draft: AuditDraft,
    commit: (prepared: PreparedEntry) => Promise<CommitResult<T>>,
  ): Promise<T>;
  /**
   * Records that the policy refused something. Returns at once; what an actor is refused beyond a rate is counted and
   * told with that actor's next entry, so that nobody can flood the audit.
   */
  auditRefusal(refusal: Refused): void;
}

/** The part of the record that attacks stand in. */
export interface Attacks {
  /**
   * Records something that nobody does by mistake, and that was refused. Returns at once; of one source and kind there is
   * one entry a minute, which says how many there were.
   */
  auditAttack(attack: Attack): void;
}

/** A refusal of the policy. */
export interface Refused {
  principal: Principal;
  action: string;
  resource: Resource;
  code: ErrorCode;
}

/** A principal as the audit names it. */
export function toAuditActor(principal: Principal): AuditActor {
  switch (principal.kind) {
    case 'person':
      return { kind: 'person', id: principal.username };
    case 'facility':
      return { kind: 'facility', id: principal.facilityId };
    case 'display':
      return { kind: 'display', id: principal.displayId };
    case 'intake':
      return { kind: 'intake', id: principal.keyId };
    case 'anonymous':
      return { kind: 'anonymous', id: 'anonymous' };
  }
}

/** The chain that a resource's entries belong to. */
export function chainOf(resource: Resource): RegionId | 'nation' {
  return resource.kind === 'any' ? 'nation' : resource.regionId;
}

/** A resource as the audit names it, such as `area:ua-68-itt-2-cell-4`. */
export function toAuditResource(resource: Resource): string {
  switch (resource.kind) {
    case 'any':
      return 'any';
    case 'region':
      return `region:${resource.regionId}`;
    case 'facility':
      return `facility:${resource.facilityId}`;
    case 'area':
      return `area:${resource.areaId}`;
  }
}
