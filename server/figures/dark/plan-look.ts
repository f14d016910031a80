import type { DarkCause } from '#contract/dark.ts';
import type { AreaId } from '#contract/ids.ts';

/** A time in which no camera showed an area, for one cause. Milliseconds since the epoch. */
export interface Spell {
  areaId: AreaId;
  cause: DarkCause;
  fromMs: number;
  toMs: number;
}

/** What is on record of a region's areas: which are dark now, and until when somebody looked. */
export interface DarkRecord {
  /** The first look of all; of what was before nothing is known. */
  begunMs: number;
  /** The last look: everything until then is accounted for. */
  untilMs: number;
  dark: ReadonlyMap<AreaId, { cause: DarkCause; fromMs: number }>;
}

/** What a look sees: dark areas with since when they say so themselves, and since when the others say that they are not. */
export interface Looked {
  dark: ReadonlyMap<AreaId, { cause: DarkCause; sinceMs: number }>;
  lightSinceMs(areaId: AreaId): number;
}

/** What follows from a look. */
export interface LookPlan {
  record: DarkRecord;
  /** Spells that are over. */
  spells: readonly Spell[];
  /** Time in which nobody looked. */
  gap: { fromMs: number; toMs: number } | undefined;
  /** Areas whose entry in the record is another one, or gone. */
  changed: readonly AreaId[];
}

/**
 * Two looks that are farther apart than this have a time between them of which nothing is known. Longer than it takes
 * another replica to take over from one that was killed. Our judgment.
 */
export const GAP_MS = 10_000;

/**
 * The record after a look. Pure. What was accounted for stays: a change is never put before the last look, however long
 * ago the area says that it was.
 */
export function planLook(before: DarkRecord | undefined, looked: Looked, nowMs: number): LookPlan {
  if (!before) {
    const dark = new Map(
      Array.from(looked.dark, ([id, { cause }]) => [id, { cause, fromMs: nowMs }] as const),
    );
    return {
      record: { begunMs: nowMs, untilMs: nowMs, dark },
      spells: [],
      gap: undefined,
      changed: [...dark.keys()],
    };
  }
  const atMs = Math.max(nowMs, before.untilMs);
  const isGap = atMs - before.untilMs > GAP_MS;
  const within = (ms: number) => (isGap ? atMs : Math.min(Math.max(ms, before.untilMs), atMs));
  const dark = new Map(before.dark);
  const spells: Spell[] = [];
  const changed: AreaId[] = [];
  const end = (areaId: AreaId, toMs: number) => {
    const was = before.dark.get(areaId);
    if (was && toMs > was.fromMs) spells.push({ areaId, ...was, toMs });
  };
  for (const areaId of new Set([...before.dark.keys(), ...looked.dark.keys()])) {
    const was = before.dark.get(areaId);
    const is = looked.dark.get(areaId);
    if (!isGap && was?.cause === is?.cause) continue;
    const turnedMs = within(is ? is.sinceMs : looked.lightSinceMs(areaId));
    end(areaId, isGap ? before.untilMs : turnedMs);
    if (is) dark.set(areaId, { cause: is.cause, fromMs: turnedMs });
    else dark.delete(areaId);
    changed.push(areaId);
  }
  return {
    record: { begunMs: before.begunMs, untilMs: atMs, dark },
    spells,
    gap: isGap ? { fromMs: before.untilMs, toMs: atMs } : undefined,
    changed,
  };
}
