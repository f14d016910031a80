import type { Response } from 'express';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  type Evidence,
  EvidenceCustody,
  EvidenceExportReady,
  EvidenceFile,
  EvidenceId,
  EvidenceList,
  EvidencePage,
  EvidenceQuery,
  Evidence as EvidenceSchema,
  TakeEvidenceBody,
} from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import { FlagId, type RegionId } from '#contract/ids.ts';
import type { Action } from '../../config/roles/roles.ts';
import { type decide, isInScope, type Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { flagResource } from '../flags/flag.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { draftOf, type EvidenceTaker } from './evidence-taker.ts';
import { feedsOf } from './flag-watch.ts';
import { listEvidence } from './list-evidence.ts';
import { toPackage } from './package.ts';
import type { Vault } from './vault.ts';

/** A player asks for pieces of the same file; one look is one entry of the audit. */
const SAME_LOOK_MS = 60_000;
const MAX_LOOKS = 5_000;

interface RoutesOptions {
  /** Undefined on a site that keeps none. */
  kept: { store: EvidenceStore; vault: Vault; taker: EvidenceTaker; signer: AuditSigner } | undefined;
  flags: { find(id: FlagId, regionIds: readonly RegionId[]): Promise<{ flag: Flag } | undefined> };
  /** Whether the record says by now that nobody might see the area in this time. */
  isCrossed(evidence: Extract<Evidence, { state: 'kept' }>): Promise<boolean>;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

type Person = Extract<Principal, { kind: 'person' }>;
type Kept = Extract<Evidence, { state: 'kept' }>;

const Params = z.strictObject({ evidenceId: EvidenceId });

/** Stills and clips around flags: which there are, taking one, looking at them, and taking them away. */
export function evidenceRoutes(options: RoutesOptions): AnyRoute[] {
  const { kept, flags, isCrossed, registry, audit, now } = options;
  const looks = new Map<string, number>();

  const personOf = (principal: Principal): Person => {
    if (principal.kind !== 'person') throw new VartaError('forbidden');
    return principal;
  };
  const partsOf = () => {
    if (!kept) throw new VartaError('evidence_off');
    return kept;
  };
  const assertAllowed = (principal: Principal, action: Action, resource: Parameters<typeof decide>[2]) => {
    assertMay({ principal, action, resource }, audit);
  };

  const findFlag = async (principal: Principal, action: Action, flagId: FlagId): Promise<Flag> => {
    const person = personOf(principal);
    const found = await flags.find(flagId, registry.regionsWithin(person.scope));
    if (!found) throw new VartaError('unknown_flag');
    assertAllowed(person, action, flagResource(found.flag, registry));
    return found.flag;
  };

  const find = async (principal: Principal, action: Action, id: EvidenceId): Promise<Evidence> => {
    const person = personOf(principal);
    const stored = await partsOf().store.find(id, registry.regionsWithin(person.scope));
    const area = stored && registry.area(stored.evidence.areaId);
    if (!stored || !area) throw new VartaError('unknown_evidence');
    assertAllowed(person, action, areaResource(area));
    return stored.evidence;
  };

  /** One whose pictures may be given out now. */
  const findKept = async (principal: Principal, action: Action, id: EvidenceId): Promise<Kept> => {
    const evidence = await find(principal, action, id);
    if (evidence.state === 'erased') throw new VartaError('evidence_erased');
    if (evidence.state !== 'kept') throw new VartaError('unknown_evidence', 'there are no pictures of it');
    if (evidence.sealedAt !== undefined || (await isCrossed(evidence)))
      throw new VartaError('confidential', 'the record says by now that nobody might see the area then');
    return evidence;
  };

  /** On record before a picture leaves. */
  const noteLook = async (principal: Principal, evidence: Kept, name: string): Promise<void> => {
    const actor = toAuditActor(principal);
    const look = `${actor.id} ${evidence.id} ${name}`;
    const at = now();
    for (const [one, atMs] of looks)
      if (at - atMs >= SAME_LOOK_MS || looks.size > MAX_LOOKS) looks.delete(one);
    if (looks.has(look)) return;
    await partsOf().store.note(
      evidence,
      draftOf('evidence.read', evidence, { actor, details: { file: name } }),
    );
    looks.set(look, at);
  };

  const list = async (principal: Principal, flagId: FlagId): Promise<EvidenceList> => {
    const flag = await findFlag(principal, 'evidence.read', flagId);
    const items = kept ? await kept.store.ofFlag(flag.regionId, flag.id) : [];
    return { items, feeds: feedsOf(flag, registry).map(({ feed }) => feed.id), isKept: kept !== undefined };
  };

  const listAll = (principal: Principal, { facility, ...page }: EvidenceQuery): Promise<EvidencePage> => {
    const { scope } = personOf(principal);
    const { store } = partsOf();
    const regionId = facility === undefined ? undefined : registry.facility(facility)?.regionId;
    if (facility !== undefined && regionId === undefined) throw new VartaError('unknown_facility');
    const mine = registry.regionsWithin(scope);
    return listEvidence((region, untilMs) => store.newestFirst(region, untilMs), {
      ...page,
      regionIds: regionId === undefined ? mine : mine.filter((one) => one === regionId),
      nowMs: now(),
      accepts: (evidence) =>
        isInScope(scope, evidence) && (facility === undefined || evidence.facilityId === facility),
    });
  };

  const take = async (principal: Principal, flagId: FlagId, body: TakeEvidenceBody): Promise<Evidence> => {
    const { taker } = partsOf();
    const flag = await findFlag(principal, 'evidence.take', flagId);
    const placed = feedsOf(flag, registry).find(({ feed }) => feed.id === body.feedId);
    if (!placed) throw new VartaError('unknown_feed', 'the flag’s area has no such feed');
    const actor = toAuditActor(principal);
    const cause = { kind: 'request', by: actor.id, reason: body.reason } as const;
    return taker.take({ id: body.id, placed, flagId: flag.id, cause, actor }).catch((error: unknown) => {
      if (error instanceof VartaError && error.code === 'confidential')
        audit.auditRefusal({
          principal,
          action: 'evidence.take',
          resource: areaResource(placed.area),
          code: 'confidential',
        });
      throw error;
    });
  };

  const give = async (kept: Kept, wanted: EvidenceFile, range: string | undefined, response: Response) => {
    const bytes = await partsOf().vault.get(kept, wanted.sha256);
    response.set({
      'Content-Type': wanted.mediaType,
      'Cache-Control': 'private, no-store',
      'Accept-Ranges': 'bytes',
      ETag: `"${wanted.sha256}"`,
    });
    const piece = rangeOf(range, bytes.length);
    if (piece) {
      response.status(206).set('Content-Range', `bytes ${piece.from}-${piece.to}/${bytes.length}`);
      response.end(bytes.subarray(piece.from, piece.to + 1));
    } else response.set('Content-Length', String(bytes.length)).end(bytes);
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/flags/:flagId/evidence',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'Stills and clips that were taken because of a flag, oldest first; no pictures',
      params: z.strictObject({ flagId: FlagId }),
      reply: EvidenceList,
      handle: ({ principal, params }) => list(principal, params.flagId),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/flags/:flagId/evidence',
      action: 'evidence.take',
      authentication: 'session',
      summary: 'Have a still and a clip of a feed of the flag’s area taken now',
      params: z.strictObject({ flagId: FlagId }),
      body: TakeEvidenceBody,
      reply: EvidenceSchema,
      replyStatus: 202,
      handle: ({ principal, params, body }) => take(principal, params.flagId, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'Stills and clips within the caller’s scope, newest first; no pictures',
      query: EvidenceQuery,
      reply: EvidencePage,
      handle: ({ principal, query }) => listAll(principal, query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'What is known of a still or clip, with its signed manifest; no pictures',
      params: Params,
      reply: EvidenceSchema,
      handle: ({ principal, params }) => find(principal, 'evidence.read', params.evidenceId),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId/files/:name',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'A still or a video; the audit has who saw it before it leaves',
      params: Params.extend({ name: EvidenceFile.shape.name }),
      reply: z.string().meta({ format: 'binary' }),
      replyContentType: 'application/octet-stream',
      handle: async ({ principal, params, request, response }) => {
        const evidence = await findKept(principal, 'evidence.read', params.evidenceId);
        const wanted = evidence.manifest.files.find(({ name }) => name === params.name);
        if (!wanted) throw new VartaError('not_found');
        await noteLook(principal, evidence, wanted.name);
        await give(evidence, wanted, request.headers.range, response);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId/custody',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Everything that was done with a still or clip, as the audit has it',
      params: Params,
      reply: EvidenceCustody,
      handle: async ({ principal, params }) => {
        const evidence = await find(principal, 'audit.read', params.evidenceId);
        return { items: await partsOf().store.custody(evidence) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId/export/ready',
      action: 'evidence.export',
      authentication: 'session',
      summary: 'Whether the caller may export now, or has to prove again who they are first',
      params: Params,
      reply: EvidenceExportReady,
      handle: async ({ principal, params }) => {
        await findKept(principal, 'evidence.export', params.evidenceId);
        return { ready: true as const };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId/export',
      action: 'evidence.export',
      authentication: 'session',
      summary: 'Pictures, signed manifest and audit entries as one ZIP, for the offline verifier',
      params: Params,
      reply: z.string().meta({ format: 'binary' }),
      replyContentType: 'application/zip',
      handle: async ({ principal, params, response }) => {
        const { store, vault, signer } = partsOf();
        const evidence = await findKept(principal, 'evidence.export', params.evidenceId);
        const { manifest } = evidence;
        const draft = draftOf('evidence.export', evidence, {
          actor: toAuditActor(principal),
          details: { manifest: manifest.hash },
        });
        // Before anything leaves, and so that the package says who has it.
        await store.note(evidence, draft);
        const files = new Map<string, Uint8Array>();
        for (const { name, sha256 } of manifest.files) files.set(name, await vault.get(evidence, sha256));
        const zip = toPackage({
          ...{ files, manifest, signer },
          entries: await store.custody(evidence),
          atMs: now(),
        });
        response.set({
          'Content-Type': 'application/zip',
          'Cache-Control': 'private, no-store',
          'Content-Disposition': `attachment; filename="varta-evidence-${evidence.id}.zip"`,
          'Content-Length': String(zip.length),
        });
        response.end(zip);
        return undefined;
      },
    }),
  ];
}

/** One range of bytes (RFC 9110, 14.1.2); undefined for everything, also where the header is none that we serve. */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const isSuffix = match[1] === '';
  const from = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = isSuffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return from <= to ? { from, to } : undefined;
}
