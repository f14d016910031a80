import { z } from 'zod';
import { AreaId, FacilityId, FlagId, Instant, RegionId } from './ids.ts';

export const FlagCategory = z.enum([
  'self-harm',
  'medical',
  'force',
  'restraint',
  'overcrowding',
  'separation',
  'deadline',
  'missed-check',
  'no-video',
  'camera-fault',
  'record-mismatch',
  'complaint',
  'other',
]);
export type FlagCategory = z.infer<typeof FlagCategory>;

/** 1 now · 2 soon · 3 watch · 4 review. */
export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Severity = z.infer<typeof Severity>;

export const FlagState = z.enum(['raised', 'acknowledged', 'assigned', 'resolved', 'dismissed']);
export type FlagState = z.infer<typeof FlagState>;

/**
 * The steps that a flag can take from each state. Forward only, and steps may be left out; what is closed stays closed
 * (the area gets a new flag). Assigning again hands the flag to somebody else.
 */
export const FLAG_TRANSITIONS: Readonly<Record<FlagState, readonly FlagState[]>> = {
  raised: ['acknowledged', 'assigned', 'resolved', 'dismissed'],
  acknowledged: ['assigned', 'resolved', 'dismissed'],
  assigned: ['assigned', 'resolved', 'dismissed'],
  resolved: [],
  dismissed: [],
};

/** Who did it: a person by user name, a rule by its id, or an outside hotline by that of its key. */
export const Actor = z.strictObject({
  kind: z.enum(['person', 'rule', 'intake']),
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
});
export type Actor = z.infer<typeof Actor>;

export const FlagStep = z.strictObject({
  state: FlagState,
  by: Actor,
  at: Instant,
  reason: z.string().max(500).optional(),
  assignee: z.string().max(64).optional(),
});
export type FlagStep = z.infer<typeof FlagStep>;

/** Calls that a flag keeps. */
export const MAX_CALLS = 50;

/** A call because of a flag: who was spoken to, and what was said. */
export const FlagCall = z.strictObject({
  id: z.uuid(),
  by: Actor,
  at: Instant,
  /** Whom they called, in their words: an office, or somebody in it. */
  called: z.string().min(1).max(120),
  /** Somebody answered. */
  reached: z.boolean(),
  said: z.string().max(500),
});
export type FlagCall = z.infer<typeof FlagCall>;

/** How long a flag can be put aside at once; what is offered, and the bounds. Our judgment: half a shift at the most. */
export const SHELF_MINUTES = [15, 60, 240] as const;
const LEAST_SHELF_MINUTES = 1;
const MOST_SHELF_MINUTES = Math.max(...SHELF_MINUTES);
/** Times that one flag can be put aside. */
export const MAX_SHELVINGS = 20;

/** A flag was put aside until a time, with a reason. It stays open: only its place among the alarms is free meanwhile. */
export const FlagShelving = z.strictObject({
  id: z.uuid(),
  by: Actor,
  at: Instant,
  until: Instant,
  reason: z.string().min(3).max(500),
  /** Somebody took it back before that, or assigned the flag. */
  ended: z.strictObject({ by: Actor, at: Instant }).optional(),
});
export type FlagShelving = z.infer<typeof FlagShelving>;

export const Flag = z.strictObject({
  id: FlagId,
  regionId: RegionId,
  facilityId: FacilityId,
  /** Absent when the whole facility needs somebody. */
  areaId: AreaId.optional(),
  category: FlagCategory,
  severity: Severity,
  note: z.string().max(500),
  /** The rule that raised it, and what the rule's wording needs; a person's flag has none. */
  rule: z
    .strictObject({
      id: z.string().min(1).max(64),
      params: z.record(z.string().max(40), z.union([z.string().max(200), z.number()])),
    })
    .optional(),
  state: FlagState,
  /** Every step since it was raised, oldest first; the first is the raising. */
  history: z.array(FlagStep).min(1).max(100),
  /** Calls because of it, oldest first; they change nothing of its state. @default none */
  calls: z.array(FlagCall).max(MAX_CALLS).optional(),
  /** When it was put aside, oldest first; that changes nothing of its state. @default never */
  shelvings: z.array(FlagShelving).max(MAX_SHELVINGS).optional(),
  /** Grows by one with every step; a transition names the version that it was decided on. */
  version: z.int().min(1),
});
export type Flag = z.infer<typeof Flag>;

