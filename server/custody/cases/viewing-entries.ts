import { z } from 'zod';
import { AuditActor, type AuditEntry } from '#contract/audit.ts';
import type { CaseViewing } from '#contract/cases.ts';
import { type AreaId, FeedId } from '#contract/ids.ts';
import { SESSION_ABSOLUTE_MS } from '../../access/session.ts';
import type { PlacedSpan } from '../state/area-history.ts';

/** No viewing lasts longer, since no session does; an hour for what comes late. */
export const LONGEST_VIEWING_MS = SESSION_ABSOLUTE_MS + 3_600_000;

/** Who saw a feed from when on, on which page. The end is kept beside it, so that what began and what ended is one. */
export const Viewing = z.strictObject({
  fromMs: z.int(),
  feedId: FeedId,
  by: AuditActor,
  viewerId: z.string().max(200),
});
export type Viewing = z.infer<typeof Viewing>;

/** What an entry of the audit says of viewings: begun (`toMs` undefined) or ended. Nothing if it is about something else. */
export function viewingsIn({
  action,
  actor,
  details,
}: AuditEntry): { viewing: Viewing; toMs: number | undefined }[] {
  const isBegin = action === 'viewing.begin';
  if (!isBegin && action !== 'viewing.end') return [];
  const { viewerId, ...feeds } = details;
  return Object.entries(feeds).flatMap(([feedId, interval]) => {
    const [from = '', to = ''] = String(interval).split('/');
    const viewing = Viewing.safeParse({
      fromMs: Date.parse(from),
      feedId,
      by: actor,
      viewerId: String(viewerId),
    });
    const toMs = Date.parse(to);
    if (!viewing.success || (!isBegin && Number.isNaN(toMs))) return [];
    return [{ viewing: viewing.data, toMs: isBegin ? undefined : toMs }];
  });
}

/** A viewing of an area as it concerns who was there for a time; undefined if it does not. */
export function withinStay(
  { viewing, toMs }: { viewing: Viewing; toMs: number | undefined },
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
  };
}

/** Where an area is. */
export type AreaOf = (feedId: FeedId) => AreaId | undefined;
