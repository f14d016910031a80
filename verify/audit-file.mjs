// Checks the lines of an exported audit. Written apart from the program that wrote them, with nothing but Node, so that
// the two agree on the format and share no fault. The format is described in docs/audit.md.
import { isSigned, readKeys, sha256, toCanonicalJson } from './canonical.mjs';

const FORMAT = 'varta-audit/1';
const GENESIS = '0'.repeat(64);
/** Faults that are told one by one; the rest is counted. */
const MAX_FAULTS = 20;

/**
 * @typedef {{ seq: number, hash: string }} Head
 * @typedef {{ where: string, problem: string }} Fault
 * @typedef {{ ok: boolean, faults: Fault[], faultCount: number, entries: number, checkpoints: number,
 *   chains: Map<string, Head>, lastCheckpoint: { seq: number, at: string, hash: string } | undefined,
 *   unsigned: Map<string, number> }} Report
 */

/**
 * Reads lines and says whether they are what was written. `keys` is a JSON Web Key Set of Ed25519 public keys; `trusted`
 * are checkpoints that were given out earlier, each of which has to be in the file as it was.
 *
 * @param {AsyncIterable<string>} lines
 * @param {{ keys: { keys: object[] }, trusted?: readonly object[] }} given
 * @returns {Promise<Report>}
 */
export async function checkAuditFile(lines, { keys, trusted = [] }) {
  const check = new Check(keys);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line !== '') check.take(number, parse(line));
  }
  return check.end(trusted);
}

/** @param {string} line */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

class Check {
  #keys;
  /** @type {Fault[]} */
  #faults = [];
  #faultCount = 0;
  #hasHeader = false;
  /** @type {{ entries: number, checkpoints: number } | undefined} */
  #footer;
  #entries = 0;
  #checkpoints = new Map();
  /** @type {any} */
  #lastCheckpoint;
  /** @type {Map<string, Head>} */
  #heads = new Map();
  /** Hashes that checkpoints say, by chain and number, and those that entries have there. */
  #signed = new Map();
  #found = new Map();

  /** @param {{ keys: object[] }} keys */
  constructor(keys) {
    this.#keys = readKeys(keys);
  }

  /**
   * @param {number} number
   * @param {any} line
   */
  take(number, line) {
    if (this.#footer) this.#fault(`line ${number}`, 'comes after the end of the file');
    else if (line?.format !== undefined) this.#takeHeader(number, line);
    else if (!this.#hasHeader) this.#fault(`line ${number}`, `the file does not begin as ${FORMAT}`);
    else if (line?.checkpoint !== undefined) this.#takeCheckpoint(line.checkpoint);
    else if (line?.entry !== undefined) this.#takeEntry(line.entry);
    else if (Number.isInteger(line?.entries)) this.#footer = line;
    else this.#fault(`line ${number}`, 'is not readable');
    if (!this.#hasHeader) this.#hasHeader = true;
  }

  /**
   * @param {number} number
   * @param {any} line
   */
  #takeHeader(number, line) {
    if (number !== 1 || line.format !== FORMAT)
      this.#fault(`line ${number}`, `is the beginning of ${line.format}, not of ${FORMAT}`);
    this.#hasHeader = true;
  }

  /** @param {any} checkpoint */
  #takeCheckpoint(checkpoint) {
    const where = `checkpoint ${checkpoint.seq}`;
    const { hash, signature, ...body } = checkpoint;
    const text = toCanonicalJson(body);
    const last = this.#lastCheckpoint ?? { seq: 0, hash: GENESIS };
    if (checkpoint.seq !== last.seq + 1) this.#fault(where, `does not follow checkpoint ${last.seq}`);
    else if (checkpoint.prevHash !== last.hash)
      this.#fault(where, `was not made after checkpoint ${last.seq} as it is here`);
    if (sha256(text) !== hash) this.#fault(where, 'has been changed');
    const key = this.#keys.get(checkpoint.kid);
    if (!key) this.#fault(where, `is signed with the key ${checkpoint.kid}, which was not given`);
    else if (!isSigned(text, signature, key)) this.#fault(where, 'is not signed by the key that it names');
    this.#lastCheckpoint = checkpoint;
    this.#checkpoints.set(checkpoint.seq, hash);
    for (const [chain, head] of Object.entries(checkpoint.heads ?? {})) {
      const of = this.#signed.get(chain) ?? new Map();
      of.set(head.seq, { hash: head.hash, by: checkpoint.seq });
      this.#signed.set(chain, of);
    }
  }

  /** @param {any} entry */
  #takeEntry(entry) {
    this.#entries += 1;
    const { hash, ...body } = entry;
    const where = `entry ${entry.seq} of chain ${entry.chain}`;
    const last = this.#heads.get(entry.chain) ?? { seq: 0, hash: GENESIS };
    if (!Number.isInteger(entry.seq) || entry.seq <= last.seq) {
      this.#fault(where, 'is in the wrong place, or was inserted');
      return;
    }
    if (entry.seq > last.seq + 1)
      this.#fault(where, `entries before it (${range(last.seq + 1, entry.seq - 1)}) were removed`);
    else if (entry.prevHash !== last.hash)
      this.#fault(where, `does not follow entry ${last.seq} as it is here: one of the two was changed`);
    if (sha256(toCanonicalJson(body)) !== hash) this.#fault(where, 'was changed');
    const signed = this.#signed.get(entry.chain)?.get(entry.seq);
    if (signed) {
      const found = this.#found.get(entry.chain) ?? new Set();
      found.add(entry.seq);
      this.#found.set(entry.chain, found);
      if (signed.hash !== hash) this.#fault(where, `is not the one that checkpoint ${signed.by} signed`);
    }
    this.#heads.set(entry.chain, { seq: entry.seq, hash });
  }

  /**
   * @param {readonly any[]} trusted
   * @returns {Report}
   */
  end(trusted) {
    for (const [chain, heads] of this.#signed) {
      for (const [seq, { by }] of heads)
        if (!this.#found.get(chain)?.has(seq))
          this.#fault(`chain ${chain}`, `entry ${seq}, which checkpoint ${by} signed, is not there`);
    }
    for (const { seq, hash } of trusted)
      if (this.#checkpoints.get(seq) !== hash)
        this.#fault(`checkpoint ${seq}`, 'is not the one that was given out');
    if (!this.#footer) this.#fault('the file', 'has no end: it was cut off');
    else if (this.#footer.entries !== this.#entries || this.#footer.checkpoints !== this.#checkpoints.size)
      this.#fault('the file', 'does not hold as many entries and checkpoints as it says');
    const last = this.#lastCheckpoint;
    return {
      ok: this.#faultCount === 0,
      faults: this.#faults,
      faultCount: this.#faultCount,
      entries: this.#entries,
      checkpoints: this.#checkpoints.size,
      chains: this.#heads,
      lastCheckpoint: last && { seq: last.seq, at: last.at, hash: last.hash },
      unsigned: new Map(
        [...this.#heads].map(([chain, head]) => [chain, head.seq - (last?.heads?.[chain]?.seq ?? 0)]),
      ),
    };
  }

  /**
   * @param {string} where
   * @param {string} problem
   */
  #fault(where, problem) {
    this.#faultCount += 1;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ where, problem });
  }
}

/**
 * @param {number} first
 * @param {number} last
 */
function range(first, last) {
  return first === last ? String(first) : `${first} to ${last}`;
}
