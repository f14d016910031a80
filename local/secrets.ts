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
  auditPrivateJwk: privateJwkSchema,
  sessionSecret: z.string().min(32),
  /** `id:key`, as PERSONAL_DATA_KEY takes it. */
  personalDataKey: z.string().min(45),
  /** `id:key`, as EVIDENCE_KEY takes it. */
  evidenceKey: z.string().min(45),
});

/** What only the services of this machine may know. */
export type Secrets = z.infer<typeof secretsSchema>;

/** Fresh secrets: Ed25519 keys that sign grants and checkpoints, the cookies’ secret, and what encrypts personal data and pictures. */
export function createSecrets(): Secrets {
  return secretsSchema.parse({
    grantPrivateJwk: createPrivateJwk(),
    auditPrivateJwk: createPrivateJwk(),
    sessionSecret: randomBytes(32).toString('base64url'),
    personalDataKey: createEncryptionKey(),
    evidenceKey: createEncryptionKey(),
  });
}

function createPrivateJwk(): object {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: randomUUID(), alg: 'EdDSA', use: 'sig' };
}

function createEncryptionKey(): string {
  return `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
}

/** The public half of the grant key as a key set, which is all that an sfu gets. */
export function toPublicJwks(secrets: Secrets): { keys: object[] } {
  const { d: _private, ...publicJwk } = secrets.grantPrivateJwk;
  return { keys: [publicJwk] };
}

/**
 * The secrets in `file`, made there on the first start: whole or not at all, readable by the owner only. One that an
 * earlier version did not know is added.
 *
 * @throws when the file holds something else, because making new ones would sign everybody out without a word.
 */
export async function loadSecrets(file: string): Promise<Secrets> {
  const text = await readIfThere(file);
  const known = secretsSchema.partial().safeParse(text === undefined ? {} : safeJson(text));
  if (!known.success)
    throw new Error(`${file} is damaged. Remove it to get new secrets; everybody is signed out then.`);
  const whole = secretsSchema.safeParse(known.data);
  if (whole.success) return whole.data;
  const secrets = secretsSchema.parse({ ...createSecrets(), ...known.data });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(fresh, file);
  return secrets;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
