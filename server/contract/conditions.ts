import { z } from 'zod';
import { Instant } from './ids.ts';

/** Room for the people who are held in an area; absent while it holds nobody. */
export const Space = z.strictObject({
  /** Net area in m² over the people inside, to the hundredth below. */
  m2PerPerson: z.number().min(0),
  /** The lowest line that this is below: norm set and limit, as in `echr` and `space-3`. */
  below: z.strictObject({ normSet: z.string().max(40), limit: z.string().max(40) }).optional(),
  level: z.enum(['note', 'amber', 'red']).optional(),
  overCapacity: z.literal(true).optional(),
});
export type Space = z.infer<typeof Space>;

/** The air as last measured: tenths of a degree, tens of ppm, per cent; to the minute. */
export const Air = z.strictObject({
  temperatureC: z.number().optional(),
  co2Ppm: z.number().optional(),
  humidityPct: z.number().optional(),
  at: Instant,
});
export type Air = z.infer<typeof Air>;

/**
 * Whether air is as it should be. The figures are ours: about 18 °C is said everywhere and written nowhere that was found,
 * and above 1,400 ppm of CO₂ a room is called badly aired. Nothing is flagged by them; they only decide what a page is told
 * without asking.
 */
export function isOrdinaryAir({ temperatureC = 20, co2Ppm = 0 }: Air): boolean {
  return temperatureC >= 18 && temperatureC <= 27 && co2Ppm <= 1_400;
}
