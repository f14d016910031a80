// What the files of an audit and of evidence are checked by: canonical JSON, SHA-256, Ed25519. With nothing but Node.
import { createHash, createPublicKey, verify } from 'node:crypto';

/** @param {string | Buffer} content */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * JSON in the form of RFC 8785: names sorted by UTF-16 code units, no white space.
 *
 * @param {any} value
 * @returns {string}
 */
export function toCanonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${toCanonicalJson(value[name])}`).join(',')}}`;
}

/**
 * The keys of a JSON Web Key Set by their names.
 *
 * @param {{ keys: object[] }} set
 */
export function readKeys(set) {
  return new Map(
    set.keys.map((jwk) => [
      /** @type {{ kid: string }} */ (jwk).kid,
      createPublicKey({ key: /** @type {any} */ (jwk), format: 'jwk' }),
    ]),
  );
}

/**
 * @param {string} text
 * @param {unknown} signature base64url
 * @param {import('node:crypto').KeyObject} key
 */
export function isSigned(text, signature, key) {
  return verify(null, Buffer.from(text), key, Buffer.from(String(signature), 'base64url'));
}
