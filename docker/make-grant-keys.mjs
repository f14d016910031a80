// Prints a new key pair for grants, as lines for an environment file. Needs nothing but Node.
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const about = { kid: randomUUID(), alg: 'EdDSA', use: 'sig' };
const privateJwk = { ...privateKey.export({ format: 'jwk' }), ...about };
const publicJwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), ...about }] };
process.stdout.write(
  `GRANT_PRIVATE_JWK=${JSON.stringify(privateJwk)}\nGRANT_PUBLIC_JWKS=${JSON.stringify(publicJwks)}\n`,
);
