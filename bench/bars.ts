/** A bar of the design: what is measured, in what unit, and what must hold. */
export interface Bar {
  id: string;
  what: string;
  unit: string;
  bar: string;
  /** Whether a figure passes. */
  holds(figure: number): boolean;
}

const atMost = (limit: number) => (figure: number) => figure <= limit;
const below = (limit: number) => (figure: number) => figure < limit;
const atLeast = (limit: number) => (figure: number) => figure >= limit;

/** Every bar that Varta has set itself; a benchmark gives the figure of one or more of them. */
export const BARS: readonly Bar[] = [
  {
    id: 'sfu-cpu-per-packet',
    what: 'sfu: worker CPU per forwarded packet, against bare mediasoup',
    unit: '×',
    bar: '≤ 1.05',
    holds: atMost(1.05),
  },
  {
    id: 'sfu-janus-1',
    what: 'sfu: worker CPU per viewed feed, against Janus, 1 viewer a feed',
    unit: '×',
    bar: '< 1.0',
    holds: below(1),
  },
  {
    id: 'sfu-janus-8',
    what: 'sfu: worker CPU per viewed feed, against Janus, 8 viewers a feed',
    unit: '×',
    bar: '≤ 0.9',
    holds: atMost(0.9),
  },
  {
    id: 'stills-cpu-64',
    what: 'sfu: stills and faults of the picture, 64 watched feeds: CPU of all processes',
    unit: '% of a core',
    bar: '< 5',
    holds: below(5),
  },
  {
    id: 'ring-cpu-64',
    what: 'sfu: the last 10 s of 64 watched feeds kept for clips: CPU of node and worker',
    unit: '% of a core',
    bar: '< 15',
    holds: below(15),
  },
  {
    id: 'mask-cpu-high',
    what: 'sfu: a part of a watched feed covered, high layer: CPU of all processes',
    unit: '% of a core',
    bar: '< 25',
    holds: below(25),
  },
  {
    id: 'wall-cpu-16',
    what: '16-tile wall against a bare page with 16 videos: Chromium CPU',
    unit: '×',
    bar: '≤ 1.15',
    holds: atMost(1.15),
  },
  {
    id: 'wall-cpu-36',
    what: '36-tile wall against a bare page with 36 videos: Chromium CPU',
    unit: '×',
    bar: '≤ 1.15',
    holds: atMost(1.15),
  },
  {
    id: 'wall-cpu-64',
    what: '64-tile wall against a bare page with 64 videos: Chromium CPU',
    unit: '×',
    bar: '≤ 1.15',
    holds: atMost(1.15),
  },
  {
    id: 'wall-fps-64',
    what: 'frames per second of the slowest of 64 tiles (source: 15)',
    unit: 'fps',
    bar: '≥ 10',
    holds: atLeast(10),
  },
  {
    id: 'wall-300-feeds-fps',
    what: '64 tiles while 300 feeds come in, 5 minutes: fps of the slowest tile',
    unit: 'fps',
    bar: '≥ 14',
    holds: atLeast(14),
  },
  {
    id: 'wall-300-feeds-stall',
    what: '64 tiles while 300 feeds come in, 5 minutes: longest stall',
    unit: 's',
    bar: '≤ 1',
    holds: atMost(1),
  },
  { id: 'click-poster', what: 'click to poster', unit: 'ms', bar: '≤ 150', holds: atMost(150) },
  {
    id: 'click-picture-p50',
    what: 'click to moving picture, median',
    unit: 'ms',
    bar: '≤ 300',
    holds: atMost(300),
  },
  {
    id: 'click-picture-p95',
    what: 'click to moving picture, 95th percentile',
    unit: 'ms',
    bar: '≤ 700',
    holds: atMost(700),
  },
  {
    id: 'page-turn-p95',
    what: 'turning a 64-tile page to moving pictures, 95th percentile',
    unit: 's',
    bar: '≤ 1.0',
    holds: atMost(1),
  },
  {
    id: 'page-turns-heap',
    what: 'JS heap after 8 h of page turning, against after a quarter of an hour',
    unit: '×',
    bar: '≤ 1.1',
    holds: atMost(1.1),
  },
  {
    id: 'page-turns-worker-memory',
    what: 'memory of the media worker after 8 h of page turning, against after a quarter of an hour',
    unit: '×',
    bar: '≤ 1.1',
    holds: atMost(1.1),
  },
  {
    id: 'page-turns-left',
    what: 'players, connections, transceivers and sfu handles left over by 8 h of page turning',
    unit: '',
    bar: '0',
    holds: atMost(0),
  },
  {
    id: 'unwatched-bytes',
    what: 'media bytes of an on-demand feed that nobody watches',
    unit: 'B',
    bar: '0',
    holds: atMost(0),
  },
  {
    id: 'events-rate',
    what: 'custody events acknowledged durable, in batches',
    unit: '/s',
    bar: '≥ 2,000',
    holds: atLeast(2000),
  },
  {
    id: 'events-ack-p99',
    what: 'acknowledgement of a batch at 2,000 events/s offered, 99th percentile',
    unit: 'ms',
    bar: '≤ 50',
    holds: atMost(50),
  },
  {
    id: 'event-to-page-p99',
    what: 'event posted to the socket of a page, 500 events/s, 200 consoles, 99th percentile',
    unit: 'ms',
    bar: '≤ 250',
    holds: atMost(250),
  },
  {
    id: 'event-to-tile-p99',
    what: 'event posted to painted on a tile, 500 events/s, 200 consoles, 99th percentile',
    unit: 'ms',
    bar: '≤ 250',
    holds: atMost(250),
  },
  {
    id: 'snapshot-45000-time',
    what: '45,000 areas: snapshot to usable',
    unit: 's',
    bar: '≤ 1.0',
    holds: atMost(1),
  },
  {
    id: 'snapshot-45000-bytes',
    what: '45,000 areas: snapshot on the wire',
    unit: 'MB',
    bar: '≤ 1.5',
    holds: atMost(1.5),
  },
  {
    id: 'filter-45000',
    what: '45,000 areas: one filter keystroke',
    unit: 'ms',
    bar: '≤ 16',
    holds: atMost(16),
  },
  { id: 'kill-worker', what: 'kill -9 of a worker: tiles back', unit: 's', bar: '≤ 3', holds: atMost(3) },
  { id: 'kill-node', what: 'kill -9 of an sfu node: tiles back', unit: 's', bar: '≤ 5', holds: atMost(5) },
  { id: 'kill-server', what: 'kill -9 of a server: clients back', unit: 's', bar: '≤ 3', holds: atMost(3) },
  {
    id: 'kill-redis-lost',
    what: 'kill -9 of server, of Redis and of both at 2,000 events/s: acknowledged events, flags and audit entries lost or doubled',
    unit: '',
    bar: '0',
    holds: atMost(0),
  },
  {
    id: 'kill-rebuilt-differs',
    what: 'after those kills: entries of projections that a fresh replica builds otherwise from the streams',
    unit: '',
    bar: '0',
    holds: atMost(0),
  },
  {
    id: 'revoked-last-packet',
    what: 'permission revoked to last media packet',
    unit: 's',
    bar: '≤ 1',
    holds: atMost(1),
  },
  {
    id: 'gate-last-packet',
    what: 'gate closed to last media packet',
    unit: 'ms',
    bar: '≤ 250',
    holds: atMost(250),
  },
];
