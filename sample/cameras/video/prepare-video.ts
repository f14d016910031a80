import type { Logger } from 'pino';
import type { Scene } from '../picture/scene.ts';
import { openClipFiles, readClipsIn } from './clip-files.ts';
import { createClipLibrary } from './clip-library.ts';
import { createEncodeQueue } from './encode-queue.ts';

/** Enough to keep every encoder busy. */
const AT_ONCE = 8;

/**
 * Encodes the low layer of these scenes into a folder, which cameras then only read: a wall of tiles that asks for sixty
 * cameras at once would otherwise wait for sixty loops to be painted and encoded, which no real camera has to do.
 * What is there already stays.
 */
export async function prepareVideo({
  scenes,
  dir,
  ffmpegBin,
  log,
  onDone = () => {},
}: {
  scenes: readonly Scene[];
  dir: string;
  ffmpegBin: string;
  log: Logger;
  onDone?: (done: number) => void;
}): Promise<void> {
  await using library = createClipLibrary({
    files: await openClipFiles(dir, Infinity),
    ready: readClipsIn(undefined),
    queue: createEncodeQueue({ ffmpegBin }),
    memoryBytes: 0,
    log,
  });
  const { signal } = new AbortController();
  let done = 0;
  const left = scenes.values();
  const worker = async () => {
    for (const scene of left) {
      await library.get(scene, 'low', signal);
      done += 1;
      onDone(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
