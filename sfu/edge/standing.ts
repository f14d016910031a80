import type { FeedId } from '#contract/ids.ts';

/** Demands that the server has not said again this long after a connect stand no more. Milliseconds. */
export const CONFIRM_MS = 10_000;
/** Without a server for this long nobody can be watching: grants live for 15 s. Milliseconds. */
export const FORSAKEN_MS = 30_000;

/** The connection to the server as it is, and since when (ms, any clock). */
export interface Contact {
  connected: boolean;
  since: number;
  /** Feeds of which something was said since. */
  confirmed: ReadonlySet<FeedId>;
}

/** Of the feeds that are demanded, those whose demand cannot be believed any more. */
export function outdated(demanded: Iterable<FeedId>, contact: Contact, now: number): FeedId[] {
  const age = now - contact.since;
  if (!contact.connected) return age >= FORSAKEN_MS ? [...demanded] : [];
  if (age < CONFIRM_MS) return [];
  return [...demanded].filter((feedId) => !contact.confirmed.has(feedId));
}
