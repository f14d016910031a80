import { expect, test } from 'vitest';
import { samplePending, sampleRoom } from '../test/inspect-samples.ts';
import { inMinutes, NOON_MS } from '../test/samples.ts';
import { roomsByDue } from './check-order.ts';

const known = { records: [], factsAtMs: NOON_MS, offsetMs: 0 };

test('what is overdue longest comes first, then what is due next, then rooms without people', () => {
  const rooms = [
    sampleRoom({ id: 'room-empty', headcount: 0, nextCheckDueAt: null }),
    sampleRoom({ id: 'room-soon', nextCheckDueAt: inMinutes(5) }),
    sampleRoom({ id: 'room-late', nextCheckDueAt: inMinutes(-40) }),
    sampleRoom({ id: 'room-hall', headcount: 0, capacity: 0, nextCheckDueAt: null }),
    sampleRoom({ id: 'room-less', nextCheckDueAt: inMinutes(-5) }),
  ];
  expect(roomsByDue(rooms, known).map(({ room }) => room.id)).toEqual([
    'room-late',
    'room-less',
    'room-soon',
    'room-empty',
    'room-hall',
  ]);
});

test('a check that still waits on the device moves the next one, as an estimate', () => {
  const room = sampleRoom({ nextCheckDueAt: inMinutes(-5) });
  const record = samplePending({ draft: { type: 'CELL_CHECK', areaId: room.id } });
  const [due] = roomsByDue([room], { ...known, records: [record] });
  expect(due).toMatchObject({ dueMs: NOON_MS + 60 * 60_000, isEstimate: true, checkedMs: NOON_MS });
});

test.each([15, 30, 120])(
  'where checks are %i minutes apart, the next one is so much later',
  (checkMinutes) => {
    const room = sampleRoom({ nextCheckDueAt: inMinutes(-5), checkMinutes });
    const record = samplePending({ draft: { type: 'CELL_CHECK', areaId: room.id } });
    const [due] = roomsByDue([room], { ...known, records: [record] });
    expect(due).toMatchObject({ dueMs: NOON_MS + checkMinutes * 60_000, isEstimate: true });
  },
);

test('of rooms that were checked on the same round, the one with the stricter norm comes first', () => {
  const usual = sampleRoom({ id: 'room-usual', nextCheckDueAt: inMinutes(-9) });
  const close = sampleRoom({ id: 'room-close', nextCheckDueAt: inMinutes(-1), checkMinutes: 15 });
  const records = [usual, close].map(({ id }) =>
    samplePending({ draft: { type: 'CELL_CHECK', areaId: id } }),
  );
  expect(roomsByDue([usual, close], known).map(({ room }) => room.id)).toEqual(['room-usual', 'room-close']);
  expect(roomsByDue([usual, close], { ...known, records }).map(({ room }) => room.id)).toEqual([
    'room-close',
    'room-usual',
  ]);
});

test('what the server knows already is the server’s to say', () => {
  const room = sampleRoom({ nextCheckDueAt: inMinutes(30) });
  const taken = samplePending({
    draft: { type: 'CELL_CHECK', areaId: room.id },
    state: { state: 'taken', atMs: NOON_MS - 1 },
  });
  expect(roomsByDue([room], { ...known, records: [taken] })[0]).toMatchObject({
    dueMs: Date.parse(inMinutes(30)),
    isEstimate: false,
    checkedMs: undefined,
  });
});

test('a check of another room, or one that was refused, moves nothing', () => {
  const room = sampleRoom({ nextCheckDueAt: inMinutes(-5) });
  const records = [
    samplePending({ draft: { type: 'CELL_CHECK', areaId: 'room-other' } }),
    samplePending({
      draft: { type: 'CELL_CHECK', areaId: room.id },
      state: { state: 'refused', atMs: NOON_MS, code: 'invalid', message: '', path: [] },
    }),
  ];
  expect(roomsByDue([room], { ...known, records })[0]?.dueMs).toBe(Date.parse(inMinutes(-5)));
});
