import type { AuditActor } from '#contract/audit.ts';
import type { FeedId, RegionId } from '#contract/ids.ts';
import type { AuditDraft } from '../../audit/audit.ts';

/** Somebody was given the still of a feed. */
export interface Look {
  actor: AuditActor;
  feedId: FeedId;
  regionId: RegionId;
  /** When the picture was taken. */
  takenAt: string;
}

/** Feeds in one entry, so that no entry grows without a bound. */
const MAX_FEEDS_IN_ENTRY = 64;

/** Audit entries for these looks: one for each actor and region; each feed with the instant of the picture that was seen. */
export function toLookDrafts(
  looks: readonly Look[],
): { regionId: RegionId; draft: AuditDraft; looks: Look[] }[] {
  const open = new Map<string, Look[]>();
  const all: Look[][] = [];
  for (const look of looks) {
    const key = [look.regionId, look.actor.kind, look.actor.id].join(' ');
    let inside = open.get(key);
    if (
      !inside ||
      inside.length >= MAX_FEEDS_IN_ENTRY ||
      inside.some(({ feedId }) => feedId === look.feedId)
    ) {
      inside = [];
      open.set(key, inside);
      all.push(inside);
    }
    inside.push(look);
  }
  return all.flatMap((inside) => {
    const [first] = inside;
    if (!first) return [];
    const { regionId, actor } = first;
    const details = Object.fromEntries(inside.map(({ feedId, takenAt }) => [feedId, takenAt]));
    const draft = {
      actor,
      action: 'poster.view',
      resource: `region:${regionId}`,
      outcome: 'done',
      details,
    } as const;
    return [{ regionId, draft, looks: inside }];
  });
}

/** The same person at the same feed within this time is one look: a page that comes back to a tile asks again. */
export const LOOK_AGAIN_MS = 60_000;
/** Looks that are remembered; the oldest are forgotten first, and would then only be recorded once more. */
const MAX_REMEMBERED = 50_000;

/** Tells looks that are to be recorded from those that were recorded a moment ago. */
export class RecentLooks {
  readonly #at = new Map<string, number>();

  /** Whether this one is new; `nowMs` in milliseconds since the epoch. */
  isNew({ actor, feedId }: Look, nowMs: number): boolean {
    const key = `${actor.kind} ${actor.id} ${feedId}`;
    const before = this.#at.get(key);
    if (before !== undefined && nowMs - before < LOOK_AGAIN_MS) return false;
    this.#at.delete(key);
    this.#at.set(key, nowMs);
    const [oldest] = this.#at.keys();
    if (this.#at.size > MAX_REMEMBERED && oldest !== undefined) this.#at.delete(oldest);
    return true;
  }
}