/** A flag that still needs somebody. */
export function isOpenFlag(flag: Flag): boolean {
  return flag.state !== 'resolved' && flag.state !== 'dismissed';
}

/** By what a flag is put aside at an instant (ms since the epoch), if it is. It comes back by itself: nobody has to do it. */
export function shelvingAt(flag: Flag, nowMs: number): FlagShelving | undefined {
  const last = flag.shelvings?.at(-1);
  if (!last || last.ended || Date.parse(last.until) <= nowMs) return undefined;
  return isOpenFlag(flag) && flag.severity !== 1 ? last : undefined;
}

/** Why a flag cannot be put aside by somebody (a user name); undefined when it can, as far as it is not put aside already. */
export function whyNotShelved(
  flag: Flag,
  username: string,
): 'closed' | 'now' | 'unanswered' | 'anothers' | undefined {
  if (!isOpenFlag(flag)) return 'closed';
  if (flag.severity === 1) return 'now';
  // Until somebody has answered, it is told on and on: that is held by nothing.
  if (flag.state === 'raised') return 'unanswered';
  // Whoever has to deal with it has it in sight until they themselves put it aside.
  const isAnothers = flag.state === 'assigned' && flag.history.at(-1)?.assignee !== username;
  return isAnothers ? 'anothers' : undefined;
}

export const RaiseFlagBody = z
  .strictObject({
    /** Chosen by the caller, so that a repeated request raises one flag; without it, every request raises another. */
    id: FlagId.optional(),
    /** The area that needs somebody; or `facilityId`, when it is the whole facility. */
    areaId: AreaId.optional(),
    facilityId: FacilityId.optional(),
    category: FlagCategory,
    severity: Severity,
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ areaId, facilityId }) => (areaId === undefined) !== (facilityId === undefined), {
    path: ['areaId'],
    message: 'name either an area or a facility',
  });
export type RaiseFlagBody = z.infer<typeof RaiseFlagBody>;

export const FlagTransitionBody = z.strictObject({
  to: z.enum(['acknowledged', 'assigned', 'resolved', 'dismissed']),
  /** Needed to resolve or dismiss. */
  reason: z.string().trim().min(3).max(500).optional(),
  /** Needed to assign: a user name. */
  assignee: z.string().min(1).max(64).optional(),
  /** The version that the decision was made on; another one is refused with `conflict`. Without it, the present one. */
  version: z.int().min(1).optional(),
});
export type FlagTransitionBody = z.infer<typeof FlagTransitionBody>;

export const FlagCallBody = z
  .strictObject({
    /** Chosen by the caller, so that a repeated request puts one call down. */
    id: z.uuid(),
    called: z.string().trim().min(2).max(120),
    reached: z.boolean(),
    /** Needed when somebody answered. */
    said: z.string().trim().max(500).default(''),
  })
  .refine(({ reached, said }) => !reached || said.length >= 3, {
    path: ['said'],
    message: 'put down what was said',
  });
export type FlagCallBody = z.infer<typeof FlagCallBody>;

export const ShelveFlagBody = z.strictObject({
  /** Chosen by the caller, so that a repeated request puts it aside once. */
  id: z.uuid(),
  minutes: z.int().min(LEAST_SHELF_MINUTES).max(MOST_SHELF_MINUTES),
  reason: z.string().trim().min(3).max(500),
});
export type ShelveFlagBody = z.infer<typeof ShelveFlagBody>;

export const FlagQuery = z.strictObject({
  region: RegionId.optional(),
  /** Flags on the facility and on its areas. */
  facility: FacilityId.optional(),
  area: AreaId.optional(),
  state: z.enum(['open', 'closed', 'all']).default('open'),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type FlagQuery = z.infer<typeof FlagQuery>;

/** Newest first. */
export const FlagPage = z.object({ items: z.array(Flag), nextCursor: z.string().nullable() });
export type FlagPage = z.infer<typeof FlagPage>;
