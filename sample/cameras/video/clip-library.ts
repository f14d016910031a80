import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Layer } from '#contract/nation.ts';
import { createPainter } from '../picture/painter.ts';
import type { Scene } from '../picture/scene.ts';
import { type Clip, toClip } from './clip.ts';
import type { ClipFiles } from './clip-files.ts';
import type { EncodeQueue } from './encode-queue.ts';

/** Counts up when pictures are painted or encoded differently, so that older files are not taken for new ones. */
const PICTURE_VERSION = 1;

/** Every area's video, encoded when it is first asked for and kept within bounds, in memory and on disk. */
export interface ClipLibrary extends AsyncDisposable {
  /** Rejects when it cannot be encoded, or is not wanted any more. */
  get(scene: Scene, layer: Layer, signal: AbortSignal): Promise<Clip>;
}

interface Loading {
  clip: Promise<Clip>;
  /** How many wait for it; the last one that leaves calls it off. */
  waiting: number;
  abandon: AbortController;
}

export function createClipLibrary(parts: {
  files: ClipFiles;
  /** Loops that were encoded before, by set-up: a camera is there when it is asked, and need not be born first. */
  ready: Pick<ClipFiles, 'read'>;
  /** Is disposed of with the library. */
  queue: EncodeQueue;
  /** Bound of what is kept in memory, beyond what is being sent. */
  memoryBytes: number;
  log: Logger;
}): ClipLibrary {
  const { files, ready, queue, memoryBytes, log } = parts;
  // In the order of last use.
  const kept = new Map<string, Clip>();
  let keptBytes = 0;
  const loading = new Map<string, Loading>();
  const writing = new Set<Promise<void>>();

  function keep(name: string, clip: Clip): void {
    keptBytes += clip.bytes - (kept.get(name)?.bytes ?? 0);
    kept.delete(name);
    kept.set(name, clip);
    for (const [oldest, { bytes }] of kept) {
      if (keptBytes <= memoryBytes) return;
      kept.delete(oldest);
      keptBytes -= bytes;
    }
  }

  async function load(
    name: string,
    request: { scene: Scene; layer: Layer; signal: AbortSignal },
  ): Promise<Clip> {
    const { scene, layer, signal } = request;
    for (const place of [ready, files]) {
      const stored = await place.read(name);
      const found = stored && toClip(stored);
      if (found) return found;
    }
    const startedAt = performance.now();
    const stream = await queue.encode({ layer, createPainter: () => createPainter(scene, layer), signal });
    const clip = toClip(stream);
    if (!clip) throw new Error('the encoder gave something else than a loop');
    log.debug(
      { area: scene.areaIndex, layer, ms: Math.round(performance.now() - startedAt) },
      'sample video encoded',
    );
    store(name, stream);
    return clip;
  }

  /** Nobody waits for the disk. */
  function store(name: string, stream: Buffer): void {
    const write: Promise<void> = files
      .write(name, stream)
      .catch((error: unknown) => log.warn({ err: error }, 'sample video not stored'))
      .finally(() => writing.delete(write));
    writing.add(write);
  }

  function startLoading(name: string, scene: Scene, layer: Layer): Loading {
    const abandon = new AbortController();
    const entry: Loading = {
      clip: load(name, { scene, layer, signal: abandon.signal }).finally(() => {
        if (loading.get(name) === entry) loading.delete(name);
      }),
      waiting: 0,
      abandon,
    };
    // Whoever waits hears of a failure; when nobody does any more, it is of no interest.
    entry.clip.then((clip) => keep(name, clip)).catch(() => undefined);
    loading.set(name, entry);
    return entry;
  }

  return {
    async get(scene, layer, signal) {
      const name = fileName(scene, layer);
      const present = kept.get(name);
      if (present) {
        keep(name, present);
        return present;
      }
      signal.throwIfAborted();
      const current = loading.get(name);
      const entry = current && !current.abandon.signal.aborted ? current : startLoading(name, scene, layer);
      entry.waiting++;
      const leave = () => {
        entry.waiting--;
        if (entry.waiting === 0) entry.abandon.abort();
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await entry.clip;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
      await Promise.allSettled([...loading.values()].map(({ clip }) => clip));
      await Promise.all(writing);
    },
  };
}

/** The same for the same picture only: what it is painted from is part of the name. */
function fileName(scene: Scene, layer: Layer): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([PICTURE_VERSION, scene]))
    .digest('hex');
  return `${scene.areaIndex}-${layer}-${digest.slice(0, 16)}.h264`;
}
