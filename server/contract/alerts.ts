import { z } from 'zod';
import { FlagCategory, Severity } from './flags.ts';
import { AreaId, FacilityId, FlagId, Instant, LocalText, RegionId } from './ids.ts';
import { RoleId } from './session.ts';

/**
 * An alert: somebody is told of a flag, of what quiet hours held back, that watching itself gave reason to ask, or that
 * the path to them works.
 */
export const AlertId = z.uuid();
export type AlertId = z.infer<typeof AlertId>;

/**
 * Why somebody is told: the flag was `raised`; those who were told before have not answered (`unanswered`), or there was
 * nobody to tell before (`nobody`); it was `assigned` to them.
 */
export const AlertReason = z.enum(['raised', 'unanswered', 'nobody', 'assigned']);
export type AlertReason = z.infer<typeof AlertReason>;

/** A flag as an alert names it: where and how urgent, nothing of any person. */
export const AlertedFlag = z.strictObject({
  flagId: FlagId,
  regionId: RegionId,
  facilityId: FacilityId,
  areaId: AreaId.optional(),
  /** Area and facility, short. */
  place: LocalText,
  severity: Severity,
  category: FlagCategory,
  reason: AlertReason,
  at: Instant,
});
export type AlertedFlag = z.infer<typeof AlertedFlag>;

export const FlagAlert = AlertedFlag.extend({
  kind: z.literal('flag'),
  id: AlertId,
  /** The step of the escalation, from 1; 0 for what was assigned. */
  step: z.int().min(0),
});
export type FlagAlert = z.infer<typeof FlagAlert>;

/** What quiet hours held back, told when they end. */
export const DigestAlert = z.strictObject({
  kind: z.literal('digest'),
  id: AlertId,
  at: Instant,
  /** The newest ones. */
  items: z.array(AlertedFlag).min(1).max(50),
  total: z.int().min(1),
});
export type DigestAlert = z.infer<typeof DigestAlert>;

/** Proof that the path works; shown quietly. */
export const CanaryAlert = z.strictObject({ kind: z.literal('canary'), id: AlertId, at: Instant });
export type CanaryAlert = z.infer<typeof CanaryAlert>;

/**
 * Somebody watched one area for long in a night: for outside control alone. Where, and not whom: the name is on the page
 * that it leads to.
 */
export const WatchingAlert = z.strictObject({
  kind: z.literal('watching'),
  id: AlertId,
  at: Instant,
  findingId: z.uuid(),
  regionId: RegionId,
  /** Area and facility, short. */
  place: LocalText,
});
export type WatchingAlert = z.infer<typeof WatchingAlert>;

export const Alert = z.discriminatedUnion('kind', [FlagAlert, DigestAlert, CanaryAlert, WatchingAlert]);
export type Alert = z.infer<typeof Alert>;

/** Minutes of a day as people write them, `22:00`. */
export const LocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/**
 * When somebody wants no alerts, in the time zone of the nation. `days` are those on which it begins, 1 is Monday; an end
 * before the beginning is on the next day. Never for severity 1.
 */
export const QuietHours = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).max(7),
    from: LocalTime,
    to: LocalTime,
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must differ from the beginning' });
export type QuietHours = z.infer<typeof QuietHours>;

