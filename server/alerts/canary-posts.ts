import type { SilentPost } from '#contract/alerts.ts';
import type { Region } from '#contract/nation.ts';
import { type EscalationSet, firstToldOf } from '../../config/escalation/escalation.ts';
import type { Account } from '../access/account.ts';
import { recipientsOf } from './recipients.ts';

/** Where flags of a region come first: those of a role who answer for it. */
export interface Post extends SilentPost {
  /** User names; never empty. */
  people: readonly string[];
}

/** Every post of the nation that has anybody, by the order of escalation that holds at an instant (ms). */
export function postsOf(
  accounts: readonly Account[],
  { regions, sets, nowMs }: { regions: readonly Region[]; sets: readonly EscalationSet[]; nowMs: number },
): Post[] {
  return regions.flatMap(({ id: regionId, name }) =>
    firstToldOf(sets, { regionId, atMs: nowMs })
      .map((role) => ({
        role,
        regionId,
        place: name,
        people: recipientsOf(accounts, [role], { kind: 'region', regionId }),
      }))
      .filter(({ people }) => people.length > 0),
  );
}

/** Posts to which a canary was sent, and where no page of anybody has shown it. */
export function silentPosts(
  posts: readonly Post[],
  { sentTo, shownBy }: { sentTo: readonly string[]; shownBy: readonly string[] },
): SilentPost[] {
  const sent = new Set(sentTo);
  const shown = new Set(shownBy);
  return posts
    .filter(({ people }) => people.some((one) => sent.has(one)) && !people.some((one) => shown.has(one)))
    .map(({ role, regionId, place }) => ({ role, regionId, place }));
}
