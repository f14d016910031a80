import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { parseSettings } from '../config/settings/parse.ts';
import { ServerSettings } from '../config/settings/server.ts';
import { createSecrets, loadSecrets, toPublicJwks } from './secrets.ts';

async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'varta-secrets-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('what the private key signs, the public key set verifies, and it holds no private part', async () => {
  const secrets = createSecrets();
  const [publicJwk] = toPublicJwks(secrets).keys;
  const token = await new SignJWT({ feed: 'a' })
    .setProtectedHeader({ alg: 'EdDSA', kid: secrets.grantPrivateJwk.kid })
    .sign(await importJWK(secrets.grantPrivateJwk));
  expect((await jwtVerify(token, await importJWK({ ...publicJwk }))).payload).toEqual({ feed: 'a' });
  expect(publicJwk).not.toHaveProperty('d');
});

test('secrets are made once, kept, and readable by their owner only', async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, 'secrets.json');
  const first = await loadSecrets(file);
  expect(await loadSecrets(file)).toEqual(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(createSecrets().sessionSecret).not.toBe(first.sessionSecret);
});

test('a secret that an earlier version did not know is added, and the others stay', async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, 'secrets.json');
  const { auditPrivateJwk: _, ...earlier } = createSecrets();
  await writeFile(file, JSON.stringify(earlier));
  const secrets = await loadSecrets(file);
  expect(secrets).toMatchObject(earlier);
  expect(await loadSecrets(file)).toEqual(secrets);
});

test('a damaged file is refused, not replaced', async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, 'secrets.json');
  await writeFile(file, '{"sessionSecret":');
  await expect(loadSecrets(file)).rejects.toThrow('damaged');
  expect(await readFile(file, 'utf8')).toBe('{"sessionSecret":');
});

test('a file of the time before personal data gets its key, and keeps the rest', async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, 'secrets.json');
  const { personalDataKey: _new, ...earlier } = createSecrets();
  await writeFile(file, JSON.stringify(earlier));
  const secrets = await loadSecrets(file);
  expect(secrets).toMatchObject(earlier);
  const settings = parseSettings(ServerSettings, {
    SAMPLE: 'true',
    REDIS_URL: 'unix:///tmp/redis.sock',
    SESSION_SECRET: secrets.sessionSecret,
    GRANT_PRIVATE_JWK: JSON.stringify(secrets.grantPrivateJwk),
    PERSONAL_DATA_KEY: secrets.personalDataKey,
  });
  expect(settings.PERSONAL_DATA_KEY).toMatchObject([{ bytes: { length: 32 } }]);
  expect(await loadSecrets(file)).toEqual(secrets);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
