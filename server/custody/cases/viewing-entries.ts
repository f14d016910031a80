import { z } from 'zod';
import { AuditActor, type AuditEntry } from '#contract/audit.ts';
import type { CaseViewing } from '#contract/cases.ts';
import { type AreaId, FeedId, type RegionId } from '#contract/ids.ts';
import { PurposeId } from '#contract/personal.ts';
import { SESSION_ABSOLUTE_MS } from '../../access/session.ts';
import type { PlacedSpan } from '../state/spans.ts';

/** No viewing lasts longer, since no session does; an hour for what comes late. */
export const LONGEST_VIEWING_MS = SESSION_ABSOLUTE_MS + 3_600_000;

/** Who saw a feed from when on, on which page. The end is kept beside it, so that what began and what ended is one. */
export const Viewing = z.strictObject({
  fromMs: z.int(),
  feedId: FeedId,
  by: AuditActor,
  viewerId: z.string().max(200),
  /** What the area was opened for; absent on a wall. */
  purpose: PurposeId.optional(),
});
export type Viewing = z.infer<typeof Viewing>;

/** A viewing as an entry tells of it. */
export interface ToldViewing {
  viewing: Viewing;
  /** Undefined while it goes on. */
  toMs: number | undefined;
  /** Seconds in which it could truly be seen, as the page said; undefined if it said nothing, or has not yet. */
  seen?: SeenSeconds | undefined;
}

/** `high`: those of the seconds in which the picture was a large one. */
export const SeenSeconds = z.object({ seconds: z.int().min(0), high: z.int().min(0) });
export type SeenSeconds = z.infer<typeof SeenSeconds>;

/** What an entry of the audit says of viewings: begun (`toMs` undefined) or ended. Nothing if it is about something else. */
export function viewingsIn({ action, actor, details }: AuditEntry): ToldViewing[] {
  const isBegin = action === 'viewing.begin';
  if (!isBegin && action !== 'viewing.end') return [];
  const { viewerId, shift: _shift, ...feeds } = details;
  return Object.entries(feeds).flatMap(([feedId, told]) => {
    const [interval = '', ...words] = String(told).split(' ');
    const claims = Object.fromEntries(words.map((word) => word.split('=')));
    const [from = '', to = ''] = interval.split('/');
    const viewing = Viewing.safeParse({
      fromMs: Date.parse(from),
      feedId,
      by: actor,
      viewerId: String(viewerId),
      ...(claims.for === undefined ? {} : { purpose: claims.for }),
    });
    const toMs = Date.parse(to);
    if (!viewing.success || (!isBegin && Number.isNaN(toMs))) return [];
    return [{ viewing: viewing.data, toMs: isBegin ? undefined : toMs, seen: seenIn(claims) }];
  });
}

/** What stands after an interval: `seen=83 high=3`. */
function seenIn({ seen, high }: Record<string, string | undefined>): SeenSeconds | undefined {
  return SeenSeconds.safeParse({ seconds: Number(seen), high: Number(high) }).data;
}

/** A viewing of an area as it concerns who was there for a time; undefined if it does not. */
export function withinStay(
  { viewing, toMs, seen }: ToldViewing,
  { areaId, span: [stayFromMs, stayUntilMs] }: PlacedSpan,
  nowMs: number,
): CaseViewing | undefined {
  const untilMs = stayUntilMs ?? nowMs;
  // The replica that would have noted the end died before it could.
  const isEndLost = toMs === undefined && nowMs - viewing.fromMs > LONGEST_VIEWING_MS;
  const endMs = isEndLost ? viewing.fromMs : Math.min(toMs ?? nowMs, untilMs);
  const fromMs = Math.max(viewing.fromMs, stayFromMs);
  if (fromMs > untilMs || endMs < fromMs) return undefined;
  const goesOn = toMs === undefined && stayUntilMs === null;
  return {
    by: viewing.by,
    areaId,
    feedId: viewing.feedId,
    from: new Date(fromMs).toISOString(),
    to: goesOn || isEndLost ? null : new Date(endMs).toISOString(),
    seconds: Math.round((endMs - fromMs) / 1_000),
    ...(viewing.purpose === undefined ? {} : { purpose: viewing.purpose }),
    ...(seen
      ? { seen: withinPart(seen, (endMs - fromMs) / Math.max(1, (toMs ?? endMs) - viewing.fromMs)) }
      : {}),
  };
}

/** Of what could be seen, the share that falls to a part of the viewing: when within it that was, nobody says. */
export function withinPart({ seconds, high }: SeenSeconds, part: number): SeenSeconds {
  const share = Math.min(1, part);
  return { seconds: Math.round(seconds * share), high: Math.round(high * share) };
}

/** Viewings of an area, of whoever watched, or of a whole region. */
export type ViewingList = { regionId: RegionId } & (
  | { areaId: AreaId }
  | { actorId: string }
  | { areaId?: undefined; actorId?: undefined }
);

/** Where an area is. */
export type AreaOf = (feedId: FeedId) => AreaId | undefined;
