import { DARK_CAUSES, type DarkCause, type DarkSeconds } from '#contract/dark.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Spell } from './plan-look.ts';

/** A span of time in milliseconds since the epoch. */
export interface Piece {
  fromMs: number;
  toMs: number;
}

/** What is known of the darkness in a region, as far as somebody asked. Spells of one area do not overlap. */
export interface Darkness {
  begunMs: number;
  /** Until then somebody looked. */
  untilMs: number;
  /** Also those that go on, up to `untilMs`. */
  spells: readonly Spell[];
  /** When nobody looked. */
  gaps: readonly Piece[];
}

/** Nobody has looked at the region yet. */
export const NEVER_LOOKED: Darkness = {
  begunMs: Number.POSITIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
  spells: [],
  gaps: [],
};

/** The part that two spans have in common; undefined if none. */
export function overlap(a: Piece, b: Piece): Piece | undefined {
  const fromMs = Math.max(a.fromMs, b.fromMs);
  const toMs = Math.min(a.toMs, b.toMs);
  return toMs > fromMs ? { fromMs, toMs } : undefined;
}

/** The pieces of a stay in an area in which no camera showed it, each with its cause, in order. They do not overlap. */
export function darkPieces(
  { areaId, fromMs, toMs }: Piece & { areaId: AreaId },
  { begunMs, spells, gaps }: Darkness,
): (Piece & { cause: DarkCause })[] {
  const stay = { fromMs, toMs };
  const before: Piece = { fromMs: Number.NEGATIVE_INFINITY, toMs: begunMs };
  const unknown = [before, ...gaps].flatMap((gap) => overlap(stay, gap) ?? []);
  const known = spells.filter((spell) => spell.areaId === areaId);
  return [
    ...unknown.map((piece) => ({ ...piece, cause: 'unknown' as const })),
    ...known.flatMap((spell) => {
      const piece = overlap(stay, spell);
      return piece ? [{ ...piece, cause: spell.cause }] : [];
    }),
  ].sort((a, b) => a.fromMs - b.fromMs);
}

/** Time without video of one person, by cause, in whole seconds. */
export function sumDark(
  stays: readonly { areaId: AreaId; fromMs: number; untilMs: number | undefined }[],
  darkness: Darkness,
  nowMs: number,
): DarkSeconds {
  const sums = new Map<DarkCause, number>();
  for (const { areaId, fromMs, untilMs } of stays)
    for (const piece of darkPieces({ areaId, fromMs, toMs: untilMs ?? nowMs }, darkness))
      sums.set(piece.cause, (sums.get(piece.cause) ?? 0) + piece.toMs - piece.fromMs);
  return DARK_CAUSES.flatMap((cause) => {
    const seconds = Math.round((sums.get(cause) ?? 0) / 1000);
    return seconds > 0 ? [{ cause, seconds }] : [];
  });
}
