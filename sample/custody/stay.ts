import type { CaseId } from '#contract/ids.ts';
import { between, hashText, type Random, seededRandom } from '../../config/nation/seeded.ts';
import type { Bed } from '../population.ts';
import { nextKyivTime } from './kyiv-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Where every bed's chain of stays begins. Stays follow from it alone, so no run has to remember them. */
const CHAIN_BEGIN_MS = Date.UTC(2026, 0, 1);

/** The instants that shape one person's stay, in ms since the epoch. */
export interface Stay {
  bed: Bed;
  caseId: CaseId;
  apprehendedMs: number;
  deliveredMs: number;
  placedMs: number;
  /** Null in an administrative case, and when the person is released before. */
  suspicionMs: number | null;
  /** Null when the person is released before. */
  courtMs: number | null;
  decisionMs: number | null;
  endMs: number;
  end: 'RELEASED' | 'TRANSFERRED';
}

/** A bed's stays one after another, beginning with the one that is or comes next at an instant. */
export function* staysFrom(bed: Bed, atMs: number): Generator<Stay, never> {
  const seed = hashText(`chain of ${bed.areaId} ${bed.index}`);
  // Chains begin spread over two days: a nation whose people all came at once would let them go at once.
  let placedMs = CHAIN_BEGIN_MS - between(seededRandom(seed), 0, 48) * HOUR_MS;
  for (let turn = 0; ; turn++) {
    // Thousands of stays may lie before the first that counts: each costs one generator and no text.
    const random = seededRandom(seed + turn * SEED_STEP);
    const shape =
      bed.group === 'administrative'
        ? shapeAdministrative(placedMs, random)
        : shapeCriminal(placedMs, random);
    if (shape.endMs > atMs) yield { bed, caseId: caseIdOf(bed, shape.apprehendedMs), placedMs, ...shape };
    placedMs = shape.endMs + between(random, 2, 20) * MINUTE_MS;
  }
}

/** An odd number far from any pattern, so that the turns of a bed have nothing in common. */
const SEED_STEP = 0x9e3779b1;

/** Named by the minute of apprehension and the bed: another story gives another number. */
function caseIdOf(bed: Bed, apprehendedMs: number): CaseId {
  const [, region = '', facility = ''] = /^[a-z]{2}-(\w+)-itt-(\d+)$/.exec(bed.facilityId) ?? [];
  const minute = Math.floor((apprehendedMs - CHAIN_BEGIN_MS) / MINUTE_MS);
  return `cr-${region}-${facility}-${String(minute * 100 + bed.index).padStart(8, '0')}`;
}

type Shape = Omit<Stay, 'bed' | 'caseId' | 'placedMs'>;

/** At most three hours from delivery; one in fifteen comes near that. */
function shapeAdministrative(placedMs: number, random: Random): Shape {
  const deliveredMs = placedMs - between(random, 25, 40) * MINUTE_MS;
  const isSlow = random() < 0.06;
  return {
    apprehendedMs: deliveredMs - between(random, 12, 40) * MINUTE_MS,
    deliveredMs,
    suspicionMs: null,
    courtMs: null,
    decisionMs: null,
    endMs: deliveredMs + (isSlow ? between(random, 140, 172) : between(random, 95, 130)) * MINUTE_MS,
    end: 'RELEASED',
  };
}

/** Suspicion within 24 hours, court within 60, its decision within 72: most far before, a few not. */
function shapeCriminal(placedMs: number, random: Random): Shape {
  const deliveredMs = placedMs - between(random, 45, 75) * MINUTE_MS;
  const apprehendedMs = deliveredMs - between(random, 15, 50) * MINUTE_MS;
  const shape = { apprehendedMs, deliveredMs };
  if (random() < 0.2) {
    const endMs = apprehendedMs + between(random, 9, 17) * HOUR_MS;
    return { ...shape, suspicionMs: null, courtMs: null, decisionMs: null, endMs, end: 'RELEASED' };
  }
  const hoursToSuspicion = random() < 0.07 ? between(random, 20, 23.7) : between(random, 6, 17);
  const courtMs =
    random() < 0.07
      ? apprehendedMs + between(random, 51, 59.5) * HOUR_MS
      : courtHourFrom(apprehendedMs + 24.5 * HOUR_MS, random);
  const decisionMs = courtMs + between(random, 1, 4) * HOUR_MS;
  return {
    ...shape,
    suspicionMs: apprehendedMs + hoursToSuspicion * HOUR_MS,
    courtMs,
    decisionMs,
    endMs: decisionMs + between(random, 1, 5) * HOUR_MS,
    end: random() < 0.6 ? 'TRANSFERRED' : 'RELEASED',
  };
}

/** Courts sit by day: the next hour between 9:30 and 16:00, at most 17.5 hours and the sitting away. */
function courtHourFrom(fromMs: number, random: Random): number {
  const opensMs = nextKyivTime(fromMs, 9.5 * HOUR_MS);
  const sittingMs = 6.5 * HOUR_MS;
  const isSitting = fromMs > opensMs - 24 * HOUR_MS && fromMs < opensMs - 24 * HOUR_MS + sittingMs;
  return isSitting ? fromMs + between(random, 0, 30) * MINUTE_MS : opensMs + between(random, 0, 2) * HOUR_MS;
}
