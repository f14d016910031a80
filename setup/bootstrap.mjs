// The entry of `npm start`, `npm test`, `npm run check` and `npm run bench`: sets up whatever is missing, then runs.
// Plain JavaScript with nothing but Node's own modules, because on a fresh clone there is nothing else.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants, tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLock } from './early/file-lock.mjs';
import { ensurePackages, pinnedNode } from './early/packages.mjs';
import { processParent } from './early/process-table.mjs';
import { formatElapsed } from './early/progress.mjs';

const parentWatchMs = 1_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What to run under the pinned Node once everything is there. `setup` only sets up. */
const afterSetup = {
  start: ['local/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['setup/check.ts'],
  bench: ['bench/main.ts'],
  screens: ['client/e2e/screens.ts'],
  setup: [],
  worker: [],
};

/** Downloads go through the proxy that npm uses. Not for the services: they talk to this very machine. */
const setupEnvironment = { NODE_USE_ENV_PROXY: '1' };

/** Files that tell the programs where set-up found things; a variable that is already set wins. */
function readFoundEnvironment() {
  return JSON.parse(readFileSync(join(root, 'node_modules', '.varta', 'found.json'), 'utf8'));
}

/** Two set-ups in one checkout would install over each other. Not kept in node_modules: `npm ci` empties it. */
function setupLockPath() {
  const owner = typeof process.getuid === 'function' ? process.getuid() : userInfo().username;
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `varta-setup-${owner}-${checkout}.lock`);
}

/**
 * Runs the pinned Node to its end. Signals go on to it, and it is told when we are killed without warning: its IPC
 * channel closes.
 *
 * @param {string[]} args
 * @param {Record<string, string>} extraEnv
 * @returns {Promise<number>} its exit code
 */
function runPinned(args, extraEnv = {}) {
  const bin = join(root, 'node_modules', '.bin');
  const env = {
    ...extraEnv,
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  };
  return new Promise((resolve) => {
    const child = spawn(pinnedNode(root), args, {
      cwd: root,
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      // The terminal sends ctrl-C to the child as well; a second one is no harm.
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, forward);
    const parentWatch = watchParent(() => child.kill('SIGTERM'));
    child.on('error', (error) => {
      console.error(`Node could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      clearInterval(parentWatch);
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * npm that is killed without warning can't tell us, and neither can the shell between it and us; but one of them gets
 * another parent. Started by hand, without npm, an orphan is an ordinary thing (nohup, a service manager) and goes on.
 *
 * @param {() => void} onOrphaned
 */
function watchParent(onOrphaned) {
  const shell = process.ppid;
  const npm = processParent(shell);
  const watch = setInterval(() => {
    if (!process.env.npm_lifecycle_event) return;
    if (process.ppid === shell && processParent(shell) === npm) return;
    clearInterval(watch);
    onOrphaned();
  }, parentWatchMs);
  watch.unref();
  return watch;
}

async function main() {
  const [mode = '', ...rest] = process.argv.slice(2);
  if (!Object.hasOwn(afterSetup, mode)) {
    console.error(`Usage: node setup/bootstrap.mjs ${Object.keys(afterSetup).join('|')}`);
    return 2;
  }
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 20) {
    console.error(`Varta needs Node 20 or newer to set itself up; this is ${process.version}.`);
    return 1;
  }
  const startedAt = performance.now();
  const lock = await acquireLock(setupLockPath(), {
    onWait: (pid) =>
      console.log(`Another set-up of this checkout is under way (process ${pid}); waiting for it.`),
  });
  try {
    await ensurePackages(root);
    const code = await runPinned(['setup/main.ts', mode], setupEnvironment);
    if (code !== 0) return code;
  } finally {
    if (lock.state === 'acquired') await lock.release();
  }
  console.log(`Set-up: everything is there (${formatElapsed(performance.now() - startedAt)}).`);
  const command = afterSetup[mode];
  if (command.length === 0) return 0;
  return runPinned([...command, ...rest], readFoundEnvironment());
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(
    `\nSet-up failed: ${error.message}\n\nWhen that is mended, run the same command again: it goes on from here.`,
  );
  process.exitCode = 1;
}
