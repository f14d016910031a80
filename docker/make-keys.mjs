// Prints new keys, for grants, for the audit's checkpoints and for what is encrypted, as lines for an environment file. Needs
// nothing but Node.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';

/** @returns a private key and the set with its public half, as JSON Web Keys. */
function makePair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const about = { kid: randomUUID(), alg: 'EdDSA', use: 'sig' };
  return {
    privateJwk: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...about }),
    publicJwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...about }] }),
  };
}

/** @returns a key with a name, as PERSONAL_DATA_KEY and EVIDENCE_KEY take it. */
function makeKey() {
  return `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
}

const grants = makePair();
process.stdout.write(
  `GRANT_PRIVATE_JWK=${grants.privateJwk}\nAUDIT_PRIVATE_JWK=${makePair().privateJwk}\nPERSONAL_DATA_KEY=${makeKey()}\nEVIDENCE_KEY=${makeKey()}\n\n# For sfu.env:\nGRANT_PUBLIC_JWKS=${grants.publicJwks}\n`,
);
