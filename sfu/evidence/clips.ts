import {
  CLIP_CHUNK_BYTES,
  type ClipBegun,
  type ClipFinished,
  type ClipId,
  clipViewerId,
} from '#contract/clips.ts';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { HeldGrant } from '../grants/verify-grant.ts';
import type { FeedUse } from '../ingest/feed-use.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Clip } from './clip.ts';
import { type MadeFiles, makeFiles } from './clip-files.ts';
import type { Recorders } from './recorders.ts';
import { decodeLast } from './still.ts';

/** Clips of a node at a time. */
const MAX_CLIPS = 32;
/** A clip that nobody has fetched this long after it could go on no longer is forgotten. Milliseconds. */
const FORGET_MS = 60_000;

export interface ClipsOptions {
  feeds: Pick<Feeds, 'find' | 'use'>;
  recorders: Recorders;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  ffmpegBin: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Held {
  clip: Clip;
  made: { untilMs: number; files: Promise<MadeFiles> } | undefined;
  forget: NodeJS.Timeout;
  release(): void;
}

/** The clips that servers have asked this node for. */
export class Clips implements Disposable {
  readonly #options: ClipsOptions;
  readonly #held = new Map<ClipId, Held>();
  readonly #closing = new AbortController();

  constructor(options: ClipsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /**
   * Begins a clip. Nothing is left when it fails.
   *
   * @throws VartaError `grant_not_covering`, `limit_reached`, `conflict` for an id that is there, `feed_not_live` where
   * nobody watches and `ifWatched` was said; and what claiming the feed throws.
   */
  async begin(
    grant: HeldGrant,
    asked: { clipId: ClipId; preMs: number; postMs: number; ifWatched: boolean },
  ): Promise<ClipBegun> {
    const { feeds, recorders, pool, now } = this.#options;
    const { clipId, preMs, postMs, ifWatched } = asked;
    const granted = grantedFeed(grant, clipId);
    const atMs = now();
    if (this.#held.has(clipId)) throw new VartaError('conflict', 'There is a clip of this id');
    if (this.#held.size >= MAX_CLIPS)
      throw new VartaError('limit_reached', 'This node makes all the clips it can');
    const present = feeds.find(granted.id);
    if (ifWatched && !present?.watching) throw new VartaError('feed_not_live', 'Nobody watches it here');
    const layer = present?.seenLayer ?? granted.maxLayer;
    let onSourceEnd = (_: ErrorCode): void => undefined;
    let ended = false;
    const use = await feeds.use(granted, pool.leastLoaded(), {
      layer,
      unseen: true,
      // Somebody has just said that the area needs somebody: a narrow line leaves out others first.
      importance: 'alarm',
      ...(grant.jws === undefined ? {} : { proof: grant.jws }),
      onEnded: (code) => {
        ended = true;
        onSourceEnd(code);
      },
      onFlow: () => undefined,
    });
    const feed = feeds.find(granted.id);
    if (!feed || ended || this.#held.has(clipId) || this.#closing.signal.aborted) {
      use.release();
      throw new VartaError('feed_not_live');
    }
    const recorder = recorders.of(feed);
    const clip = new Clip({
      id: clipId,
      feedId: granted.id,
      layer: present?.seenLayer === undefined ? layer : undefined,
      ...{ atMs, preMs, postMs },
      grantedUntilMs: grant.exp * 1_000,
      onEnd: () => this.#release(clipId),
      now,
    });
    // Without an await in between: not a picture is missing between what was and what comes.
    for (const picture of recorder.ring?.open({ fromMs: clip.fromMs, untilMs: Infinity }) ?? [])
      clip.take(picture);
    const heldFromMs = clip.pictures.fromMs ?? null;
    const leave = recorder.join(clip);
    onSourceEnd = () => clip.end('source');
    this.#held.set(clipId, this.#toHeld(clip, { use, leave, lifeMs: postMs + FORGET_MS }));
    use.change({ active: true });
    if (clip.ended) this.#release(clipId);
    return { atMs, heldFromMs };
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
      const still = (pictures: Parameters<typeof decodeLast>[0]) =>
        decodeLast(pictures, { ffmpegBin: this.#options.ffmpegBin, signal: this.#closing.signal });
      held.made = { untilMs, files: makeFiles(clip, { untilMs, still }) };
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

  /** It has all its pictures: the feed has to come no longer because of it. */
  #release(clipId: ClipId): void {
    this.#held.get(clipId)?.release();
  }

  #get(clipId: ClipId): Held {
    const held = this.#held.get(clipId);
    if (!held) throw new VartaError('unknown_resource', 'There is no such clip');
    return held;
  }
}

/** @throws VartaError `grant_not_covering` unless it is a grant for this clip, of one feed. */
function grantedFeed(grant: ViewGrant, clipId: ClipId): ViewGrant['feeds'][number] {
  const [granted] = grant.feeds;
  if (grant.sub !== clipViewerId(clipId) || !granted || grant.feeds.length !== 1)
    throw new VartaError('grant_not_covering', 'The grant is not one of this clip');
  return granted;
}

function assertCovers(grant: ViewGrant, clip: Clip): void {
  if (grantedFeed(grant, clip.id).id !== clip.feedId) throw new VartaError('grant_not_covering');
}
