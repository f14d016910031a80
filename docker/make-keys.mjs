// Prints new key pairs, for grants and for the audit's checkpoints, as lines for an environment file. Needs nothing but Node.
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

const grants = makePair();
const personalDataKey = `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
process.stdout.write(
  `GRANT_PRIVATE_JWK=${grants.privateJwk}\nAUDIT_PRIVATE_JWK=${makePair().privateJwk}\nPERSONAL_DATA_KEY=${personalDataKey}\n\n# For sfu.env:\nGRANT_PUBLIC_JWKS=${grants.publicJwks}\n`,
);
