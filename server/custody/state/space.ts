import type { Space } from '#contract/conditions.ts';
import { isValidAt, type Norms } from '../../../config/norms/norms.ts';
import type { AreaFacts } from './basis.ts';

/**
 * Room for the people in an area where people are held, as of an instant (milliseconds since the epoch); undefined while
 * nobody is there, and where nobody is held or the area is not known. Of several lines that say the same, the first.
 */
export function spaceOf(
  facts: AreaFacts | undefined,
  headcount: number,
  { norms, atMs }: { norms: Norms; atMs: number },
): Space | undefined {
  if (!facts || facts.capacity === 0 || headcount === 0) return undefined;
  const exact = facts.netAreaM2 / headcount;
  const below = norms.space
    .filter((set) => isValidAt(set, atMs))
    .flatMap((set) => set.lines.map((line) => ({ set, line })))
    .filter(({ line }) => exact < line.belowM2 && (!line.singleOnly || facts.capacity === 1))
    .sort((a, b) => a.line.belowM2 - b.line.belowM2)[0];
  return {
    // Rounded down: 3.999 is less than 4.
    m2PerPerson: Math.floor(exact * 100) / 100,
    ...(below ? { below: { normSet: below.set.id, limit: below.line.id }, level: below.line.level } : {}),
    ...(headcount > facts.capacity ? { overCapacity: true as const } : {}),
  };
}
