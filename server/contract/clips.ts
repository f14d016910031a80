import { z } from 'zod';
import { GrantToken } from './grants.ts';
import { Layer } from './nation.ts';

/**
 * Server → sfu node: a clip of a feed, for the record. Part of the control messages; each is acknowledged.
 *
 * A clip has a grant like a viewer, of a viewer of its own (`clip-` and its id): a view grant that names its feed alone. It
 * ends when the grant does, so the server renews it; nothing of a feed goes on being recorded that nobody would sign for.
 */

/** Longest that a clip goes back, and on; milliseconds. */
export const CLIP_MAX_MS = 120_000;
/** Bytes of a clip that are handed over at once: small, so that no grant or gate waits behind them. */
export const CLIP_CHUNK_BYTES = 128 * 1024;
/** Largest clip, all its files together; bytes. */
export const CLIP_MAX_BYTES = 64 * 1024 * 1024;

export const ClipId = z.uuid();
export type ClipId = z.infer<typeof ClipId>;

/** The viewer that a clip's grants are made out to. */
export function clipViewerId(clipId: ClipId): string {
  return `clip-${clipId}`;
}

const DurationMs = z.int().min(0).max(CLIP_MAX_MS);
/** Milliseconds since 1970, by the node's clock. */
const AtMs = z.int().min(0);

/**
 * Begins a clip: what the node holds of the last `preMs`, and what comes in the next `postMs`. With `ifWatched` it is
 * refused with `feed_not_live` where nobody watches the feed, so where nothing is held of it.
 */
export const ClipBegin = z.strictObject({
  grant: GrantToken,
  clipId: ClipId,
  preMs: DurationMs,
  postMs: DurationMs,
  ifWatched: z.boolean(),
});
/** `heldFromMs`: the first picture that there is; null when there is none yet. `atMs`: the moment that the clip is about. */
export const ClipBegun = z.object({ atMs: AtMs, heldFromMs: AtMs.nullable() });
export type ClipBegun = z.infer<typeof ClipBegun>;

export const ClipRenew = z.strictObject({ grant: GrantToken, clipId: ClipId });

/**
 * Ends a clip, if it has not ended, and makes files of the pictures that came before `untilMs` (null: all of them). May be
 * asked again with another time, until it is dropped.
 */
export const ClipFinish = z.strictObject({ grant: GrantToken, clipId: ClipId, untilMs: AtMs.nullable() });

/** Why a clip has no further pictures: its time was over, it was ended, its grant was, or the feed's source was gone. */
export const ClipEnd = z.enum(['complete', 'ended', 'grant', 'source', 'full']);
export type ClipEnd = z.infer<typeof ClipEnd>;

export const ClipFile = z.object({
  kind: z.enum(['still', 'video']),
  mediaType: z.enum(['image/jpeg', 'video/mp4', 'video/webm']),
  bytes: z.int().min(1).max(CLIP_MAX_BYTES),
  /** When its first and its last picture came. */
  fromMs: AtMs,
  toMs: AtMs,
  pictures: z.int().min(1),
  width: z.int().min(1).max(16_384),
  height: z.int().min(1).max(16_384),
  layer: Layer.nullable(),
});
export type ClipFile = z.infer<typeof ClipFile>;

/** The still, if there is one, comes first. There is more than one video where the picture's size changed on the way. */
export const ClipFinished = z.object({
  end: ClipEnd,
  files: z.array(ClipFile).max(40),
  /** Times of more than a second and a half without a whole picture, within what the files span. */
  gaps: z.array(z.object({ fromMs: AtMs, toMs: AtMs })).max(200),
});
export type ClipFinished = z.infer<typeof ClipFinished>;

export const ClipRead = z.strictObject({
  clipId: ClipId,
  file: z.int().min(0).max(40),
  offset: z.int().min(0),
});
export const ClipChunk = z.object({
  bytes: z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length <= CLIP_CHUNK_BYTES,
    'must be bytes',
  ),
});

/** Forgets a clip and its files; one that is not there is no error. */
export const ClipDrop = z.strictObject({ clipId: ClipId });
