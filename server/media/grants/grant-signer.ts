import { importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { GRANT_ISSUER, GRANT_TTL_SECONDS, type GrantedFeed, type ViewGrant } from '#contract/grants.ts';
import type { NodeId, ViewerId } from '#contract/ids.ts';
import type { Now } from '../ports.ts';

/** The private half of a grant key: Ed25519 (RFC 8037) with a key id, by which nodes find the public half. */
const GrantPrivateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1).max(100),
  x: z.string().min(1),
  d: z.string().min(1),
});

/** Signs what lets a node act: compact JWS, EdDSA, for one node, {@link GRANT_TTL_SECONDS} long. */
export interface GrantSigner {
  /** Opens the control connection of a node. */
  signControl(nodeId: NodeId): Promise<string>;
  /** Lets a viewer receive exactly these feeds. */
  signView(nodeId: NodeId, viewerId: ViewerId, feeds: ViewGrant['feeds']): Promise<string>;
  /** Lets the feed's facility publish it, or end its publication. */
  signPublish(nodeId: NodeId, feed: GrantedFeed): Promise<string>;
}

/** Both halves of a grant key, ready for use. */
export interface GrantKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

/**
 * Reads the key as the settings hold it.
 *
 * @throws TypeError when it is not an Ed25519 private JWK with `kid`; the message never holds the key.
 */
export async function readGrantKey(key: unknown): Promise<GrantKey> {
  const parsed = GrantPrivateJwk.safeParse(key);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => path.join('.') || 'the key').join(', ');
    throw new TypeError(`the grant key is not an Ed25519 private JWK with kid: see ${wrong}`);
  }
  const { kid, d, ...open } = parsed.data;
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...open, d }, 'EdDSA'),
    importJWK(open, 'EdDSA'),
  ]);
  if (!(privateKey instanceof CryptoKey && publicKey instanceof CryptoKey))
    throw new TypeError('no Ed25519 here');
  return { kid, privateKey, publicKey };
}

interface GrantSignerOptions {
  /** JWK as the settings hold it. */
  key: unknown;
  replicaId: string;
  now: Now;
  newId?: () => string;
}

/**
 * Reads the key and returns the signer.
 *
 * @throws TypeError when the key is not an Ed25519 private JWK with `kid`; the message never holds the key.
 */
export async function createGrantSigner(options: GrantSignerOptions): Promise<GrantSigner> {
  const { kid, privateKey: key } = await readGrantKey(options.key);
  const newId = options.newId ?? (() => crypto.randomUUID());

  const sign = (nodeId: NodeId, subject: string, claims: Record<string, unknown>) => {
    const issuedAt = Math.floor(options.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(GRANT_ISSUER)
      .setAudience(nodeId)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + GRANT_TTL_SECONDS)
      .setJti(newId())
      .sign(key);
  };

  return {
    signControl: (nodeId) => sign(nodeId, options.replicaId, { use: 'control' }),
    signView: (nodeId, viewerId, feeds) => sign(nodeId, viewerId, { use: 'view', feeds }),
    signPublish: (nodeId, feed) => sign(nodeId, feed.facilityId, { use: 'publish', feed }),
  };
}
