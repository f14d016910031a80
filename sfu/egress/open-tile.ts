import type { RtpCapabilities, WebRtcTransport } from 'mediasoup/types';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { Layer } from '#contract/nation.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Carrier } from '../mesh/mesh.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { chooseLayer } from './layers.ts';
import { type Asked, Tile } from './tile.ts';

type GrantedView = ViewGrant['feeds'][number];

interface TileRequest {
  feeds: Pick<Feeds, 'use'>;
  mesh: Carrier;
  worker: MediaWorker;
  transport: WebRtcTransport;
  capabilities: RtpCapabilities;
  asked: Asked;
  /** The grant in force, as the server signed it. */
  proof: string | undefined;
  /** The grant's word on the feed at this moment. @throws VartaError when it has none, or the viewer has ended. */
  granted(): GrantedView;
  /** The tile is gone though nobody asked for that. */
  onLost(tile: Tile, code: ErrorCode): void;
}

/**
 * Opens a consumer of a feed, paused. Nothing is left when it fails.
 *
 * @throws VartaError `grant_not_covering`, `unknown_viewer`, `limit_reached`, why the source ended meanwhile, and what
 * claiming the feed throws; what mediasoup throws.
 */
export async function openTile(request: TileRequest): Promise<Tile> {
  const { feeds, mesh, worker, transport, capabilities, asked, proof, onLost } = request;
  using undo = new DisposableStack();
  const granted = request.granted();
  if (!worker.hasRoom) throw new VartaError('limit_reached', 'This worker has all the viewers it can have');
  let tile: Tile | undefined;
  let ended: ErrorCode | undefined;
  const use = undo.adopt(
    await feeds.use(granted, worker, {
      layer: grantedLayer(granted, asked.layer) ?? asked.layer,
      importance: asked.importance,
      ...(proof === undefined ? {} : { proof }),
      onEnded: (code) => {
        ended = code;
        if (tile) onLost(tile, code);
      },
      onFlow: () => tile?.handleFlow(),
    }),
    (it) => it.release(),
  );
  const branch = undo.adopt(await mesh.branch(use.source, worker), (it) => it.release());
  const { layers } = use.source;
  const preferred = chooseLayer(layers, asked.layer, granted.maxLayer);
  if (preferred === undefined) throw new VartaError('grant_not_covering');
  const consumer = undo.adopt(
    await transport.consume({
      producerId: branch.producerId,
      rtpCapabilities: capabilities,
      paused: true,
      ...(layers.length > 1 ? { preferredLayers: { spatialLayer: layers.indexOf(preferred) } } : {}),
    }),
    (it) => it.close(),
  );
  if (use.layers.preferred !== preferred) use.change({ preferred });
  // The grant, the viewer or the source may have gone while we waited.
  const { maxLayer } = request.granted();
  if (ended) throw new VartaError(ended);
  undo.move();
  tile = new Tile({
    feedId: granted.id,
    consumer,
    use,
    branch,
    asked: asked.layer,
    most: maxLayer,
    release: worker.carry('consumers'),
    onLost,
  });
  return tile;
}

/** The layer that a grant gives who asks for this one; undefined when it gives none. */
export function grantedLayer(granted: GrantedView, asked: Layer): Layer | undefined {
  return chooseLayer(granted.layers, asked, granted.maxLayer);
}
