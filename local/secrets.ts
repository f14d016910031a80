import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const privateJwkSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

const secretsSchema = z.strictObject({
  grantPrivateJwk: privateJwkSchema,
  sessionSecret: z.string().min(32),
});

/** What only the services of this machine may know. */
export type Secrets = z.infer<typeof secretsSchema>;

/** Fresh secrets: an Ed25519 key that signs grants, and the session cookies' secret. */
export function createSecrets(): Secrets {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return secretsSchema.parse({
    grantPrivateJwk: { ...jwk, kid: randomUUID(), alg: 'EdDSA', use: 'sig' },
    sessionSecret: randomBytes(32).toString('base64url'),
  });
}

/** The public half of the grant key as a key set, which is all that an sfu gets. */
export function toPublicJwks(secrets: Secrets): { keys: object[] } {
  const { d: _private, ...publicJwk } = secrets.grantPrivateJwk;
  return { keys: [publicJwk] };
}

/**
 * The secrets in `file`, made there on the first start: whole or not at all, readable by the owner only.
 *
 * @throws when the file holds something else, because making new ones would sign everybody out without a word.
 */
export async function loadSecrets(file: string): Promise<Secrets> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const secrets = createSecrets();
    const fresh = `${file}.${process.pid}.new`;
    await writeFile(fresh, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(fresh, file);
    return secrets;
  }
  const parsed = secretsSchema.safeParse(safeJson(text));
  if (!parsed.success)
    throw new Error(`${file} is damaged. Remove it to get new secrets; everybody is signed out then.`);
  return parsed.data;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
