import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLong } from '../command.ts';
import { hashContents } from '../content-hash.ts';
import type { Step } from '../step.ts';

/** What ends up in the built client. */
const sources = [
  'client',
  'config',
  'server/contract',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
];

function isShipped(file: string): boolean {
  return !/\.test\.tsx?$/.test(file) && !file.startsWith('client/e2e/');
}

/** Builds beside the old client and swaps folders: a server that runs meanwhile never serves half a build. */
async function build(root: string, signal: AbortSignal): Promise<void> {
  const dist = join(root, 'dist');
  const fresh = join(dist, 'client.new');
  const old = join(dist, 'client.old');
  await mkdir(dist, { recursive: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(root, 'vite.config.ts');
  const output = ['--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'];
  await runLong(process.execPath, [vite, 'build', '--config', config, ...output], { signal });
  await rm(old, { recursive: true, force: true });
  await rename(join(dist, 'client'), old).catch(() => {});
  await rename(fresh, join(dist, 'client'));
  await rm(old, { recursive: true, force: true });
}

/** The client as the server serves it, built anew when anything that goes into it has changed. */
export const clientBuildStep: Step = {
  title: 'client',
  async inspect({ root, signal }) {
    const stamp = join(root, 'dist', 'client.key');
    const key = await hashContents(root, sources, isShipped);
    const index = await readFile(join(root, 'dist', 'client', 'index.html')).catch(() => undefined);
    if (index && (await readFile(stamp, 'utf8').catch(() => '')) === key) return { state: 'ready' };
    return {
      state: 'to-do',
      run: async (note) => {
        note('building');
        await build(root, signal);
        await writeFile(stamp, key);
        return { summary: 'built' };
      },
    };
  },
};
