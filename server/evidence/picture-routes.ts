import type { Response } from 'express';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { EvidenceExportReady, EvidenceFile, EvidenceId } from '#contract/evidence.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { toAuditActor } from '../audit/audit.ts';
import { rangeOf } from './byte-range.ts';
import { type AccessOptions, EvidenceAccess, type KeptEvidence } from './evidence-access.ts';
import { draftOf } from './evidence-drafts.ts';
import { toPackage } from './package.ts';
import { ReadRoom } from './read-room.ts';
import { loadVerifier } from './verifier-file.ts';

/** A player asks for pieces of the same file; one look is one entry of the audit. */
const SAME_LOOK_MS = 60_000;
const MAX_LOOKS = 5_000;
/** A picture is in memory encrypted and opened, and in a package once more. */
const COPIES = { file: 2, package: 3 } as const;

const Params = z.strictObject({ evidenceId: EvidenceId });

/** The pictures themselves: looking at them, and taking them away. */
export function evidencePictureRoutes({
  now,
  ...options
}: AccessOptions & { now: () => number }): AnyRoute[] {
  const access = new EvidenceAccess(options);
  const room = new ReadRoom();
  const looks = new Map<string, number>();

  /** On record before a picture leaves. */
  const noteLook = async (principal: Principal, evidence: KeptEvidence, name: string): Promise<void> => {
    const actor = toAuditActor(principal);
    const look = `${actor.id} ${evidence.id} ${name}`;
    const at = now();
    for (const [one, atMs] of looks)
      if (at - atMs >= SAME_LOOK_MS || looks.size > MAX_LOOKS) looks.delete(one);
    if (looks.has(look)) return;
    await access.parts.store.note(
      evidence,
      draftOf('evidence.read', evidence, { actor, details: { file: name } }),
    );
    looks.set(look, at);
  };

  const give = async (
    evidence: KeptEvidence,
    wanted: EvidenceFile,
    range: string | undefined,
    response: Response,
  ) => {
    const bytes = await access.parts.vault.get(evidence, wanted.sha256);
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
      path: '/api/v1/evidence/:evidenceId/files/:name',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'A still or a video; the audit has who saw it before it leaves',
      params: Params.extend({ name: EvidenceFile.shape.name }),
      reply: z.string().meta({ format: 'binary' }),
      replyContentType: 'application/octet-stream',
      handle: async ({ principal, params, request, response }) => {
        const evidence = await access.findKept(principal, 'evidence.read', params.evidenceId);
        const wanted = evidence.manifest.files.find(({ name }) => name === params.name);
        if (!wanted) throw new VartaError('not_found');
        room.take(COPIES.file * wanted.bytes, response);
        await noteLook(principal, evidence, wanted.name);
        await give(evidence, wanted, request.headers.range, response);
        return undefined;
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
        await access.findKept(principal, 'evidence.export', params.evidenceId);
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
        const { store, vault, signer } = access.parts;
        const evidence = await access.findKept(principal, 'evidence.export', params.evidenceId);
        const { manifest } = evidence;
        const draft = draftOf('evidence.export', evidence, {
          actor: toAuditActor(principal),
          details: { manifest: manifest.hash },
        });
        room.take(COPIES.package * manifest.files.reduce((sum, { bytes }) => sum + bytes, 0), response);
        // Before anything leaves, and so that the package says who has it.
        await store.note(evidence, draft);
        const files = new Map<string, Uint8Array>();
        for (const { name, sha256 } of manifest.files) files.set(name, await vault.get(evidence, sha256));
        const zip = toPackage({
          ...{ files, manifest, signer },
          verifier: await loadVerifier(),
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
