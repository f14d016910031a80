import type { FeedId } from '#contract/ids.ts';

interface Change {
  opened: FeedId[];
  closed: FeedId[];
}

/** What a page sees over all of its viewers: while it moves it has a feed twice, and sees it once. */
export class FeedCounts {
  readonly #counts = new Map<FeedId, number>();

  /** One viewer's change; gives what it changes for the page. */
  apply({ opened, closed }: Change): Change {
    const change: Change = { opened: [], closed: [] };
    for (const feedId of opened) {
      const count = this.#counts.get(feedId) ?? 0;
      if (count === 0) change.opened.push(feedId);
      this.#counts.set(feedId, count + 1);
    }
    for (const feedId of closed) {
      const count = this.#counts.get(feedId) ?? 0;
      if (count === 1) change.closed.push(feedId);
      if (count > 1) this.#counts.set(feedId, count - 1);
      else this.#counts.delete(feedId);
    }
    return change;
  }
}
