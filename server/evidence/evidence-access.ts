import { VartaError } from '#contract/errors.ts';
import type { Evidence, EvidenceId } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Action } from '../../config/roles/roles.ts';
import { actionsOf, type Principal } from '../access/decide.ts';
import { assertMay } from '../audit/assert-may.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { flagResource } from '../flags/flag.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { EvidenceTaker } from './evidence-taker.ts';
import type { Vault } from './vault.ts';

export type KeptEvidence = Extract<Evidence, { state: 'kept' }>;
type Person = Extract<Principal, { kind: 'person' }>;

export interface EvidenceParts {
  store: EvidenceStore;
  vault: Vault;
  taker: EvidenceTaker;
  signer: AuditSigner;
}

export interface AccessOptions {
  /** Undefined on a site that keeps none. */
  kept: EvidenceParts | undefined;
  flags: { find(id: FlagId, regionIds: readonly RegionId[]): Promise<{ flag: Flag } | undefined> };
  /** Whether the record says by now that nobody might see the area in this time. */
  isCrossed(evidence: KeptEvidence): Promise<boolean>;
  registry: Registry;
  audit: AuditLog;
}

/**
 * Whether somebody may know of a still or clip at all: what outside control has asked for, only outside control, so that
 * nobody whom it controls learns what it looks at.
 */
export function mayKnowOf(principal: Principal, { cause }: Pick<Evidence, 'cause'>): boolean {
  return cause.kind !== 'control' || isOutsideControl(principal);
}

/** Those who read the audit are outside control, and nobody else is. */
export function isOutsideControl(principal: Principal): boolean {
  return actionsOf(principal).includes('audit.read');
}

/** What of evidence a caller may have: everything that is given out is found here. */
export class EvidenceAccess {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** @throws VartaError `evidence_off` on a site that keeps none. */
  get parts(): EvidenceParts {
    const { kept } = this.#options;
    if (!kept) throw new VartaError('evidence_off');
    return kept;
  }

  /** @throws VartaError `forbidden` unless it is a person. */
  personOf(principal: Principal): Person {
    if (principal.kind !== 'person') throw new VartaError('forbidden');
    return principal;
  }

  /** A flag within the caller’s scope. @throws VartaError `unknown_flag`, and what the policy says. */
  async findFlag(principal: Principal, action: Action, flagId: FlagId): Promise<Flag> {
    const { flags, registry, audit } = this.#options;
    const person = this.personOf(principal);
    const found = await flags.find(flagId, registry.regionsWithin(person.scope));
    if (!found) throw new VartaError('unknown_flag');
    assertMay({ principal: person, action, resource: flagResource(found.flag, registry) }, audit);
    return found.flag;
  }

  /** @throws VartaError `unknown_evidence`, `evidence_off`, and what the policy says. */
  async find(principal: Principal, action: Action, id: EvidenceId): Promise<Evidence> {
    const { registry, audit } = this.#options;
    const person = this.personOf(principal);
    const stored = await this.parts.store.find(id, registry.regionsWithin(person.scope));
    const area = stored && registry.area(stored.evidence.areaId);
    if (!stored || !area || !mayKnowOf(person, stored.evidence)) throw new VartaError('unknown_evidence');
    assertMay({ principal: person, action, resource: areaResource(area) }, audit);
    return stored.evidence;
  }

  /** One whose pictures may be given out now. @throws VartaError as `find`; `evidence_erased`, `confidential`. */
  async findKept(principal: Principal, action: Action, id: EvidenceId): Promise<KeptEvidence> {
    const evidence = await this.find(principal, action, id);
    if (evidence.state === 'erased') throw new VartaError('evidence_erased');
    if (evidence.state !== 'kept') throw new VartaError('unknown_evidence', 'there are no pictures of it');
    if (evidence.sealedAt !== undefined || (await this.#options.isCrossed(evidence)))
      throw new VartaError('confidential', 'the record says by now that nobody might see the area then');
    return evidence;
  }
}
