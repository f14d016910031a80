import type { Request, Response } from 'express';
import type { RegionId } from '#contract/ids.ts';
import { FORMER_FORMAT, PACKED_FORMAT, packFormerRegion, packRegion } from '#contract/packed/snapshot.ts';
import type { Registry } from '../nation/registry.ts';
import { type GzipPiece, joinGzip, joinText, toGzipPiece } from './gzip-pieces.ts';
import type { LiveView } from './live.ts';
import { narrow, type Sight, sightsKey } from './sight.ts';

interface Options {
  view: Pick<LiveView, 'snapshot' | 'seq'>;
  registry: Registry;
}

const PACK = { [PACKED_FORMAT]: packRegion, [FORMER_FORMAT]: packFormerRegion };
/** Of a packed snapshot. */
export type Format = keyof typeof PACK;

/** Pieces that are kept: those of all regions for people, for displays, and for some who see a part. */
const MAX_KEPT = 300;

/**
 * Makes the packed snapshots that pages begin with. For all who see the same of a region, the piece is packed and
 * compressed once for each of its states, however many ask at once: a replica that comes back has all its pages ask.
 */
export function createPackedSnapshots({ view, registry }: Options) {
  /** By what is seen of which region; whose turn was longest ago goes first. */
  const kept = new Map<string, { seq: number; piece: GzipPiece }>();

  function pieceOf(regionId: RegionId, sight: Sight, format: Format): GzipPiece {
    const key = `${format} ${sightsKey(new Map([[regionId, sight]]))}`;
    const seq = view.seq(regionId);
    const known = kept.get(key);
    kept.delete(key);
    const piece =
      known?.seq === seq
        ? known.piece
        : toGzipPiece(JSON.stringify(PACK[format](narrow(view.snapshot(regionId), sight, registry))));
    kept.set(key, { seq, piece });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return piece;
  }

  return (sights: ReadonlyMap<RegionId, Sight>, atMs: number, format: Format): GzipPiece[] => {
    const at = new Date(atMs).toISOString();
    const pieces = [toGzipPiece(`{"format":${format},"at":${JSON.stringify(at)},"regions":[`)];
    for (const [regionId, sight] of sights) {
      if (pieces.length > 1) pieces.push(toGzipPiece(','));
      pieces.push(pieceOf(regionId, sight, format));
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
