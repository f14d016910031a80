// Prints new key pairs, for grants and for the audit's checkpoints, as lines for an environment file. Needs nothing but Node.
import { generateKeyPairSync, randomUUID } from 'node:crypto';

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
process.stdout.write(
  `GRANT_PRIVATE_JWK=${grants.privateJwk}\nGRANT_PUBLIC_JWKS=${grants.publicJwks}\nAUDIT_PRIVATE_JWK=${makePair().privateJwk}\n`,
);
