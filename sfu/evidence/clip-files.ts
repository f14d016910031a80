import type { ClipFile } from '#contract/clips.ts';
import type { Clip } from './clip.ts';
import { muxPart, type Part, toParts } from './mux.ts';
import type { Picture } from './picture.ts';

/** Pictures come ten to thirty times a second; a longer time without one is told. Milliseconds. */
const GAP_MS = 1_500;
const MAX_FILES = 39;
const MAX_GAPS = 200;

export interface MadeFile {
  about: ClipFile;
  bytes: Buffer;
}

export interface MadeFiles {
  files: MadeFile[];
  gaps: { fromMs: number; toMs: number }[];
}

/** Makes the files of a clip: a still of its moment, and video of what came before `untilMs` (ms since 1970). */
export async function makeFiles(
  clip: Pick<Clip, 'pictures' | 'atMs' | 'fromMs'>,
  { untilMs, still }: { untilMs: number; still(pictures: readonly Picture[]): Promise<Buffer | undefined> },
): Promise<MadeFiles> {
  const parts = toParts(clip.pictures.open({ fromMs: clip.fromMs, untilMs }));
  const videos = await muxAll(parts);
  const files: MadeFile[] = [];
  const shown = partAt(parts, clip.atMs);
  const jpeg = shown && (await still(shown.pictures));
  if (shown && jpeg)
    files.push(toFile({ format: shown.format, pictures: shown.pictures.slice(-1) }, jpeg, 'still'));
  for (const { part, bytes } of videos) files.push(toFile(part, bytes, 'video'));
  return { files, gaps: gapsOf(videos.map(({ part }) => part)) };
}

/**
 * The first parts of which files can be made. What only begins like a keyframe, as of a camera that is broken, makes none,
 * and takes nothing from the others.
 *
 * @throws what the first of them failed with, when none could be made.
 */
async function muxAll(parts: readonly Part[]): Promise<{ part: Part; bytes: Buffer }[]> {
  const videos: { part: Part; bytes: Buffer }[] = [];
  const failures: unknown[] = [];
  for (const part of parts) {
    if (videos.length === MAX_FILES) break;
    try {
      videos.push({ part, bytes: await muxPart(part) });
    } catch (error) {
      failures.push(error);
    }
  }
  if (videos.length === 0 && failures.length > 0) throw failures[0];
  return videos;
}

/** From a keyframe to the last picture at or before a moment; or the first picture after it, where there is none before. */
function partAt(parts: readonly Part[], atMs: number): Part | undefined {
  const part = parts.findLast(({ pictures }) => (pictures[0]?.atMs ?? Infinity) <= atMs) ?? parts[0];
  if (!part) return undefined;
  const before = part.pictures.filter((picture) => picture.atMs <= atMs);
  const until = before.length > 0 ? before : part.pictures.slice(0, 1);
  const key = until.findLastIndex(({ format }) => format !== undefined);
  return { format: part.format, pictures: until.slice(key) };
}

function toFile({ format, pictures }: Part, bytes: Buffer, kind: 'still' | 'video'): MadeFile {
  const [first] = pictures;
  const mediaType = kind === 'still' ? 'image/jpeg' : format.codec === 'h264' ? 'video/mp4' : 'video/webm';
  return {
    bytes,
    about: {
      kind,
      mediaType,
      bytes: bytes.length,
      fromMs: first?.atMs ?? 0,
      toMs: pictures.at(-1)?.atMs ?? 0,
      pictures: pictures.length,
      width: format.width,
      height: format.height,
      layer: first?.layer ?? null,
    },
  };
}

function gapsOf(parts: readonly Part[]): MadeFiles['gaps'] {
  const times = parts.flatMap(({ pictures }) => pictures.map(({ atMs }) => atMs));
  return times
    .slice(1)
    .map((toMs, index) => ({ fromMs: times[index] ?? toMs, toMs }))
    .filter(({ fromMs, toMs }) => toMs - fromMs > GAP_MS)
    .slice(0, MAX_GAPS);
}
