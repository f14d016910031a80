import {
  CLIP_CHUNK_BYTES,
  type ClipBegun,
  type ClipFinished,
  type ClipId,
  clipViewerId,
} from '#contract/clips.ts';
import { VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { Layer } from '#contract/nation.ts';
import { Slots } from '../concurrency/slots.ts';
import type { HeldGrant } from '../grants/verify-grant.ts';
import type { FeedUse } from '../ingest/feed-use.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Clip } from './clip.ts';
import { type MadeFiles, makeFiles } from './clip-files.ts';
import { ClipRoom } from './clip-room.ts';
import type { Recorders } from './recorders.ts';
import type { Joined } from './ring/ring-host.ts';
import { decodeLast } from './still.ts';

/** Clips of a node at a time. */
const MAX_CLIPS = 32;
/** Clips of which files are made at a time: that takes up to three times the pictures’ memory, for a moment, and ffmpeg. */
const MAX_MAKING = 2;
/** A clip that nobody has fetched this long after it could go on no longer is forgotten. Milliseconds. */
const FORGET_MS = 60_000;

export interface ClipsOptions {
  feeds: Pick<Feeds, 'find' | 'use'>;
  recorders: Recorders;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  ffmpegBin: string;
  /** What all clips together may take of memory, in bytes. */
  maxBytes: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface AskedClip {
  clipId: ClipId;
  preMs: number;
  postMs: number;
  ifWatched: boolean;
}

type GrantedFeed = ViewGrant['feeds'][number];

interface Held {
  clip: Clip;
  made: { untilMs: number; files: Promise<MadeFiles> } | undefined;
  forget: NodeJS.Timeout;
  release(): void;
}

/** The clips that servers have asked this node for. */
export class Clips implements Disposable {
  readonly #options: ClipsOptions;
  readonly #room: ClipRoom;
  readonly #making = new Slots(MAX_MAKING);
  /** Of which the feed has not been claimed yet. */
  readonly #beginning = new Set<ClipId>();
  readonly #held = new Map<ClipId, Held>();
  readonly #closing = new AbortController();

  constructor(options: ClipsOptions) {
    this.#options = options;
    this.#room = new ClipRoom(options.maxBytes);
  }

  get size(): number {
    return this.#held.size;
  }

  /** Memory that clips and their files take, in bytes. */
  get bytes(): number {
    return this.#room.usedBytes;
  }

  /**
   * Begins a clip. Nothing is left when it fails.
   *
   * @throws VartaError `grant_not_covering`; `conflict` for an id that is there; `limit_reached` when there are too many or
   * they take too much memory; `feed_not_live` where nobody watches and `ifWatched` was said; `no_sfu` for a moment after
   * the thread of rings has failed; and what claiming the feed throws.
   */
  async begin(grant: HeldGrant, asked: AskedClip): Promise<ClipBegun> {
    const { clipId } = asked;
    const granted = grantedFeed(grant, clipId);
    if (this.#held.has(clipId) || this.#beginning.has(clipId))
      throw new VartaError('conflict', 'There is a clip of this id');
    if (this.#held.size + this.#beginning.size >= MAX_CLIPS || !this.#room.hasSpare)
      throw new VartaError('limit_reached', 'This node makes all the clips it can');
    this.#beginning.add(clipId);
    try {
      return await this.#begin({ grant, granted, ...asked });
    } catch (error) {
      this.drop(clipId);
      throw error;
    } finally {
      this.#beginning.delete(clipId);
    }
  }

  /** @throws VartaError `unknown_resource`, `grant_not_covering`. */
  renew(grant: ViewGrant, clipId: ClipId): void {
    const { clip } = this.#get(clipId);
    assertCovers(grant, clip);
    clip.renew(grant.exp * 1_000);
  }

  /** Ends a clip and makes its files. @throws VartaError `unknown_resource`, `grant_not_covering`. */
  async finish(grant: ViewGrant, clipId: ClipId, untilMs: number): Promise<ClipFinished> {
    const held = this.#get(clipId);
    const { clip } = held;
    assertCovers(grant, clip);
    clip.end('ended');
    if (held.made?.untilMs !== untilMs) {
      held.made = { untilMs, files: this.#make(clip, untilMs) };
    }
    const { files, gaps } = await held.made.files;
    return { end: clip.ended ?? 'ended', files: files.map(({ about }) => about), gaps };
  }

  /** A piece of a file of a clip that was finished. @throws VartaError `unknown_resource`. */
  async read(clipId: ClipId, file: number, offset: number): Promise<{ bytes: Buffer }> {
    const made = await this.#get(clipId).made?.files;
    const found = made?.files[file];
    if (!found) throw new VartaError('unknown_resource', 'The clip has no such file');
    return { bytes: found.bytes.subarray(offset, offset + CLIP_CHUNK_BYTES) };
  }

  drop(clipId: ClipId): void {
    const held = this.#held.get(clipId);
    if (!held) return;
    this.#held.delete(clipId);
    clearTimeout(held.forget);
    held.clip[Symbol.dispose]();
    held.release();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    for (const clipId of [...this.#held.keys()]) this.drop(clipId);
  }

  async #begin({
    grant,
    granted,
    clipId,
    ifWatched,
    ...times
  }: AskedClip & { grant: HeldGrant; granted: GrantedFeed }): Promise<ClipBegun> {
    const { feeds, recorders, now } = this.#options;
    const atMs = now();
    const present = feeds.find(granted.id);
    if (ifWatched && !present?.watching) throw new VartaError('feed_not_live', 'Nobody watches it here');
    const seen = present?.seenLayer;
    let end = (): void => undefined;
    const { use, isOver } = await this.#claim({ grant, granted, layer: seen }, () => end());
    const feed = feeds.find(granted.id);
    if (!feed || isOver() || this.#closing.signal.aborted) {
      use.release();
      throw new VartaError('feed_not_live');
    }
    const clip = new Clip({
      id: clipId,
      feedId: granted.id,
      layer: seen === undefined ? granted.maxLayer : undefined,
      ...{ atMs, preMs: times.preMs, postMs: times.postMs },
      grantedUntilMs: grant.exp * 1_000,
      room: this.#room,
      onEnd: () => this.#held.get(clipId)?.release(),
      now,
    });
    let joined: Joined;
    try {
      joined = recorders.of(feed).join(clip);
    } catch (error) {
      use.release();
      throw error;
    }
    const { leave, caughtUp } = joined;
    end = () => clip.end('source');
    this.#held.set(clipId, this.#toHeld(clip, { use, leave, lifeMs: times.postMs + FORGET_MS }));
    use.change({ active: true });
    await caughtUp;
    if (clip.ended === 'full') throw new VartaError('limit_reached', 'There is no memory for this clip');
    const heldFromMs = clip.pictures.fromMs ?? null;
    clip.begin();
    return { atMs, heldFromMs };
  }

  /** Keeps the feed coming; `onEnded` is told when it comes no more. */
  async #claim(
    { grant, granted, layer }: { grant: HeldGrant; granted: GrantedFeed; layer: Layer | undefined },
    onEnded: () => void,
  ): Promise<{ use: FeedUse; isOver(): boolean }> {
    const { feeds, pool } = this.#options;
    let ended = false;
    const use = await feeds.use(granted, pool.leastLoaded(), {
      layer: layer ?? granted.maxLayer,
      unseen: true,
      // Somebody has just said that the area needs somebody: a narrow line leaves out others first.
      importance: 'alarm',
      ...(grant.jws === undefined ? {} : { proof: grant.jws }),
      onEnded: () => {
        ended = true;
        onEnded();
      },
      onFlow: () => undefined,
    });
    return { use, isOver: () => ended };
  }

  async #make(clip: Clip, untilMs: number): Promise<MadeFiles> {
    const { signal } = this.#closing;
    const done = await this.#making.take(signal);
    try {
      return await makeFiles(clip, {
        untilMs,
        still: (pictures) => decodeLast(pictures, { ffmpegBin: this.#options.ffmpegBin, signal }),
      });
    } finally {
      done();
    }
  }

  #toHeld(clip: Clip, { use, leave, lifeMs }: { use: FeedUse; leave(): void; lifeMs: number }): Held {
    const forget = setTimeout(() => this.drop(clip.id), lifeMs);
    forget.unref();
    return {
      clip,
      made: undefined,
      forget,
      release: () => {
        leave();
        use.release();
      },
    };
  }

  #get(clipId: ClipId): Held {
    const held = this.#held.get(clipId);
    if (!held) throw new VartaError('unknown_resource', 'There is no such clip');
    return held;
  }
}

/** @throws VartaError `grant_not_covering` unless it is a grant for this clip, of one feed. */
function grantedFeed(grant: ViewGrant, clipId: ClipId): GrantedFeed {
  const [granted] = grant.feeds;
  if (grant.sub !== clipViewerId(clipId) || !granted || grant.feeds.length !== 1)
    throw new VartaError('grant_not_covering', 'The grant is not one of this clip');
  return granted;
}

function assertCovers(grant: ViewGrant, clip: Clip): void {
  if (grantedFeed(grant, clip.id).id !== clip.feedId) throw new VartaError('grant_not_covering');
}
