import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLong } from '../command.ts';
import { hashContents } from '../content-hash.ts';
import type { Step } from '../step.ts';

/** What the pictures are made from. */
const sources = ['sample/cameras', 'sample/population.ts', 'config/nation'];

/** The video of the sample nation's cameras, encoded once a machine; some 100 MB. */
export const sampleVideoStep: Step = {
  title: 'sample video',
  async inspect({ root, env, signal }) {
    const dir = join(root, 'node_modules', '.varta', 'sample-video');
    const stamp = join(dir, 'key');
    const key = await hashContents(root, sources, (file) => !file.endsWith('.test.ts'));
    const found = { SAMPLE_VIDEO_DIR: dir };
    if ((await readFile(stamp, 'utf8').catch(() => '')) === key) return { state: 'ready', env: found };
    return {
      state: 'to-do',
      run: async (note) => {
        await rm(dir, { recursive: true, force: true });
        await mkdir(dir, { recursive: true });
        await runLong(process.execPath, [join(root, 'sample', 'prepare.ts')], {
          env: { ...env, ...found },
          onLine: note,
          signal,
        });
        await writeFile(stamp, key);
        return { summary: 'encoded', env: found };
      },
    };
  },
};
