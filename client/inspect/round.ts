import { z } from 'zod';
import { AreaId, FacilityId } from '#contract/ids.ts';
import type { RoomDue } from './check-order.ts';

/** One walk through the rooms of a facility, kept on the device until it is over. */
export const Round = z.strictObject({
  facilityId: FacilityId,
  /** Server clock, milliseconds since the epoch. */
  startedMs: z.number(),
  /** In the order of walking. */
  rooms: z.array(AreaId),
  /** What became of each room so far. */
  done: z.record(AreaId, z.enum(['checked', 'empty', 'skipped'])),
});
export type Round = z.infer<typeof Round>;
export type RoomResult = Round['done'][string];

/** A round that nobody ended is over after a shift. */
const LONGEST_MS = 12 * 3_600_000;

/** Rooms where people are held or happen to be, most pressing first; passages and offices only with people in them. */
export function startRound(facilityId: FacilityId, rooms: readonly RoomDue[], nowMs: number): Round {
  const walked = rooms.filter(({ room }) => room.capacity > 0 || (room.headcount ?? 0) > 0);
  return { facilityId, startedMs: nowMs, rooms: walked.map(({ room }) => room.id), done: {} };
}

/** The first room that was not looked at; undefined when the round is over. */
export function nextRoom({ rooms, done }: Round): AreaId | undefined {
  return rooms.find((id) => done[id] === undefined);
}

export function withResult(round: Round, areaId: AreaId, result: RoomResult): Round {
  return { ...round, done: { ...round.done, [areaId]: result } };
}

/** The room before, to be looked at again; the same round at its start. */
export function withoutLast(round: Round): Round {
  const last = round.rooms.findLast((id) => round.done[id] !== undefined);
  if (last === undefined) return round;
  const { [last]: _, ...done } = round.done;
  return { ...round, done };
}

export function isOver(round: Round, nowMs: number): boolean {
  return nextRoom(round) === undefined || nowMs - round.startedMs > LONGEST_MS;
}

export function countOf({ rooms, done }: Round, result: RoomResult): number {
  return rooms.filter((id) => done[id] === result).length;
}
