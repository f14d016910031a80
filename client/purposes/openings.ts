import type { FeedId } from '#contract/ids.ts';
import type { MediaSignal } from '../media/media-signal.ts';

/** What this page has opened, large and by itself, outside of its wall. The server asks once a session what for. */
export interface Openings {
  /** These and no others from now on. */
  open(feedIds: readonly FeedId[]): void;
  /** Something is another than before: what is opened is told once more. */
  again(): void;
  /** The server waits to be told what for. */
  isAsked(): boolean;
  /** Called when {@link isAsked} has changed. */
  subscribe(listener: () => void): () => void;
}

export function createOpenings({ signal }: { signal: Pick<MediaSignal, 'open'> }): Openings {
  const listeners = new Set<() => void>();
  let opened: readonly FeedId[] = [];
  let asked = false;
  /** Grows with every message: only the answer to the last one counts. */
  let told = 0;

  function set(next: boolean): void {
    if (asked === next) return;
    asked = next;
    for (const listener of listeners) listener();
  }

  async function tell(): Promise<void> {
    told += 1;
    const mine = told;
    const outcome = await signal.open(opened);
    if (mine === told) set(!outcome.ok && outcome.code === 'purpose_required');
  }

  return {
    open(feedIds) {
      opened = feedIds;
      void tell();
    },
    again() {
      if (opened.length > 0) void tell();
    },
    isAsked: () => asked,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
