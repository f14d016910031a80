// Plain JavaScript: it runs under the machine's own Node, and brings the npm packages, the pinned Node among them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startProgress } from './progress.mjs';

const keptOutputLines = 40;

/** @param {string} root */
export function pinnedNode(root) {
  return join(root, 'node_modules', 'node', 'bin', 'node');
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function hashOfPackageFiles(root) {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) {
    if (existsSync(join(root, name))) hash.update(readFileSync(join(root, name)));
  }
  return hash.digest('hex');
}

/**
 * Whether what npm says it has installed is what the lock file asks for. Optional packages may be absent: most are for
 * other platforms.
 *
 * @param {any} wanted package-lock.json
 * @param {any} installed node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  if (!wanted?.packages || !installed?.packages) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed.packages[path];
    if (!there) return Boolean(entry.optional || entry.peer);
    return there.version === entry.version && (there.integrity ?? '') === (entry.integrity ?? '');
  });
}

/**
 * Runs npm with the user's own configuration and environment.
 *
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<{code: number, output: string}>} `output` is its end
 */
function runNpm(root, args) {
  const npmCli = process.env.npm_execpath;
  const viaNode = npmCli && basename(npmCli) === 'npm-cli.js';
  const [command, ...before] = viaNode ? [process.execPath, npmCli] : ['npm'];
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).split('\n').slice(-keptOutputLines).join('\n');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // The terminal tells npm about ctrl-C itself; whoever ends only us means npm as well.
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on('SIGTERM', forward).on('SIGINT', forward);
    child.on('close', () => process.off('SIGTERM', forward).off('SIGINT', forward));
    child.on('error', (error) => resolve({ code: 1, output: `npm could not be started: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

/** @param {string} output */
function firstError(output) {
  const line = output.split('\n').find((text) => /^npm (error|ERR!)/.test(text) && !/code/.test(text));
  return (line ?? output.split('\n').at(-1) ?? 'no message').replace(/^npm (error|ERR!)\s*/, '');
}

/**
 * @param {string} root
 * @param {string} what
 * @param {string[]} args
 */
async function npmOrThrow(root, what, args) {
  const { code, output } = await runNpm(root, args);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed, so ${what}:\n${output}`);
}

/**
 * Makes node_modules what package-lock.json says, and the pinned Node runnable. Costs a few file reads when it already is.
 *
 * Install scripts stay off: the one of mediasoup wants to download or compile in its own way, and fails on a closed
 * network; only the one of `node` is needed.
 *
 * @param {string} root
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function ensurePackages(root) {
  const modules = join(root, 'node_modules');
  const stampFile = join(modules, '.varta', 'packages');
  const wanted = hashOfPackageFiles(root);
  const stamped = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
  if (stamped && existsSync(pinnedNode(root))) return false;

  const lock = readJson(join(root, 'package-lock.json'));
  if (!isInstalled(lock, readJson(join(modules, '.package-lock.json')))) {
    const progress = startProgress('npm packages');
    const flags = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
    const clean = await runNpm(root, ['ci', ...flags]);
    if (clean.code !== 0) {
      progress.note(`npm ci refused (${firstError(clean.output)}), trying npm install`);
      try {
        await npmOrThrow(root, 'the packages are not installed', ['install', '--no-save', ...flags]);
      } catch (error) {
        progress.fail();
        throw error;
      }
      progress.done(`by npm install, as npm ci refused: ${firstError(clean.output)}`);
    } else {
      progress.done();
    }
  }
  if (!existsSync(pinnedNode(root))) {
    const progress = startProgress('pinned Node');
    try {
      await npmOrThrow(root, 'the pinned Node is not there', ['rebuild', 'node']);
      if (!existsSync(pinnedNode(root)))
        throw new Error(`npm rebuild node did not bring ${pinnedNode(root)}`);
    } catch (error) {
      progress.fail();
      throw error;
    }
    progress.done();
  }
  mkdirSync(join(modules, '.varta'), { recursive: true });
  // npm may have written the lock file anew.
  writeFileSync(stampFile, hashOfPackageFiles(root));
  return true;
}
