import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCanonicalJson } from '../audit/canonical-json.ts';
import { EMPTY_CHAIN, nextEntry } from '../audit/chain.ts';
import { createTestSigner } from '../test/fixtures/audit-key.ts';
import { sha256, signManifest } from './manifest.ts';
import { toPackage } from './package.ts';
import { loadVerifier } from './verifier-file.ts';

const run = promisify(execFile);
const VERIFIER = fileURLToPath(new URL('../../verify/varta-verify.mjs', import.meta.url));
const AT = '2026-11-22T12:00:00.000Z';
const signer = createTestSigner('test');

let folder: string;
let keysFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varta-package-'));
  keysFile = join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify({ keys: signer.publicKeys }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function packed(): Promise<Record<string, Uint8Array>> {
  const still = Buffer.from('a picture');
  const id = 'ev-1';
  const manifest = signManifest(
    {
      format: 'varta-evidence/1',
      nation: 'sample',
      id,
      regionId: 'UA-68',
      facilityId: 'ua-68-itt-1',
      areaId: 'ua-68-itt-1-cell-1',
      feedId: 'ua-68-itt-1-cell-1-cam-1',
      flagId: 'flag-1',
      at: AT,
      node: 'sfu-1',
      files: [{ name: 'still.jpg', sha256: sha256(still), bytes: still.length }],
      keptAt: AT,
    } as never,
    signer,
  );
  const kept = nextEntry(
    'UA-68',
    EMPTY_CHAIN,
    {
      actor: { kind: 'system', id: 'varta' },
      action: 'evidence.keep',
      resource: `evidence:${id}`,
      outcome: 'done',
      details: { manifest: manifest.hash },
    },
    Date.parse(AT),
  );
  return unzipSync(
    toPackage({
      files: new Map([['still.jpg', still]]),
      manifest,
      entries: [kept],
      verifier: await loadVerifier(),
      signer,
      atMs: Date.parse(AT),
    }),
  );
}

/** The same with something else said, and signed, about what was done with it. */
function resigned(files: Record<string, Uint8Array>, change: (custody: Record<string, unknown>) => object) {
  const {
    hash: _,
    signature: __,
    ...custody
  } = JSON.parse(Buffer.from(files['custody.json'] ?? []).toString('utf8'));
  const body = change(custody);
  const text = toCanonicalJson(body as never);
  const seal = { ...body, hash: sha256(text), signature: signer.sign(text) };
  return { ...files, 'custody.json': Buffer.from(`${JSON.stringify(seal, null, 2)}\n`) };
}

async function verify(files: Record<string, Uint8Array>): Promise<string> {
  const file = join(folder, 'package.zip');
  await writeFile(file, zipSync(files, { level: 0 }));
  return run(process.execPath, [VERIFIER, file, '--keys', keysFile]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test('a package says that it is of the format in which the verifier is in it, and is verified', async () => {
  const files = await packed();
  expect(JSON.parse(Buffer.from(files['custody.json'] ?? []).toString('utf8'))).toMatchObject({
    format: 'varta-custody/2',
    verifier: { name: 'varta-verify.mjs' },
  });
  expect(Buffer.from(files['README.txt'] ?? []).toString('utf8')).toContain('varta-custody/2');
  expect(await verify(files)).toContain('YES');
});

test('one of the format before, without a verifier in it, is verified as well', async () => {
  const { 'varta-verify.mjs': __, ...files } = await packed();
  const before = resigned(files, ({ verifier: _, ...rest }) => ({ ...rest, format: 'varta-custody/1' }));
  expect(await verify(before)).toContain('YES');
});

test('one that should have a verifier and names none, or is of a format to come, is not said to be right', async () => {
  const files = await packed();
  const { 'varta-verify.mjs': __, ...without } = files;
  const said = await verify(resigned(without, ({ verifier: _, ...rest }) => rest));
  expect(said).toContain('✗ custody.json: names no verifier');
  expect(said).toContain('NO');
  expect(await verify(resigned(files, (rest) => ({ ...rest, format: 'varta-custody/3' })))).toContain(
    '✗ custody.json: is varta-custody/3, which this verifier does not know: have a newer one',
  );
});
