import { expect, test } from 'vitest';
import {
  sampleArea,
  sampleDelta,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createFactsIndex } from './facts.ts';
import { createLiveStore, type LiveState, withDeltas, withSnapshot } from './live-store.ts';
import { UNKNOWN_REGION } from './region-sync.ts';
import { indexRegistry } from './registry.ts';

function stateWith(areaIds: readonly string[]): LiveState {
  const registry = indexRegistry(sampleWireRegistry({ areas: areaIds.map((id) => sampleArea({ id })) }));
  const snapshot = {
    at: '2026-11-22T12:00:00.000Z',
    regions: [sampleSnapshot({ areas: areaIds.map((areaId) => sampleStatus({ areaId })) })],
  };
  const { regions } = withSnapshot({ 'UA-68': UNKNOWN_REGION }, snapshot, undefined);
  return { ...createLiveStore().getState(), registry, regions };
}

test('the same state gives the same rows, and a delta a new row for its area only', () => {
  const index = createFactsIndex();
  const before = stateWith(['area-a', 'area-b']);
  const rows = index.rows(before);
  expect(index.rows(before)).toBe(rows);
  const { regions } = withDeltas(before.regions, [
    sampleDelta(11, { areas: [sampleStatus({ areaId: 'area-b', headcount: 0 })] }),
  ]);
  const after = index.rows({ ...before, regions });
  expect(after[0]).toBe(rows[0]);
  expect(after[1]).not.toBe(rows[1]);
  expect(after[1]?.status?.headcount).toBe(0);
});
