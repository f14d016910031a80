import type { ClipFinished } from '#contract/clips.ts';
import type { PlacedFeed } from '../nation/registry.ts';
import { NotTaken } from './not-taken.ts';

/** How often it is looked whether the area is closed, while a clip goes on. */
const LOOK_MS = 100;
/** Grants live for 15 s. */
const RENEW_MS = 4_000;
/** Redis may be away; a node forgets a clip a minute after its time. */
const KNOWN_WITHIN_MS = 45_000;
/** A gate that came while files were made cuts again; more than a few times is no clip any more. */
const MAX_CUTS = 4;

/** A clip that a node makes, as `server/media` gives it. */
export interface TakenClip {
  readonly nodeId: string;
  /** Milliseconds since 1970, by the node's clock. */
  readonly atMs: number;
  renew(): Promise<void>;
  finish(untilMs: number | null): Promise<ClipFinished>;
  read(file: number, bytes: number): Promise<Buffer>;
  drop(): Promise<void>;
}

export interface RecordOptions {
  /** False while it is not known what is closed. */
  isCurrent(): boolean;
  /** Whether nobody may see this feed, as far as is known. */
  isClosed(placed: PlacedFeed): boolean;
  /** Where a clip between two instants has to end (ms since 1970); undefined when it may stay whole. */
  cutOf(placed: PlacedFeed, span: { fromMs: number; toMs: number }): Promise<number | undefined>;
  preMs: number;
  postMs: number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  now: () => number;
}

/** Waits until the clip is over, or the area closes. @throws NotTaken when what came may not be kept. */
export async function followClip(
  clip: TakenClip,
  placed: PlacedFeed,
  { signal, ...options }: RecordOptions & { signal: AbortSignal },
): Promise<void> {
  const { isCurrent, isClosed, postMs, wait, now } = options;
  // By our own clock: what the node says of its own is for the pictures.
  const untilMs = now() + postMs + LOOK_MS;
  let renewAtMs = now() + RENEW_MS;
  while (now() < untilMs || !isCurrent()) {
    if (isCurrent() && isClosed(placed)) return;
    // What came meanwhile may be kept only when it is known whether it might be seen.
    if (now() > untilMs + KNOWN_WITHIN_MS) throw new NotTaken('interrupted');
    await wait(LOOK_MS, signal);
    if (signal.aborted) throw new NotTaken('interrupted');
    // While it is not known nothing is signed: the node goes on until the grant ends, and no longer.
    if (now() < renewAtMs || !isCurrent()) continue;
    renewAtMs = now() + RENEW_MS;
    await clip.renew();
  }
}

/** Ends the clip where it has to end. @throws NotTaken when nothing is left of it. */
export async function finishClip(
  clip: TakenClip,
  placed: PlacedFeed,
  { preMs, postMs, cutOf }: Pick<RecordOptions, 'preMs' | 'postMs' | 'cutOf'>,
): Promise<{ finished: ClipFinished; cutMs: number | undefined }> {
  let cutMs = await cutOf(placed, { fromMs: clip.atMs - preMs, toMs: clip.atMs + postMs });
  for (let attempt = 0; attempt < MAX_CUTS; attempt += 1) {
    const finished = await clip.finish(cutMs ?? null);
    if (finished.files.length === 0) throw new NotTaken(cutMs === undefined ? 'no-picture' : 'confidential');
    // What there is begins with a keyframe, before the beginning that was asked for.
    const next = await cutOf(placed, spanOf(finished));
    if (next === undefined || (cutMs !== undefined && next >= cutMs)) return { finished, cutMs };
    cutMs = next;
  }
  throw new NotTaken('confidential');
}

/** From its first to its last picture; milliseconds since 1970. */
export function spanOf({ files }: ClipFinished): { fromMs: number; toMs: number } {
  return {
    fromMs: Math.min(...files.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...files.map(({ toMs }) => toMs)),
  };
}
