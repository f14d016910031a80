import type { Viewers } from '../egress/viewers.ts';
import type { Players } from '../egress/whep/players.ts';
import type { Clips } from '../evidence/clips.ts';
import type { Recorders } from '../evidence/recorders.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Homes } from '../mesh/homes.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { MeshServer } from '../mesh/mesh-server.ts';
import type { Relays } from '../mesh/relays.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Lease } from './lease.ts';
import { countFeeds, type NodeFigures } from './monitoring.ts';
import type { NodeLoad } from './node-load.ts';
import type { Outbox } from './outbox.ts';

/** What there is to count in a node. */
interface NodeParts {
  pool: WorkerPool;
  load: NodeLoad;
  viewers: Viewers;
  players: Players;
  feeds: Feeds;
  mesh: Mesh;
  relays: Relays;
  meshServer: MeshServer;
  homes: Homes;
  outbox: Outbox;
  lease: Lease;
  recorders: Recorders;
  clips: Clips;
  keyframes: NodeFigures['keyframes'];
}

/** The node at a glance, now. */
export function readFigures({
  pool,
  load,
  viewers,
  players,
  feeds,
  mesh,
  relays,
  meshServer,
  homes,
  outbox,
  lease,
  recorders,
  clips,
  keyframes,
}: NodeParts): NodeFigures {
  return {
    workersReady: pool.ready.length,
    workersWanted: pool.size,
    viewers: viewers.size,
    consumers: viewers.tiles,
    dialects: players.dialects,
    feeds: feeds.size,
    pipes: mesh.size,
    nodePipes: relays.pipes + meshServer.pipes,
    relaysIn: relays.size,
    relaysOut: meshServer.relays,
    homes: homes.size,
    outbox: outbox.size,
    load: load.load,
    registered: !lease.lapsed,
    isDeaf: homes.isDeaf,
    rings: recorders.figures.rings,
    ringBytes: recorders.figures.bytes,
    clips: clips.size,
    clipBytes: clips.bytes,
    ...countFeeds(feeds.all()),
    keyframes,
  };
}
