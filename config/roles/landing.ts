import type { RoleId } from '#contract/session.ts';

/** The page that is made for a hand: one alert at a time. */
export const ONCALL_PAGE = '/oncall';

/** All that is open, with what there is on each beside it. */
export const QUEUE_PAGE = '/flags';

/** What names a flag in the address of the queue; `flag` is the filter's, for a level. */
export const QUEUE_FLAG = 'id';

/** Where outside control is told how areas were watched. */
export const WATCHING_PAGE = '/audit/watching';

/** Where somebody who has just signed in is led who asked for no page; the wall for all others. */
const LANDING: Partial<Record<RoleId, string>> = { oncall: ONCALL_PAGE };

/** The page for whoever has signed in: the one that was asked for (a path), or the role's own. */
export function landingOf(role: RoleId | undefined, asked: string): string {
  return asked === '/' && role !== undefined ? (LANDING[role] ?? asked) : asked;
}

/**
 * Where the alert of a flag leads whom it goes to: a phone in a pocket to the page made for it, a desk to the tile, or
 * where a whole facility has none, to the flag in the queue.
 */
export function alertLinkOf(
  role: RoleId | undefined,
  { flagId, areaId }: { flagId: string; areaId?: string | undefined },
): string {
  if (role === undefined || LANDING[role] === ONCALL_PAGE)
    return `${ONCALL_PAGE}?flag=${encodeURIComponent(flagId)}`;
  return areaId === undefined
    ? `${QUEUE_PAGE}?${QUEUE_FLAG}=${encodeURIComponent(flagId)}`
    : `/?area=${encodeURIComponent(areaId)}`;
}
