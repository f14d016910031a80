import { z } from 'zod';
import { Instant, RegionId } from './ids.ts';
import { RoleId } from './session.ts';

/** Who finds what somebody kept among theirs, beside who made it. No permission: what one may not see stays unseen. */
export const Sharing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('own') }),
  z.strictObject({ kind: z.literal('role'), role: RoleId }),
  z.strictObject({ kind: z.literal('region'), regionId: RegionId }),
]);
export type Sharing = z.infer<typeof Sharing>;

/** What is known of anything that people keep on the server, whatever it is. */
export const Kept = z.strictObject({
  id: z.uuid(),
  name: z.string().trim().min(1).max(80),
  /** Grows by one with every change. */
  version: z.int().min(1),
  shared: Sharing,
  /** User name of who made it. */
  owner: z.string().min(1).max(64),
  changedBy: z.string().min(1).max(64),
  changedAt: Instant,
});
export type Kept = z.infer<typeof Kept>;

/** A change names the thing and the version that it was decided on; neither makes a new one. */
export const SaveFields = z.strictObject({
  shared: Sharing.default({ kind: 'own' }),
  id: z.uuid().optional(),
  version: z.int().min(1).optional(),
});

/** `POST …/removal`. */
export const RemoveKeptBody = z.strictObject({ version: z.int().min(1) });
