import { z } from 'zod';

/**
 * Why people were where no camera showed them: only what is found out by looking;
 * `confidential` is as it should be, and is counted all the same.
 */
export const DARK_CAUSES = [
  /** A camera that is faulty or covered, or that is set wrongly. */
  'fault',
  /** Nothing of the facility gets through, or its uplink has no room. */
  'network',
  /** The record says that the power of the area has failed. */
  'power',
  'no-camera',
  /** A camera is off and nothing accounts for it: others of the facility show, and nobody has said why. */
  'unexplained',
  'confidential',
  /** Nobody looked: no replica was running, or none knew. Neither seen nor unseen. */
  'unknown',
] as const;
export const DarkCause = z.enum(DARK_CAUSES);
export type DarkCause = z.infer<typeof DarkCause>;

/** Time without video in seconds, by cause; causes without any are left out. */
export const DarkSeconds = z.array(z.object({ cause: DarkCause, seconds: z.number().min(0) }));
export type DarkSeconds = z.infer<typeof DarkSeconds>;
