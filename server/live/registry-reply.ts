import { createHash } from 'node:crypto';
import type { LimitInfo, LiveRegistry } from '#contract/live.ts';
import { packRegistry } from '#contract/packed/registry.ts';
import { decide, type Principal } from '../access/decide.ts';
import type { Registry } from '../nation/registry.ts';
import { type GzipPiece, toGzipPiece } from './gzip-pieces.ts';

/** All that a server knows of its nation. */
export interface KnownRegistry {
  registry: Registry;
  limits: readonly LimitInfo[];
  /** See {@link registryVersion}. */
  version: string;
}

/** What a server knows, named by its content, so that replicas that know the same agree. Of the whole nation: make it once. */
export function registryVersion({ nation }: Pick<Registry, 'nation'>, limits: readonly LimitInfo[]): string {
  const known = JSON.stringify([nation, limits]);
  return createHash('sha256').update(known).digest('base64url');
}

/** The part of the registry that a principal may know of. */
export function registryFor(
  principal: Principal,
  { registry, limits, version }: KnownRegistry,
): LiveRegistry {
  const { id, name, sample, timeZone, regions, facilities, areas } = registry.nation;
  const knownFacilities = facilities.filter(
    (facility) =>
      decide(principal, 'registry.read', {
        kind: 'facility',
        regionId: facility.regionId,
        facilityId: facility.id,
      }).allow,
  );
  const facilityIds = new Set(knownFacilities.map((facility) => facility.id));
  const regionIds = new Set(knownFacilities.map((facility) => facility.regionId));
  return {
    version,
    nation: { id, name, sample, timeZone },
    // A region without a facility is known to those whose scope it is: the wall says that there is no data.
    regions: regions.filter(
      (region) =>
        regionIds.has(region.id) ||
        decide(principal, 'registry.read', { kind: 'region', regionId: region.id }).allow,
    ),
    facilities: knownFacilities,
    areas: areas.filter((area) => facilityIds.has(area.facilityId)),
    limits: [...limits],
  };
}

/** A reply in one form, with its validator (RFC 9110, strong). */
export interface RegistryReply {
  etag: string;
  plain: string;
  /** The one to send, if it was asked for in columns. */
  packed: GzipPiece | undefined;
}

/** Replies that are kept: one a scope and form, and there are as many scopes as regions, and a few. */
const MAX_KEPT = 100;

/** Makes registry replies, and keeps them by scope: neither registry nor limits change while the process lives. */
export function createRegistryReplies(all: KnownRegistry) {
  const kept = new Map<string, RegistryReply>();
  return (principal: Principal, form: 'plain' | 'packed'): RegistryReply => {
    const scope = principal.kind === 'person' ? [principal.role, principal.scope] : principal;
    const key = JSON.stringify([form, scope]);
    const before = kept.get(key);
    if (before) return before;
    const known = registryFor(principal, all);
    const json = JSON.stringify(form === 'packed' ? packRegistry(known) : known);
    const etag = `"${createHash('sha256').update(json).digest('base64url')}"`;
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    const reply =
      form === 'packed'
        ? { etag, plain: '', packed: toGzipPiece(json) }
        : { etag, plain: json, packed: undefined };
    kept.set(key, reply);
    return reply;
  };
}

/** Whether an `If-None-Match` header names the validator. */
export function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  // Weak comparison: compression on the way may have weakened the validator.
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
