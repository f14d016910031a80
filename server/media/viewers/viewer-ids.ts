import type { ViewerId } from '#contract/ids.ts';

/**
 * A page that changes from one transport to another is two viewers for a while. Nodes know viewers by their ids only, and
 * both may be on the same node, so a page has two ids and takes them in turn.
 */
const SECOND = ':2';

/** The id that a page's other viewer has. */
export function toOtherId(viewerId: ViewerId): ViewerId {
  return viewerId.endsWith(SECOND) ? toPageId(viewerId) : `${viewerId}${SECOND}`;
}

/** The id that stands for the page, whichever of its viewers is asked about. */
export function toPageId(viewerId: ViewerId): ViewerId {
  return viewerId.endsWith(SECOND) ? viewerId.slice(0, -SECOND.length) : viewerId;
}
