import { createHash } from 'node:crypto';
import type { CameraCredentials } from './camera-list.ts';

/** What a camera asks of who wants its stream (RFC 7616, RFC 2617; RTSP takes both over from HTTP). */
export type Challenge =
  | {
      scheme: 'digest';
      realm: string;
      nonce: string;
      opaque: string | undefined;
      algorithm: 'MD5' | 'SHA-256';
      /** `auth` is offered; without it the older form of RFC 2069 is meant. */
      qop: boolean;
      stale: boolean;
    }
  | { scheme: 'basic' };

/**
 * The best of the challenges in a response: digest with SHA-256, digest with MD5, basic.
 *
 * @param headers values of all `WWW-Authenticate` headers
 * @returns undefined when there is none that can be answered
 */
export function chooseChallenge(headers: readonly string[]): Challenge | undefined {
  const challenges = headers.flatMap((header) => parseChallenge(header) ?? []);
  const rank = (it: Challenge) => (it.scheme === 'basic' ? 0 : it.algorithm === 'MD5' ? 1 : 2);
  return challenges.sort((a, b) => rank(b) - rank(a))[0];
}

function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  if (/^basic$/i.test(scheme)) return { scheme: 'basic' };
  if (!/^digest$/i.test(scheme)) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, plain] of rest.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  ))
    fields.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase();
  const nonce = fields.get('nonce');
  if (nonce === undefined || (algorithm !== 'MD5' && algorithm !== 'SHA-256')) return undefined;
  const qop = fields
    .get('qop')
    ?.split(',')
    .map((it) => it.trim().toLowerCase());
  if (qop && !qop.includes('auth')) return undefined;
  return {
    scheme: 'digest',
    realm: fields.get('realm') ?? '',
    nonce,
    opaque: fields.get('opaque'),
    algorithm,
    qop: qop !== undefined,
    stale: fields.get('stale')?.toLowerCase() === 'true',
  };
}

export interface AuthorizedRequest {
  method: string;
  uri: string;
  credentials: CameraCredentials;
  /** Requests with this nonce so far, this one included. */
  count: number;
  /** Any text that was not used before. */
  cnonce: string;
}

/** The value of the `Authorization` header that answers a challenge. */
export function toAuthorization(challenge: Challenge, request: AuthorizedRequest): string {
  const { username, password } = request.credentials;
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const who = hash(`${username}:${realm}:${password}`);
  const what = hash(`${request.method}:${request.uri}`);
  const count = request.count.toString(16).padStart(8, '0');
  const response = hash(
    qop ? `${who}:${nonce}:${count}:${request.cnonce}:auth:${what}` : `${who}:${nonce}:${what}`,
  );
  const fields = [
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${response}"`,
    // Old cameras do not know the field; MD5 is what they assume.
    ...(algorithm === 'MD5' ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop ? [`qop=auth`, `nc=${count}`, `cnonce="${request.cnonce}"`] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
