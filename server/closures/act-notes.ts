import { z } from 'zod';
import { type AreaId, CaseId, Instant, type RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

/** A gate that somebody set, or a mask that somebody lifted. */
export type ActKind = 'gate' | 'mask';

/** Why it was done, for as long as it stands; the record of it is the audit. */
const ActNote = z.strictObject({
  /** When what it is about ends by itself: a note speaks of this one only. */
  until: Instant,
  reason: z.string(),
  caseId: CaseId.optional(),
});
export type ActNote = z.infer<typeof ActNote>;

export type NoteAct = (
  area: Pick<Area, 'id' | 'regionId'>,
  kind: ActKind,
  note: ActNote,
  nowMs: number,
) => Promise<void>;

interface ActNotePorts {
  redis: Redis;
  log: { warn(fields: object, message: string): void };
}

/** A note outlives what it is about by so long, for clocks that differ. */
const AFTER_MS = 10 * 60_000;

/** What it gives never rejects: what was done is in force and on record by then, whether or not it is noted why. */
export function createActNotes({ redis, log }: ActNotePorts): NoteAct {
  return async (area, kind, note, nowMs) => {
    const ttlMs = Math.max(0, Date.parse(note.until) - nowMs) + AFTER_MS;
    const expiration = { type: 'PX' as const, value: ttlMs };
    await redis
      .set(keys.actNote(area.regionId, kind, area.id), JSON.stringify(note), { expiration })
      .catch((error: unknown) => {
        log.warn({ err: error, areaId: area.id, act: kind }, 'not noted why, though it is in force');
      });
  };
}

/** What is known of why, by area. */
export async function readActs(
  redis: Redis,
  regionId: RegionId,
  { kind, areaIds }: { kind: ActKind; areaIds: readonly AreaId[] },
): Promise<Map<AreaId, ActNote>> {
  if (areaIds.length === 0) return new Map();
  const found = await redis.mGet(areaIds.map((areaId) => keys.actNote(regionId, kind, areaId)));
  return new Map(
    areaIds.flatMap((areaId, index) => {
      const json = found[index];
      return typeof json === 'string' ? [[areaId, ActNote.parse(JSON.parse(json))] as const] : [];
    }),
  );
}
