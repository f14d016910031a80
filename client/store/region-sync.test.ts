import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RegionDelta } from '#contract/live.ts';
import { inMinutes, sampleDelta, sampleFlag, sampleSnapshot, sampleStatus } from '../test/samples.ts';
import { recordOf } from './records.ts';
import {
  liveOf,
  MAX_BUFFERED,
  markMissed,
  type RegionSync,
  receiveDelta,
  receiveSnapshot,
  UNKNOWN_REGION,
} from './region-sync.ts';

const areaIn = (sync: RegionSync, id: string) => {
  const live = liveOf(sync);
  return live && recordOf(live.areas, id);
};

function current(seq: number): RegionSync {
  return receiveSnapshot(UNKNOWN_REGION, sampleSnapshot({ seq })).sync;
}

test('deltas that come before the snapshot are applied after it, those that it holds are not', () => {
  let sync = receiveDelta(UNKNOWN_REGION, sampleDelta(10, { areas: [sampleStatus({ headcount: 9 })] })).sync;
  sync = receiveDelta(sync, sampleDelta(11, { areas: [sampleStatus({ headcount: 4 })] })).sync;
  const step = receiveSnapshot(sync, sampleSnapshot({ seq: 10, areas: [sampleStatus({ headcount: 2 })] }));
  expect(step.needsSnapshot).toBe(false);
  expect(step.sync.state).toBe('current');
  expect(areaIn(step.sync, 'ua-68-itt-2-cell-4')?.headcount).toBe(4);
});

test('a gap asks for a snapshot, and what is known stays on show', () => {
  const step = receiveDelta(current(10), sampleDelta(12));
  expect(step.needsSnapshot).toBe(true);
  expect(step.sync.state).toBe('resyncing');
  expect(liveOf(step.sync)?.seq).toBe(10);
  const healed = receiveSnapshot(step.sync, sampleSnapshot({ seq: 11 }));
  expect(healed.sync.state).toBe('current');
  expect(liveOf(healed.sync)?.seq).toBe(12);
});

test('a gap between the snapshot and the buffer asks once more', () => {
  const waiting = receiveDelta(UNKNOWN_REGION, sampleDelta(14)).sync;
  const step = receiveSnapshot(waiting, sampleSnapshot({ seq: 11 }));
  expect(step).toMatchObject({ needsSnapshot: true, sync: { state: 'resyncing' } });
  expect(receiveSnapshot(step.sync, sampleSnapshot({ seq: 13 })).sync.state).toBe('current');
});

test('a number that was seen already changes nothing', () => {
  const before = current(10);
  expect(receiveDelta(before, sampleDelta(9, { areas: [sampleStatus()] })).sync).toBe(before);
});

test('numbers that start anew are taken after the connection broke, not before', () => {
  const before = current(10);
  expect(receiveSnapshot(before, sampleSnapshot({ seq: 2 })).sync).toBe(before);
  expect(liveOf(receiveSnapshot(markMissed(before), sampleSnapshot({ seq: 2 })).sync)?.seq).toBe(2);
});

test('the buffer is bounded', () => {
  let sync = UNKNOWN_REGION;
  for (let seq = 1; seq <= MAX_BUFFERED + 5; seq += 1) sync = receiveDelta(sync, sampleDelta(seq)).sync;
  expect(sync.state === 'waiting' && sync.buffer.length).toBe(MAX_BUFFERED);
});

test('only records that changed are new objects', () => {
  const other = sampleStatus({ areaId: 'ua-68-itt-2-cell-5' });
  const before = receiveSnapshot(UNKNOWN_REGION, sampleSnapshot({ areas: [sampleStatus(), other] })).sync;
  const after = receiveDelta(before, sampleDelta(11, { areas: [sampleStatus({ headcount: 1 })] })).sync;
  expect(areaIn(after, 'ua-68-itt-2-cell-5')).toBe(other);
  const again = receiveSnapshot(
    markMissed(after),
    sampleSnapshot({ seq: 11, areas: [sampleStatus({ headcount: 1 }), { ...other }] }),
  ).sync;
  expect(areaIn(again, sampleStatus().areaId)).toBe(areaIn(after, sampleStatus().areaId));
  expect(areaIn(again, 'ua-68-itt-2-cell-5')).toBe(other);
});

test('flags of an area are sorted by severity, then age; one that is closed goes', () => {
  const mild = sampleFlag({ id: '00000000-0000-4000-8000-000000000001', severity: 3 });
  const late = sampleFlag({
    id: '00000000-0000-4000-8000-000000000002',
    severity: 2,
    history: [{ state: 'raised', by: { kind: 'rule', id: 'check', name: 'check' }, at: inMinutes(5) }],
  });
  const early = sampleFlag({ id: '00000000-0000-4000-8000-000000000003', severity: 2 });
  let sync = receiveSnapshot(UNKNOWN_REGION, sampleSnapshot({ flags: [mild, late] })).sync;
  sync = receiveDelta(sync, sampleDelta(11, { flags: [early] })).sync;
  const ids = () =>
    liveOf(sync)
      ?.flagsByArea.get('ua-68-itt-2-cell-4')
      ?.map(({ id }) => id);
  expect(ids()).toEqual([early.id, late.id, mild.id]);
  sync = receiveDelta(sync, sampleDelta(12, { flags: [{ ...late, state: 'resolved' }] })).sync;
  expect(ids()).toEqual([early.id, mild.id]);
  expect(liveOf(sync)?.flags.get(late.id)).toBeUndefined();
});

/** The server in small: a counter, and what each delta does to one area's headcount. */
function serverHistory(length: number): RegionDelta[] {
  return Array.from({ length }, (_, index) =>
    sampleDelta(index + 1, { areas: [sampleStatus({ headcount: (index * 7) % 10 })] }),
  );
}

function snapshotAt(history: readonly RegionDelta[], seq: number) {
  const last = history[seq - 1];
  return sampleSnapshot({ seq, areas: last?.areas ?? [] });
}

test('whatever is lost, doubled or overtaken on the way, the page ends with what the server has', () => {
  const history = serverHistory(30);
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(29), kind: fc.constantFrom('lose', 'double', 'break') })),
      (faults) => {
        let sync: RegionSync = UNKNOWN_REGION;
        let asked = true;
        for (const [index, delta] of history.entries()) {
          const kinds = faults.filter(({ at }) => at === index).map(({ kind }) => kind);
          if (kinds.includes('break')) sync = markMissed(sync);
          const times = kinds.includes('lose') ? 0 : kinds.includes('double') ? 2 : 1;
          for (let time = 0; time < times; time += 1) {
            const step = receiveDelta(sync, delta);
            sync = step.sync;
            asked ||= step.needsSnapshot;
          }
          if (asked && index % 3 === 0) {
            const step = receiveSnapshot(sync, snapshotAt(history, index + 1));
            sync = step.sync;
            asked = step.needsSnapshot;
          }
        }
        // What the connection's heartbeat and resync bring about in the end.
        const healed = receiveSnapshot(markMissed(sync), snapshotAt(history, 30)).sync;
        expect(healed.state).toBe('current');
        expect(areaIn(healed, 'ua-68-itt-2-cell-4')?.headcount).toBe((29 * 7) % 10);
        // And a region that calls itself current has missed nothing before its number.
        const live = liveOf(sync);
        if (sync.state === 'current' && live && live.seq > 0)
          expect(recordOf(live.areas, 'ua-68-itt-2-cell-4')?.headcount).toBe(((live.seq - 1) * 7) % 10);
      },
    ),
  );
});
