#!/usr/bin/env node
// varta-verify audit.ndjson --keys keys.json [--checkpoint given-out.json …]
// varta-verify evidence.zip --keys keys.json
// Ends with 0 when it is what was written and signed, with 1 when it is not, with 2 when it cannot tell.
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { checkAuditFile } from './audit-file.mjs';
import { checkEvidence } from './evidence-file.mjs';
import { readZip } from './zip-file.mjs';

const USAGE = `varta-verify FILE --keys KEYS [--checkpoint FILE …]

  FILE          an exported audit (application/x-ndjson), or - for standard input;
                or a package of evidence (.zip), or the folder that it was unpacked to
  --keys        a JSON Web Key Set of the public keys that signed it, had from
                somebody whom you trust, not from the file's own bearer
  --checkpoint  a checkpoint that you were given earlier, as JSON: it has to be
                in the audit as it was then
`;

/** @typedef {{ files: Map<string, Buffer>, changed: string[] }} Package */

/** @param {string} file */
async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}

/**
 * The files of a package of evidence; undefined when it is something else, and a text when it is one that was changed.
 *
 * @param {string} path
 * @returns {Promise<Package | string | undefined>}
 */
async function readPackage(path) {
  if (path === '-') return undefined;
  if ((await stat(path)).isDirectory()) {
    const names = await readdir(path);
    const files = await Promise.all(
      names.map(async (name) => /** @type {[string, Buffer]} */ ([name, await readFile(join(path, name))])),
    );
    return { files: new Map(files), changed: [] };
  }
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0).finally(() => file.close());
  // The lines of an audit begin with a brace.
  if (bytesRead === 1 && buffer[0] === 0x7b) return undefined;
  try {
    return readZip(await readFile(path));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {Package | string} given
 * @param {{ keys: object[] }} keys
 */
function printEvidence(given, keys) {
  const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
  if (typeof given === 'string') {
    say(`✗ the package ${given}`);
    say('NO: this is not what was kept.');
    return 1;
  }
  const { ok, faults, manifest, custody, entries } = checkEvidence(given, { keys });
  for (const { where, problem } of faults) say(`✗ ${where}: ${problem}`);
  if (manifest)
    say(`evidence ${manifest.id} of ${manifest.areaId}, ${manifest.at}, ${manifest.files?.length} files`);
  if (custody) say(`${entries.length} entries of what was done with it, up to ${custody.exportedAt}`);
  say(
    ok
      ? 'YES: this is what was kept, and nothing was changed, added or removed.'
      : 'NO: this is not what was kept.',
  );
  return ok ? 0 : 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      checkpoint: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [file] = positionals;
  if (values.help || file === undefined || values.keys === undefined) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 2;
  }
  const keys = await readJson(values.keys);
  const given = await readPackage(file);
  if (given) return printEvidence(given, keys);
  const trusted = await Promise.all((values.checkpoint ?? []).map(readJson));
  const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const report = await checkAuditFile(lines, { keys, trusted });
  print(report);
  return report.ok ? 0 : 1;
}

/** @param {import('./audit-file.mjs').Report} report */
function print(report) {
  const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
  for (const { where, problem } of report.faults) say(`✗ ${where}: ${problem}`);
  if (report.faultCount > report.faults.length)
    say(`✗ and ${report.faultCount - report.faults.length} more faults`);
  const { lastCheckpoint: last } = report;
  say(`${report.entries} entries in ${report.chains.size} chains, ${report.checkpoints} signed checkpoints`);
  if (last) say(`last checkpoint: ${last.seq}, ${last.at}, ${last.hash}`);
  const after = [...report.unsigned.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
  if (after > 0) say(`${after} entries came after it: no signature covers them yet`);
  say(
    report.ok ? 'YES: nothing was removed, changed, moved or inserted.' : 'NO: this is not what was written.',
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`cannot tell: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
