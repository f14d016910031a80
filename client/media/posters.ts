import { type FeedId, Instant } from '#contract/ids.ts';
import { POSTER_MAX_BYTES, POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';

/** A still picture. Never shown without its age. */
export interface Still {
  /** Of this page only; good while the still is kept. */
  url: string;
  /** When it was taken. Server clock. */
  atMs: number;
}

interface Question {
  /** Smaller is served first. */
  priority: number;
  signal: AbortSignal;
}

/** The last stills of feeds. */
export interface Posters extends Disposable {
  /** What is known already. */
  known(feedId: FeedId): Still | undefined;
  /** Asks for the newest one; gives what is known when there is no newer one, or when nobody waits any more. */
  ask(feedId: FeedId, question: Question): Promise<Still | undefined>;
  /** The area is closed: not even a memory of it is kept. */
  forget(feedId: FeedId): void;
}

interface Ports {
  fetch: typeof fetch;
  createUrl(blob: Blob): string;
  revokeUrl(url: string): void;
  monotonicMs(): number;
}

/** Two pages of the largest wall. The longest unused goes first. */
export const MAX_STILLS = 192;
/** A browser has six connections to a server; two stay free for what people do. */
export const MAX_ASKING = 4;
/** Waiting beyond this means that nobody will be there to see it. The least important is dropped. */
const MAX_WAITING = 192;
/** An answer, be it that there is none, is not asked for again within this time. */
const FRESH_MS = 10_000;
const TIMEOUT_MS = 8_000;

interface Waiting extends Question {
  feedId: FeedId;
  done(still: Still | undefined): void;
}

export function createPosters({ fetch, createUrl, revokeUrl, monotonicMs }: Ports): Posters {
  const stills = new Map<FeedId, Still>();
  const askedAtMs = new Map<FeedId, number>();
  const closed = new AbortController();
  let waiting: Waiting[] = [];
  const loading = new Set<FeedId>();

  function isFresh(feedId: FeedId): boolean {
    return monotonicMs() - (askedAtMs.get(feedId) ?? -Infinity) < FRESH_MS;
  }

  /** Takes those out for whom this is true, and answers them with what is known. */
  function settle(isDone: (one: Waiting) => boolean): void {
    const done = new Set(waiting.filter(isDone));
    waiting = waiting.filter((one) => !done.has(one));
    for (const one of done) one.done(stills.get(one.feedId));
  }

  function known(feedId: FeedId): Still | undefined {
    const still = stills.get(feedId);
    if (still) {
      // The end of a map is its youngest.
      stills.delete(feedId);
      stills.set(feedId, still);
    }
    return still;
  }

  function forget(feedId: FeedId): void {
    const still = stills.get(feedId);
    stills.delete(feedId);
    askedAtMs.delete(feedId);
    if (still) revokeUrl(still.url);
  }

  function keep(feedId: FeedId, blob: Blob, atMs: number): Still {
    const before = stills.get(feedId);
    if (before && before.atMs >= atMs) return before;
    forget(feedId);
    const still = { url: createUrl(blob), atMs };
    stills.set(feedId, still);
    const [oldest] = stills.keys();
    if (stills.size > MAX_STILLS && oldest !== undefined) forget(oldest);
    return still;
  }

  function noteAsked(feedId: FeedId): void {
    askedAtMs.delete(feedId);
    askedAtMs.set(feedId, monotonicMs());
    const [oldest] = askedAtMs.keys();
    if (askedAtMs.size > 2 * MAX_STILLS && oldest !== undefined) askedAtMs.delete(oldest);
  }

  async function load({ feedId, signal }: Waiting): Promise<Still | undefined> {
    try {
      const reply = await fetch(`/api/v1/feeds/${encodeURIComponent(feedId)}/poster.jpg`, {
        signal: AbortSignal.any([signal, closed.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        cache: 'no-store',
      });
      if (!reply.ok) {
        // Closed or gone since: what we had is not to be shown either.
        if (reply.status === 403 || reply.status === 404) forget(feedId);
        noteAsked(feedId);
        return known(feedId);
      }
      const takenAt = Instant.safeParse(reply.headers.get(POSTER_TAKEN_AT_HEADER));
      const blob = await reply.blob();
      if (signal.aborted || closed.signal.aborted) return undefined;
      const isUsable = takenAt.success && blob.size > 0 && blob.size <= POSTER_MAX_BYTES;
      const still = isUsable ? keep(feedId, blob, Date.parse(takenAt.data)) : known(feedId);
      noteAsked(feedId);
      return still;
    } catch {
      return known(feedId);
    }
  }

  function pump(): void {
    // One answer is for everybody who waits for the same still.
    settle(({ feedId, signal }) => signal.aborted || isFresh(feedId));
    waiting.sort((a, b) => a.priority - b.priority);
    const tooMany = new Set(waiting.slice(MAX_WAITING));
    settle((one) => tooMany.has(one));
    while (loading.size < MAX_ASKING) {
      const next = waiting.find(({ feedId }) => !loading.has(feedId));
      if (!next) return;
      waiting = waiting.filter((one) => one !== next);
      loading.add(next.feedId);
      void load(next).then((still) => {
        loading.delete(next.feedId);
        next.done(still);
        pump();
      });
    }
  }

  return {
    known,
    ask(feedId, { priority, signal }) {
      const still = known(feedId);
      if (isFresh(feedId) || signal.aborted || closed.signal.aborted) return Promise.resolve(still);
      return new Promise((done) => {
        waiting.push({ feedId, priority, signal, done });
        signal.addEventListener('abort', pump, { once: true });
        pump();
      });
    },
    forget,
    [Symbol.dispose]() {
      closed.abort();
      for (const { done } of waiting.splice(0)) done(undefined);
      for (const feedId of [...stills.keys()]) forget(feedId);
    },
  };
}
