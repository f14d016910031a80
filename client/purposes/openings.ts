import type { FeedId } from '#contract/ids.ts';
import type { MediaSignal } from '../media/media-signal.ts';
import type { Outcome } from '../session/failure.ts';

/** What this page has opened, large and by itself, outside of its wall. The server asks once a session what for. */
export interface Openings {
  /** These and no others from now on. `purpose_required`: nobody has said yet what for. */
  open(feedIds: readonly FeedId[]): Promise<Outcome<unknown>>;
  /** The connection is there again: the server does not remember it. */
  handleOpen(): void;
}

export function createOpenings({ signal }: { signal: Pick<MediaSignal, 'open'> }): Openings {
  let opened: readonly FeedId[] = [];
  return {
    open(feedIds) {
      opened = feedIds;
      return signal.open(feedIds);
    },
    handleOpen() {
      if (opened.length > 0) void signal.open(opened);
    },
  };
}
