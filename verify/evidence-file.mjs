// Checks a package of evidence: pictures, a signed manifest, and the audit's entries of everything that was done with them.
// Written apart from the program that wrote it, with nothing but Node. The format is described in docs/audit.md.
import { isSigned, readKeys, sha256, toCanonicalJson } from './canonical.mjs';

const MANIFEST = 'manifest.json';
const CUSTODY = 'custody.json';
const ENTRIES = 'audit.ndjson';
const README = 'README.txt';
const MANIFEST_FORMATS = ['varta-evidence/1'];
// In 1 there may be a verifier in the package, in 2 there is.
const CUSTODY_FORMATS = ['varta-custody/1', 'varta-custody/2'];

/**
 * @typedef {{ where: string, problem: string }} Fault
 * @typedef {{ ok: boolean, faults: Fault[], manifest: any, custody: any, entries: any[] }} Report
 */

/**
 * Says whether a package is what was kept and signed. `changed`: files that are not what was put into it.
 *
 * @param {{ files: Map<string, Buffer>, changed: string[] }} given
 * @param {{ keys: { keys: object[] } }} trusted
 * @returns {Report}
 */
export function checkEvidence({ files, changed }, { keys }) {
  const known = readKeys(keys);
  /** @type {Fault[]} */
  const faults = [];
  const fault = (/** @type {string} */ where, /** @type {string} */ problem) =>
    faults.push({ where, problem });

  for (const name of changed) fault(name, 'is not what was put into the package');
  const manifest = readSigned(MANIFEST, MANIFEST_FORMATS);
  const custody = readSigned(CUSTODY, CUSTODY_FORMATS);
  checkFiles();
  const entries = checkEntries();
  return { ok: faults.length === 0, faults, manifest, custody, entries };

  /**
   * @param {string} name
   * @param {string[]} formats
   */
  function readSigned(name, formats) {
    const bytes = files.get(name);
    const value = bytes && parse(bytes.toString('utf8'));
    if (!bytes || value === undefined) {
      fault(name, bytes ? 'is not readable' : 'is not there');
      return undefined;
    }
    const { hash, signature, ...body } = value;
    const text = toCanonicalJson(body);
    const key = known.get(value.kid);
    if (!formats.includes(value.format))
      fault(name, `is ${value.format}, which this verifier does not know: have a newer one`);
    if (sha256(text) !== hash || !isWritten(bytes, `${JSON.stringify(value, null, 2)}\n`))
      fault(name, 'was changed');
    if (!key) fault(name, `is signed with the key ${value.kid}, which was not given`);
    else if (!isSigned(text, signature, key) || !/^[\w-]{86}$/.test(String(signature)))
      fault(name, 'is not signed by the key that it names');
    return value;
  }

  function checkFiles() {
    const named = new Map((manifest?.files ?? []).map((/** @type {any} */ file) => [file.name, file]));
    for (const [name, { sha256: digest, bytes: size }] of named) {
      const bytes = files.get(name);
      if (!bytes) fault(name, 'is not there');
      else if (bytes.length !== size || sha256(bytes) !== digest)
        fault(name, 'is not what the manifest says');
    }
    for (const name of files.keys())
      if (!named.has(name) && ![MANIFEST, CUSTODY, ENTRIES, README, custody?.verifier?.name].includes(name))
        fault(name, 'is not in the manifest');
    if (custody?.format === 'varta-custody/2' && !custody.verifier) fault(CUSTODY, 'names no verifier');
    // The verifier that was put beside it: it says nothing of the pictures, but somebody may run it.
    if (custody?.verifier) {
      const bytes = files.get(custody.verifier.name);
      if (!bytes) fault(custody.verifier.name, 'is not there');
      else if (sha256(bytes) !== custody.verifier.sha256)
        fault(custody.verifier.name, `is not the verifier that ${CUSTODY} signs: do not run it`);
    }
  }

  function checkEntries() {
    const bytes = files.get(ENTRIES);
    if (!bytes) {
      fault(ENTRIES, 'is not there');
      return [];
    }
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    const found = lines.map((line) => parse(line));
    if (!isWritten(bytes, found.map((entry) => `${JSON.stringify(entry)}\n`).join('')))
      fault(ENTRIES, 'was changed');
    const hashes = [];
    for (const [index, entry] of found.entries()) {
      const where = `entry ${index + 1} of ${ENTRIES}`;
      if (!entry) fault(where, 'is not readable');
      else {
        const { hash, ...body } = entry;
        if (sha256(toCanonicalJson(body)) !== hash)
          fault(where, `(${entry.action}, ${entry.at}) was changed`);
        if (entry.resource !== `evidence:${manifest?.id}`) fault(where, 'is not about this evidence');
        hashes.push(hash);
      }
    }
    if (custody && JSON.stringify(custody.entries) !== JSON.stringify(hashes))
      fault(ENTRIES, `does not hold the entries that ${CUSTODY} signs, in their order`);
    if (custody && custody.manifest !== manifest?.hash) fault(CUSTODY, 'is about another manifest');
    const kept = found.find((entry) => entry?.action === 'evidence.keep');
    if (kept?.details?.manifest !== manifest?.hash)
      fault(ENTRIES, 'has no entry that says that this manifest was kept');
    return found.filter((entry) => entry !== undefined);
  }
}

/** @param {string} text */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Buffer} bytes
 * @param {string} text
 */
function isWritten(bytes, text) {
  return bytes.equals(Buffer.from(text, 'utf8'));
}
