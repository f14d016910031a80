import type { FeedId, RegionId, ViewerId } from '#contract/ids.ts';
import type { MediaSeen } from '#contract/media.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { Principal } from '../../access/decide.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { toAuditActor } from '../../audit/audit.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { Log } from '../ports.ts';
import { type SeenTime, toViewingDrafts, type ViewingNote } from './viewing-drafts.ts';

/** Viewings are written together, this often. */
const FLUSH_MS = 3_000;
/** Notes that may wait for the audit; 192 feeds of 200 consoles opened and closed. Beyond, nothing more is shown. */
export const MAX_PENDING = 80_000;

interface ViewingLogOptions {
  audit: Pick<AuditLog, 'append'>;
  regionOf(feedId: FeedId): RegionId | undefined;
  log: Log;
  now(): number;
}

interface OpenViewing {
  fromMs: number;
  /** Undefined until the page has said anything. */
  seen: SeenTime | undefined;
  /** What the area was opened for; undefined on a wall. */
  purpose: PurposeId | undefined;
}

/** Feeds that a page has opened, with what for. */
type Purposes = ReadonlyMap<FeedId, PurposeId>;
export const NOTHING_OPENED: Purposes = new Map();

interface Watcher {
  principal: Principal;
  viewerId: ViewerId;
}

/** Records who saw which feed from when to when, in the audit chain of the feed's region. */
export class ViewingLog implements AsyncDisposable {
  readonly #options: ViewingLogOptions;
  readonly #flushing: Repeated;
  readonly #open = new Map<ViewerId, Map<FeedId, OpenViewing>>();
  /** What pages have opened, and what for. */
  readonly #purposes = new Map<ViewerId, Purposes>();
  #pending: ViewingNote[] = [];

  constructor(options: ViewingLogOptions) {
    this.#options = options;
    this.#flushing = repeat(() => this.#flush(), {
      everyMs: FLUSH_MS,
      onError: (error) => options.log.warn({ err: error }, 'viewings not written yet'),
    });
  }

  /** False when so much waits for the audit that no more may be shown: what is seen must be on record. */
  get hasRoom(): boolean {
    return this.#pending.length < MAX_PENDING;
  }

  note(watcher: Watcher, change: { opened: readonly FeedId[]; closed: readonly FeedId[] }): void {
    const atMs = this.#options.now();
    const actor = toAuditActor(watcher.principal);
    const shift = shiftOf(watcher.principal);
    const open = this.#open.get(watcher.viewerId) ?? new Map<FeedId, OpenViewing>();
    for (const feedId of change.opened) {
      const purpose = this.#purposes.get(watcher.viewerId)?.get(feedId);
      open.set(feedId, { fromMs: atMs, seen: undefined, purpose });
      this.#add({ kind: 'begin', actor, shift, viewerId: watcher.viewerId, feedId, fromMs: atMs, purpose });
    }
    for (const feedId of change.closed) {
      const viewing = open.get(feedId) ?? { fromMs: atMs, seen: undefined, purpose: undefined };
      open.delete(feedId);
      this.#add({ kind: 'end', actor, shift, viewerId: watcher.viewerId, feedId, ...viewing, toMs: atMs });
    }
    if (open.size > 0) this.#open.set(watcher.viewerId, open);
    else this.#open.delete(watcher.viewerId);
  }

  /**
   * What a page has opened from now on, and what for. To open an area that it saw already, or to go back to the wall from
   * it, ends a viewing and begins another: each has one purpose, or none.
   */
  open(watcher: Watcher, purposes: Purposes): void {
    const before = this.#purposes.get(watcher.viewerId) ?? NOTHING_OPENED;
    if (purposes.size > 0) this.#purposes.set(watcher.viewerId, purposes);
    else this.#purposes.delete(watcher.viewerId);
    const watched = this.#open.get(watcher.viewerId);
    const changed = [...new Set([...before.keys(), ...purposes.keys()])].filter((feedId) => {
      const viewing = watched?.get(feedId);
      return viewing !== undefined && viewing.purpose !== purposes.get(feedId);
    });
    if (changed.length === 0) return;
    this.note(watcher, { opened: [], closed: changed });
    this.note(watcher, { opened: changed, closed: [] });
  }

  /**
   * What could be seen on a page since it last said so. It cannot claim what it is not sent, nor more than the time since
   * the viewing began.
   */
  noteSeen(viewerId: ViewerId, feeds: MediaSeen['feeds']): void {
    const open = this.#open.get(viewerId);
    for (const { feedId, layer, ms } of feeds) {
      const viewing = open?.get(feedId);
      if (!viewing) continue;
      const servedMs = this.#options.now() - viewing.fromMs;
      const { ms: before, highMs } = viewing.seen ?? { ms: 0, highMs: 0 };
      const more = Math.max(0, Math.min(ms, servedMs - before));
      viewing.seen = { ms: before + more, highMs: highMs + (layer === 'high' ? more : 0) };
    }
  }

  /** A viewing began that may end on another replica: who notes its end knows when it began. */
  noteBegin(
    watcher: Watcher,
    begun: { feedId: FeedId; fromMs: number; purpose?: PurposeId | undefined },
  ): void {
    const actor = toAuditActor(watcher.principal);
    this.#add({ kind: 'begin', actor, viewerId: watcher.viewerId, ...begun });
  }

  /** Writes what waits, as far as the audit can be reached. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flushing[Symbol.asyncDispose]();
    await this.#flush().catch((error: unknown) =>
      this.#options.log.error({ err: error, lost: this.#pending.length }, 'viewings not written at the end'),
    );
  }

  #add(
    note:
      | Omit<Extract<ViewingNote, { kind: 'begin' }>, 'regionId'>
      | Omit<Extract<ViewingNote, { kind: 'end' }>, 'regionId'>,
  ): void {
    const regionId = this.#options.regionOf(note.feedId);
    if (regionId !== undefined) this.#pending.push({ ...note, regionId });
  }

  async #flush(): Promise<void> {
    const notes = this.#pending;
    if (notes.length === 0) return;
    this.#pending = [];
    const drafts = toViewingDrafts(notes);
    const results = await Promise.allSettled(
      drafts.map(({ regionId, draft }) => this.#options.audit.append(regionId, draft)),
    );
    const failed = drafts.filter((_, index) => results[index]?.status === 'rejected');
    if (failed.length === 0) return;
    this.#pending = [...failed.flatMap(({ notes: unwritten }) => unwritten), ...this.#pending];
    const reason = results.find((result) => result.status === 'rejected');
    throw new Error(`${failed.length} audit entries failed`, { cause: reason?.reason });
  }
}

function shiftOf(principal: Principal): string | undefined {
  return principal.kind === 'display' ? (principal.shift ?? undefined) : undefined;
}
