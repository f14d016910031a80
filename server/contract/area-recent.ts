import { z } from 'zod';
import { Instant } from './ids.ts';

/** What a feed showed from an instant on. */
export const SIGHTS = [
  'idle',
  'connecting',
  'live',
  'stalled',
  'lost',
  'confidential',
  'frozen',
  'black',
  'covered',
  'faulty',
] as const;

/**
 * `check`: somebody looked in. `bell`, `answered`: the call bell. `came`, `left`: a person. `closed`, `opened`: nobody may
 * watch, and may again.
 */
export const PlainMoment = z.enum(['check', 'bell', 'answered', 'came', 'left', 'closed', 'opened']);
export type PlainMoment = z.infer<typeof PlainMoment>;

/** Something that happened in an area, without saying to whom: case numbers and names stay with the cases. */
export const AreaMoment = z.discriminatedUnion('kind', [
  z.object({ kind: PlainMoment, at: Instant }),
  /** People who were seen inside, whoever or whatever saw them; 0 for nobody. */
  z.object({ kind: z.literal('seen'), at: Instant, count: z.int().min(0) }),
  z.object({
    kind: z.literal('air'),
    at: Instant,
    temperatureC: z.number().optional(),
    co2Ppm: z.number().optional(),
    humidityPct: z.number().optional(),
  }),
  z.object({ kind: z.literal('video'), at: Instant, sight: z.enum(SIGHTS) }),
]);
export type AreaMoment = z.infer<typeof AreaMoment>;

/** How far back `GET /api/v1/areas/{areaId}/recent` looks. */
export const RECENT_MS = 3_600_000;

/** Newest first. */
export const AreaRecent = z.object({ from: Instant, items: z.array(AreaMoment), serverTime: Instant });
export type AreaRecent = z.infer<typeof AreaRecent>;
