import { WELFARE_CHECK } from '../../config/norms/practice.ts';
import type { RoomFacts } from './facility-facts.ts';
import type { PendingRecord } from './record.ts';

/** A room with the check that is due next, as far as this device knows. */
export interface RoomDue {
  room: RoomFacts;
  /** Server clock, milliseconds since the epoch; undefined when nobody has to be looked after there. */
  dueMs: number | undefined;
  /** A check that the server does not know yet is counted in, as the norms of the people inside want it: the server's figure comes later. */
  isEstimate: boolean;
  /** When this device last recorded a check that the facts do not show yet. */
  checkedMs: number | undefined;
}

const MINUTE_MS = 60_000;

interface Known {
  records: readonly PendingRecord[];
  /** When the facts were true (server clock). */
  factsAtMs: number;
  /** How far the server's clock is ahead of the device's. */
  offsetMs: number;
}

/** What is due in each room, most pressing first: what is overdue longest, what is due next, and then where nobody is. */
export function roomsByDue(rooms: readonly RoomFacts[], known: Known): RoomDue[] {
  return rooms
    .map((room) => dueOf(room, known))
    .toSorted(
      (a, b) =>
        (a.dueMs ?? Number.MAX_SAFE_INTEGER) - (b.dueMs ?? Number.MAX_SAFE_INTEGER) || rank(a) - rank(b),
    );
}

/** Where people are or could be goes before corridors and receptions. */
function rank({ room }: RoomDue): number {
  return (room.headcount ?? 0) > 0 ? 0 : room.capacity > 0 ? 1 : 2;
}

function dueOf(room: RoomFacts, { records, factsAtMs, offsetMs }: Known): RoomDue {
  const dueMs = room.nextCheckDueAt === null ? undefined : Date.parse(room.nextCheckDueAt);
  const checks = records.flatMap((record) => checkedMs(record, { room, factsAtMs, offsetMs }));
  const lastMs = checks.length > 0 ? Math.max(...checks) : undefined;
  const own =
    lastMs === undefined ? undefined : lastMs + (room.checkMinutes ?? WELFARE_CHECK.minutes) * MINUTE_MS;
  if (own === undefined || dueMs === undefined || own <= dueMs)
    return { room, dueMs, isEstimate: false, checkedMs: lastMs };
  return { room, dueMs: own, isEstimate: true, checkedMs: lastMs };
}

/** When a check happened that the facts cannot know of yet. */
function checkedMs(
  { draft, state, written, occurred }: PendingRecord,
  { room, factsAtMs, offsetMs }: { room: RoomFacts; factsAtMs: number; offsetMs: number },
): number[] {
  if (draft.type !== 'CELL_CHECK' || draft.areaId !== room.id) return [];
  if (state.state !== 'waiting' && !(state.state === 'taken' && state.atMs > factsAtMs)) return [];
  const writtenMs = written.reading.deviceMs + offsetMs;
  switch (occurred.when) {
    case 'now':
      return [writtenMs];
    case 'before':
      return [writtenMs - occurred.agoMs];
    case 'at':
      return [Date.parse(occurred.instant)];
  }
}
