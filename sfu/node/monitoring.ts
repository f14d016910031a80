import type { RequestListener } from 'node:http';
import { Gauge, Registry } from 'prom-client';

/** What there is to know of the node at a glance. Asked when somebody asks, never before. */
export interface NodeFigures {
  workersReady: number;
  workersWanted: number;
  viewers: number;
  consumers: number;
  feeds: number;
  pipes: number;
  /** Ends of pipes to and from other nodes. */
  nodePipes: number;
  /** Feeds that come from other nodes. */
  relaysIn: number;
  /** Feeds that go to other nodes, each counted once a node. */
  relaysOut: number;
  /** Feeds that enter this node, as the registry has it. */
  homes: number;
  /** Feeds whose news wait to be written. */
  outbox: number;
  load: number;
  /** Whether the lease holds. */
  registered: boolean;
}

const GAUGES = [
  ['workers', 'Media workers that run', (it: NodeFigures) => it.workersReady],
  ['viewers', 'Pages that receive media', (it: NodeFigures) => it.viewers],
  ['consumers', 'Feeds as viewers receive them', (it: NodeFigures) => it.consumers],
  ['feeds', 'Feeds that have or had a source', (it: NodeFigures) => it.feeds],
  ['pipes', 'Feeds that cross from one worker to another', (it: NodeFigures) => it.pipes],
  ['node_pipes', 'Ends of pipes to and from other nodes', (it: NodeFigures) => it.nodePipes],
  ['relays_in', 'Feeds that come from other nodes', (it: NodeFigures) => it.relaysIn],
  ['relays_out', 'Feeds that go to other nodes', (it: NodeFigures) => it.relaysOut],
  ['homes', 'Feeds that enter the mesh at this node', (it: NodeFigures) => it.homes],
  ['outbox', 'Feeds whose news wait for Redis', (it: NodeFigures) => it.outbox],
  ['load', "Share of the workers' cores in use, 0 to 1", (it: NodeFigures) => it.load],
  ['registered', '1 while the lease in the registry holds', (it: NodeFigures) => Number(it.registered)],
] as const;

/** `GET /healthz`: alive, 200 while at least one worker runs. `GET /metrics`: Prometheus. Nothing else. */
export function createMonitoring(figures: () => NodeFigures): RequestListener {
  const registry = new Registry();
  const gauges = GAUGES.map(([name, help, read]) => ({
    gauge: new Gauge({ name: `varta_sfu_${name}`, help, registers: [registry] }),
    read,
  }));
  return (request, response) => {
    request.resume();
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    if (request.method === 'GET' && request.url === '/healthz') {
      const now = figures();
      answer(now.workersReady > 0 ? 200 : 503, 'application/json', JSON.stringify(now));
    } else if (request.method === 'GET' && request.url === '/metrics') {
      const now = figures();
      for (const { gauge, read } of gauges) gauge.set(read(now));
      void registry.metrics().then((text) => answer(200, registry.contentType, text));
    } else answer(404, 'text/plain', 'not found\n');
  };
}
