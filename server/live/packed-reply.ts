import type { Request, Response } from 'express';
import type { RegionId } from '#contract/ids.ts';
import { PACKED_FORMAT, packRegion } from '#contract/packed/snapshot.ts';
import type { Registry } from '../nation/registry.ts';
import { type GzipPiece, joinGzip, joinText, toGzipPiece } from './gzip-pieces.ts';
import type { LiveView } from './live.ts';
import { narrow, type Sight } from './sight.ts';

interface Options {
  view: Pick<LiveView, 'snapshot' | 'seq'>;
  registry: Registry;
}

/**
 * Makes the packed snapshots that pages begin with. Of a region that is seen whole the piece is packed and compressed once
 * for each of its states, whoever asks, however many ask at once: a replica that comes back has all its pages ask.
 */
export function createPackedSnapshots({ view, registry }: Options) {
  /** At most one a region. */
  const kept = new Map<RegionId, { seq: number; piece: GzipPiece }>();

  function pieceOf(regionId: RegionId, sight: Sight): GzipPiece {
    if (sight.status !== 'all' || sight.flags !== 'all' || sight.withoutNotes)
      return toGzipPiece(JSON.stringify(packRegion(narrow(view.snapshot(regionId), sight, registry))));
    const seq = view.seq(regionId);
    const known = kept.get(regionId);
    if (known?.seq === seq) return known.piece;
    const piece = toGzipPiece(JSON.stringify(packRegion(view.snapshot(regionId))));
    kept.set(regionId, { seq, piece });
    return piece;
  }

  return (sights: ReadonlyMap<RegionId, Sight>, atMs: number): GzipPiece[] => {
    const at = new Date(atMs).toISOString();
    const pieces = [toGzipPiece(`{"format":${PACKED_FORMAT},"at":${JSON.stringify(at)},"regions":[`)];
    for (const [regionId, sight] of sights) {
      if (pieces.length > 1) pieces.push(toGzipPiece(','));
      pieces.push(pieceOf(regionId, sight));
    }
    pieces.push(toGzipPiece(']}'));
    return pieces;
  };
}

/** Answers with pieces: as gzip to whoever takes it, which is every browser. */
export async function sendPieces(
  { request, response }: { request: Request; response: Response },
  pieces: readonly GzipPiece[],
): Promise<void> {
  response.type('application/json').vary('Accept-Encoding');
  if (!response.hasHeader('Cache-Control')) response.set('Cache-Control', 'no-store');
  const takesGzip = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
  if (takesGzip) response.set('Content-Encoding', 'gzip');
  response.end(takesGzip ? await joinGzip(pieces) : joinText(pieces));
}
