import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { FeedReport } from '#contract/registry.ts';
import { type Batch, Outbox } from './outbox.ts';

const at = '2026-11-22T12:00:00.000Z';
const facilityId = 'facility-1';
const demand = (feedId: string, port = 45_000): FeedDemand => ({
  feedId,
  facilityId,
  target: { ip: '127.0.0.1', port },
  payloadType: 96,
  layers: [{ layer: 'low', ssrc: 1, wanted: true }],
  at,
});
const report = (feedId: string, state: FeedReport['state']): FeedReport => ({
  ...{ feedId, facilityId, regionId: 'UA-68', nodeId: 'sfu-1', state, layers: [], at },
});

describe('Outbox', () => {
  it('writes what happens in one turn together', async () => {
    const batches: Batch[] = [];
    using outbox = new Outbox(async (batch) => void batches.push(batch));
    outbox.demand(demand('feed-1'));
    outbox.report(report('feed-1', 'connecting'));
    outbox.demand(demand('feed-2'));
    await turn();
    await outbox.flush();
    expect(batches).toEqual([
      {
        demands: [demand('feed-1'), demand('feed-2')],
        releases: [],
        reports: [report('feed-1', 'connecting')],
      },
    ]);
    expect(outbox.size).toBe(0);
  });

  it('keeps only the newest of each feed while the store is away, and writes it when it is back', async () => {
    const batches: Batch[] = [];
    let away = true;
    using outbox = new Outbox(async (batch) => {
      if (away) throw new Error('away');
      batches.push(batch);
    });
    for (const state of ['connecting', 'live', 'stalled'] as const) {
      outbox.report(report('feed-1', state));
      await outbox.flush();
    }
    outbox.demand(demand('feed-1'));
    outbox.release({ feedId: 'feed-1', facilityId, at });
    await outbox.flush();
    expect(outbox.size).toBe(2);
    away = false;
    await outbox.flush();
    expect(batches).toEqual([
      {
        demands: [],
        releases: [{ feedId: 'feed-1', facilityId, at }],
        reports: [report('feed-1', 'stalled')],
      },
    ]);
  });

  it('does not lose what changes while it writes', async () => {
    const batches: Batch[] = [];
    const gate = Promise.withResolvers<void>();
    using outbox = new Outbox(async (batch) => {
      batches.push(batch);
      await gate.promise;
    });
    outbox.demand(demand('feed-1', 45_000));
    const first = outbox.flush();
    await turn();
    outbox.demand(demand('feed-1', 45_001));
    gate.resolve();
    await first;
    await outbox.flush();
    expect(batches.map(({ demands }) => demands[0]?.target.port)).toEqual([45_000, 45_001]);
  });

  it('knows what holds: demands that stand, reports of feeds that are not idle', () => {
    using outbox = new Outbox(async () => undefined);
    outbox.demand(demand('feed-1'));
    outbox.demand(demand('feed-2'));
    outbox.release({ feedId: 'feed-1', facilityId, at });
    outbox.report(report('feed-1', 'idle'));
    outbox.report(report('feed-2', 'live'));
    expect(outbox.standing()).toEqual({ demands: [demand('feed-2')], reports: [report('feed-2', 'live')] });
  });
});
