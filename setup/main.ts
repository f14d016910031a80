import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runSteps } from './run-steps.ts';
import type { FoundEnvironment, Step } from './step.ts';
import { chromiumStep } from './steps/chromium.ts';
import { clientBuildStep } from './steps/client-build.ts';
import { ffmpegStep } from './steps/ffmpeg.ts';
import { fontsStep } from './steps/fonts.ts';
import { janusStep } from './steps/janus.ts';
import { mediaPeersStep } from './steps/media-peers.ts';
import { redisStep } from './steps/redis.ts';
import { sampleVideoStep } from './steps/sample-video.ts';
import { workerStep } from './steps/worker.ts';
import { listenForStop } from './stop-signal.ts';

const root = dirname(import.meta.dirname);
const running = [workerStep, redisStep, ffmpegStep, clientBuildStep, sampleVideoStep];
const testing = [...running, chromiumStep, fontsStep, mediaPeersStep];

/** What each command needs; `check` looks at sources only, `worker` is for images that run the sfu alone. */
const stepsByMode = new Map<string, Step[]>([
  ['start', process.env.REDIS_URL ? running.filter((step) => step !== redisStep) : running],
  ['test', testing],
  ['bench', [...testing, janusStep]],
  ['screens', [...running, chromiumStep, fontsStep]],
  ['setup', testing],
  ['check', []],
  ['worker', [workerStep]],
]);

const foundFile = join(root, 'node_modules', '.varta', 'found.json');

/** Adds to what was found before: a command that needs less must not forget what another one found. */
async function keepFound(found: FoundEnvironment): Promise<void> {
  const before: unknown = JSON.parse(await readFile(foundFile, 'utf8').catch(() => '{}'));
  await mkdir(dirname(foundFile), { recursive: true });
  await writeFile(foundFile, `${JSON.stringify({ ...Object(before), ...found }, null, 2)}\n`);
}

const steps = stepsByMode.get(process.argv[2] ?? '');
if (!steps) throw new Error(`no such set-up: ${process.argv[2]}`);
try {
  await runSteps(steps, { root, env: process.env, signal: listenForStop().signal }, keepFound);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(
    `\nSet-up stopped. ${reason}\n\nWhen that is mended, run the same command again: it goes on from here.`,
  );
  process.exitCode = 1;
}