/** How a person wants to be told. */
export const AlertSettings = z.strictObject({
  sound: z.strictObject({
    /** The least urgent level that sounds; level 1 always does. */
    upTo: Severity,
    /** 0 to 1. */
    volume: z.number().min(0).max(1),
  }),
  quiet: QuietHours.nullable(),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

export const DEFAULT_ALERT_SETTINGS: AlertSettings = { sound: { upTo: 3, volume: 0.6 }, quiet: null };

/** How a channel that leaves the site does: `untried` since it was set up, or what became of the last attempts. */
export const ChannelState = z.strictObject({
  state: z.enum(['untried', 'working', 'failing']),
  since: Instant.nullable(),
  /** Messages that were given up. */
  dead: z.int().min(0),
});
export type ChannelState = z.infer<typeof ChannelState>;

/** Those of a role who are told first of what happens in a region. */
export const SilentPost = z.strictObject({ role: RoleId, regionId: RegionId, place: LocalText });
export type SilentPost = z.infer<typeof SilentPost>;
/** Posts that are named at most. */
export const MAX_SILENT_POSTS = 200;

/** Whether alerts reach people, as the hourly canary shows it. Channels that are off are null. */
export const AlertPath = z.strictObject({
  everyS: z.int().min(1),
  /** The last canary: when it was made, to how many accounts it went, on how many of them a page has shown it. */
  canary: z
    .strictObject({
      at: Instant,
      expected: z.int().min(0),
      shown: z.int().min(0),
      shownAt: Instant.nullable(),
      /** Where nobody's page has shown it, of all who are told first. Absent when there is no such post. */
      silent: z.array(SilentPost).min(1).max(MAX_SILENT_POSTS).optional(),
    })
    .nullable(),
  /** The last time that anybody's page showed one. */
  provedAt: Instant.nullable(),
  webhook: ChannelState.nullable(),
  push: ChannelState.nullable(),
});
export type AlertPath = z.infer<typeof AlertPath>;

/** What is wrong with the path, worst first. */
export type PathTrouble = 'late' | 'unanswered' | 'silent' | 'webhook' | 'push';

/** A canary may be so much later than its hour before that is called late, as a part of the time between two. */
const GRACE_PART = 12;
const LEAST_GRACE_MS = 20_000;

/**
 * What is wrong with the path at an instant (ms). A page can tell by itself: when no server makes canaries any more, none
 * tells it either. `sinceMs` is from when on there could have been one.
 */
export function pathTroubles(path: AlertPath, nowMs: number, sinceMs: number): PathTrouble[] {
  const everyMs = path.everyS * 1000;
  const graceMs = Math.max(LEAST_GRACE_MS, everyMs / GRACE_PART);
  const madeMs = path.canary ? Date.parse(path.canary.at) : sinceMs;
  const troubles: PathTrouble[] = [];
  if (nowMs > madeMs + everyMs + graceMs) troubles.push('late');
  else if (path.canary && nowMs > madeMs + graceMs) {
    if (path.canary.shown === 0) troubles.push('unanswered');
    else if (path.canary.silent) troubles.push('silent');
  }
  if (path.webhook?.state === 'failing') troubles.push('webhook');
  if (path.push?.state === 'failing') troubles.push('push');
  return troubles;
}

/** Messages on `/console`. Page → server messages are acknowledged with `ackOf`. */
export const ALERT_MESSAGES = {
  /** page → server, {} → AlertsFollowed: alerts of this person from now on */
  follow: 'alerts:follow',
  /** server → page, AlertsPending: not shown yet by any page of the person; sent again until one has */
  pending: 'alerts:pending',
  /** page → server, AlertClaim → AlertsClaimed: may this page show them? Only one page at a time may. */
  claim: 'alerts:claim',
  /** page → server, AlertIds → {}: they have been shown */
  shown: 'alerts:shown',
  /** server → page, AlertPath */
  path: 'alerts:path',
} as const;

export const AlertsPending = z.object({ alerts: z.array(Alert).max(200) });
export type AlertsPending = z.infer<typeof AlertsPending>;
export const AlertsFollowed = z.object({
  settings: AlertSettings,
  path: AlertPath,
  /** Public key of the server for Web Push, base64url; null when it is off. */
  pushKey: z.string().nullable(),
});
export type AlertsFollowed = z.infer<typeof AlertsFollowed>;
export const AlertIds = z.strictObject({ ids: z.array(AlertId).min(1).max(200) });
export type AlertIds = z.infer<typeof AlertIds>;
export const AlertsClaimed = z.object({ granted: z.array(AlertId).max(200) });
export type AlertsClaimed = z.infer<typeof AlertsClaimed>;

/** `GET /api/v1/assignees?region=`: accounts to which flags of a region may be assigned. */
export const AssigneeQuery = z.strictObject({ region: RegionId, facility: FacilityId.optional() });
export const Assignee = z.object({ username: z.string(), displayName: LocalText, role: RoleId });
export type Assignee = z.infer<typeof Assignee>;
export const AssigneeList = z.object({ items: z.array(Assignee), nextCursor: z.null() });
export type AssigneeList = z.infer<typeof AssigneeList>;

/** One step of a flag's escalation that was taken: who was told and what became of it. */
export const EscalationStepTaken = z.object({
  step: z.int().min(0),
  reason: AlertReason,
  at: Instant,
  to: z.array(RoleId),
  people: z.array(
    z.object({
      username: z.string(),
      /** `waiting` for a page; `held` by quiet hours; `shown`; `answered` before it was shown. */
      state: z.enum(['waiting', 'held', 'shown', 'answered']),
      at: Instant.nullable(),
    }),
  ),
});
export type EscalationStepTaken = z.infer<typeof EscalationStepTaken>;

/** `GET /api/v1/flags/{flagId}/escalation` */
export const FlagEscalation = z.object({
  steps: z.array(EscalationStepTaken),
  /** What comes if nobody answers. */
  next: z.object({ at: Instant, to: z.array(RoleId) }).nullable(),
});
export type FlagEscalation = z.infer<typeof FlagEscalation>;

/** A browser's subscription (W3C Push API), as `PushSubscription.toJSON()` gives it. */
export const PushSubscriptionBody = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).max(1_000),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{80,100}={0,2}$/),
    auth: z.string().regex(/^[A-Za-z0-9_-]{20,30}={0,2}$/),
  }),
});
export type PushSubscriptionBody = z.infer<typeof PushSubscriptionBody>;
export const PushSubscribed = z.object({ id: z.string(), until: Instant });
export type PushSubscribed = z.infer<typeof PushSubscribed>;

/** What goes out by Web Push and to the webhook: nothing of any person. */
export const OutsideAlert = z.strictObject({
  /** The same for every attempt. */
  id: AlertId,
  kind: z.enum(['flag', 'digest', 'canary', 'test', 'watching']),
  at: Instant,
  severity: Severity.optional(),
  /** Area and facility, short. */
  place: LocalText.optional(),
  regionId: RegionId.optional(),
  areaId: AreaId.optional(),
  flagId: FlagId.optional(),
  step: z.int().min(0).optional(),
  reason: AlertReason.optional(),
  /** Of a digest: how many. */
  total: z.int().min(1).optional(),
  /** Of a flag, and of watching: the page of Varta that it leads to, as a path. */
  link: z
    .string()
    .regex(/^\/(?!\/)/)
    .max(300)
    .optional(),
});
export type OutsideAlert = z.infer<typeof OutsideAlert>;
