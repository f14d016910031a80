#!/usr/bin/env node
// varta-verify audit.ndjson --keys keys.json [--checkpoint given-out.json …]
// Ends with 0 when the audit is what was written and signed, with 1 when it is not, with 2 when it cannot tell.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { checkAuditFile } from './audit-file.mjs';

const USAGE = `varta-verify AUDIT --keys KEYS [--checkpoint FILE …]

  AUDIT         an exported audit (application/x-ndjson), or - for standard input
  --keys        a JSON Web Key Set of the public keys that signed it, had from
                somebody whom you trust, not from the file's own bearer
  --checkpoint  a checkpoint that you were given earlier, as JSON: it has to be
                in the audit as it was then
`;

/** @param {string} file */
async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'));
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
