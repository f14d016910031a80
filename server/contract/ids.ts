import { z } from 'zod';

/** Lower-case slug: what every id that we mint looks like. Safe in URLs, Redis keys and file names. */
const slug = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);

/** ISO 3166-2 subdivision code, such as `UA-68`. */
export const RegionId = z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/);
export type RegionId = z.infer<typeof RegionId>;

/** A facility, such as `ua-68-itt-2`. */
export const FacilityId = slug;
export type FacilityId = z.infer<typeof FacilityId>;

/** A detention area, such as `ua-68-itt-2-cell-4`. It is what the wall tiles, filters and flags. */
export const AreaId = slug;
export type AreaId = z.infer<typeof AreaId>;

/** One camera's view of an area, such as `ua-68-itt-2-cell-4-cam-1`. */
export const FeedId = slug;
export type FeedId = z.infer<typeof FeedId>;

/** One person's stay, under a pseudonymous number, such as `cr-68-2-000123`. Never a name. */
export const CaseId = slug;
export type CaseId = z.infer<typeof CaseId>;

/** Chosen by the sender of an event; the same id twice is the same event. */
export const EventId = z.uuid();
export type EventId = z.infer<typeof EventId>;

export const FlagId = z.uuid();
export type FlagId = z.infer<typeof FlagId>;

/** One page or device that receives media; derived by the server from session and tab. */
export const ViewerId = z
  .string()
  .min(8)
  .max(128)
  .regex(/^[A-Za-z0-9_.:-]+$/);
export type ViewerId = z.infer<typeof ViewerId>;

/** One sfu process. */
export const NodeId = slug;
export type NodeId = z.infer<typeof NodeId>;

/** Identifiers that mediasoup gives (transports, consumers): UUIDs today, kept opaque. */
export const MediaObjectId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9-]+$/);
export type MediaObjectId = z.infer<typeof MediaObjectId>;

/** Instant with an offset, ISO 8601, as in `2026-11-22T14:05:00.000Z`. */
export const Instant = z.iso.datetime({ offset: true });
export type Instant = z.infer<typeof Instant>;

/** The same text in the languages of the interface. */
export const LocalText = z.strictObject({ uk: z.string().min(1).max(300), en: z.string().min(1).max(300) });
export type LocalText = z.infer<typeof LocalText>;
