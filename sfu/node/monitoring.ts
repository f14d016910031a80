import type { RequestListener } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import { FeedFault } from '#contract/feeds.ts';
import { FeedReport } from '#contract/registry.ts';

/** What there is to know of the node at a glance. Asked when somebody asks, never before. */
export interface NodeFigures {
  workersReady: number;
  workersWanted: number;
  viewers: number;
  consumers: number;
  feeds: number;
  pipes: number;
  /** Routers for players, each with the payload types of some of them. */
  dialects: number;
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
  /** Whether others take what would enter here, because nothing gets through. */
  isDeaf: boolean;
  /** Feeds of which the last seconds are kept for clips, the memory that takes in bytes, and the same of clips. */
  rings: number;
  ringBytes: number;
  clips: number;
  clipBytes: number;
  /** Feeds by their state, and by what is wrong with them. */
  states: Partial<Record<FeedReport['state'], number>>;
  faults: Partial<Record<FeedFault, number>>;
  /** Keyframes that stills are made of, by what became of them, since the start; none on a node that takes none. */
  keyframes: Readonly<Record<string, number>> | undefined;
}

const GAUGES = [
  ['workers', 'Media workers that run', (it: NodeFigures) => it.workersReady],
  ['viewers', 'Pages that receive media', (it: NodeFigures) => it.viewers],
  ['consumers', 'Feeds as viewers receive them', (it: NodeFigures) => it.consumers],
  ['feeds', 'Feeds that have or had a source', (it: NodeFigures) => it.feeds],
  ['pipes', 'Feeds that cross from one worker to another', (it: NodeFigures) => it.pipes],
  ['dialects', 'Routers for standard players', (it: NodeFigures) => it.dialects],
  ['node_pipes', 'Ends of pipes to and from other nodes', (it: NodeFigures) => it.nodePipes],
  ['relays_in', 'Feeds that come from other nodes', (it: NodeFigures) => it.relaysIn],
  ['relays_out', 'Feeds that go to other nodes', (it: NodeFigures) => it.relaysOut],
  ['homes', 'Feeds that enter the mesh at this node', (it: NodeFigures) => it.homes],
  ['outbox', 'Feeds whose news wait for Redis', (it: NodeFigures) => it.outbox],
  [
    'load',
    "Share in use of the workers' cores or of the node's own thread, whichever is larger, 0 to 1",
    (it: NodeFigures) => it.load,
  ],
  ['registered', '1 while the lease in the registry holds', (it: NodeFigures) => Number(it.registered)],
  ['deaf', '1 while nothing that is sent to the node gets through', (it: NodeFigures) => Number(it.isDeaf)],
  ['rings', 'Feeds of which the last seconds are kept for clips', (it: NodeFigures) => it.rings],
  ['ring_bytes', 'Memory that what is kept for clips takes', (it: NodeFigures) => it.ringBytes],
  ['clips', 'Clips that are being made or fetched', (it: NodeFigures) => it.clips],
  ['clip_bytes', 'Memory that clips and their files take', (it: NodeFigures) => it.clipBytes],
  ['stills', '1 on a node that takes stills', (it: NodeFigures) => Number(it.keyframes !== undefined)],
] as const;

/** Counts by one label. Labels that do not occur are 0, so that none is forgotten at its last value. */
const COUNTS = [
  [
    'feed_states',
    'Feeds by state',
    'state',
    (it: NodeFigures) => withZeros(FeedReport.shape.state.options, it.states),
  ],
  ['feed_faults', 'Feeds by fault', 'fault', (it: NodeFigures) => withZeros(FeedFault.options, it.faults)],
  [
    'still_keyframes',
    'Keyframes for stills since the start, by what became of them',
    'result',
    (it: NodeFigures) => Object.entries(it.keyframes ?? {}),
  ],
] as const;

/** Feeds by state and by fault. */
export function countFeeds(
  feeds: Iterable<{ state: Pick<FeedReport, 'state'>; faults: readonly FeedFault[] }>,
): Pick<NodeFigures, 'states' | 'faults'> {
  const states: NodeFigures['states'] = {};
  const faults: NodeFigures['faults'] = {};
  for (const feed of feeds) {
    states[feed.state.state] = (states[feed.state.state] ?? 0) + 1;
    for (const fault of feed.faults) faults[fault] = (faults[fault] ?? 0) + 1;
  }
  return { states, faults };
}

function withZeros<K extends string>(
  keys: readonly K[],
  counts: Partial<Record<K, number>>,
): [string, number][] {
  return keys.map((key) => [key, counts[key] ?? 0]);
}

/** `GET /healthz`: alive, 200 while at least one worker runs. `GET /metrics`: Prometheus. Nothing else. */
export function createMonitoring(figures: () => NodeFigures): RequestListener {
  const registry = new Registry();
  const gauges = GAUGES.map(([name, help, read]) => ({
    gauge: new Gauge({ name: `varta_sfu_${name}`, help, registers: [registry] }),
    read,
  }));
  const counts = COUNTS.map(([name, help, label, read]) => ({
    gauge: new Gauge({ name: `varta_sfu_${name}`, help, labelNames: [label], registers: [registry] }),
    label,
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
      for (const { gauge, label, read } of counts)
        for (const [value, count] of read(now)) gauge.set({ [label]: value }, count);
      void registry.metrics().then((text) => answer(200, registry.contentType, text));
    } else answer(404, 'text/plain', 'not found\n');
  };
}
