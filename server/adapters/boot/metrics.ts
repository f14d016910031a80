import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus asks for. Counts and times only: no user, no area, no address. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'varta_http_request_duration_seconds',
      help: 'Time from the request to the end of its answer, by route pattern.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    signIns: new Counter({
      name: 'varta_sign_ins_total',
      help: 'Tries to sign in, by result.',
      labelNames: ['result'] as const,
      registers,
    }),
    custodyEvents: new Counter({
      name: 'varta_custody_events_total',
      help: 'Custody events answered, by status.',
      labelNames: ['status'] as const,
      registers,
    }),
    socketRefusals: new Counter({
      name: 'varta_socket_refusals_total',
      help: 'Handshakes and messages refused on sockets, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    liveDeltas: new Counter({
      name: 'varta_live_deltas_total',
      help: 'Changes of live state that this replica heard of.',
      registers,
    }),
    /** A gauge whose value is asked for when Prometheus comes. */
    gauge: (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
