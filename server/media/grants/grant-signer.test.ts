import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { GRANT_TTL_SECONDS, Grant, type GrantedFeed, GrantToken } from '#contract/grants.ts';
import { createGrantSigner } from './grant-signer.ts';

const NOW_MS = Date.parse('2026-11-22T14:05:00.900Z');
const FEED: GrantedFeed = {
  id: 'ua-68-itt-1-cell-1-cam-1',
  facilityId: 'ua-68-itt-1',
  regionId: 'UA-68',
  source: 'edge',
  layers: ['low', 'high'],
};

async function setUp() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const signer = await createGrantSigner({
    key: { ...(await exportJWK(privateKey)), kid: 'key-1' },
    replicaId: 'replica-1',
    now: () => NOW_MS,
  });
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'EdDSA' }] });
  const read = async (token: string) => {
    const { payload } = await jwtVerify(GrantToken.parse(token), keys, { currentDate: new Date(NOW_MS) });
    return Grant.parse(payload);
  };
  return { signer, read };
}

test('every kind of grant is what the contract says, for one node and a short time', async () => {
  const { signer, read } = await setUp();
  const issuedAt = Math.floor(NOW_MS / 1000);
  const registered = { aud: 'node-1', iat: issuedAt, exp: issuedAt + GRANT_TTL_SECONDS };

  expect(await read(await signer.signControl('node-1'))).toMatchObject({
    ...registered,
    use: 'control',
    sub: 'replica-1',
  });
  expect(
    await read(await signer.signView('node-1', 'viewer-0001', [{ ...FEED, maxLayer: 'high' }])),
  ).toMatchObject({
    ...registered,
    use: 'view',
    sub: 'viewer-0001',
    feeds: [{ id: FEED.id, maxLayer: 'high' }],
  });
  expect(await read(await signer.signPublish('node-1', FEED))).toMatchObject({
    ...registered,
    use: 'publish',
    sub: FEED.facilityId,
    feed: FEED,
  });
});

test('two grants are never the same', async () => {
  const { signer, read } = await setUp();
  const [first, second] = [await signer.signControl('node-1'), await signer.signControl('node-1')];
  expect((await read(first)).jti).not.toBe((await read(second)).jti);
});

test('the largest grant that a viewer can have fits on the wire', async () => {
  const { signer } = await setUp();
  const long = (index: number) => `${'a'.repeat(60)}${String(index).padStart(4, '0')}`;
  const feeds = Array.from({ length: 192 }, (_, index) => ({
    ...FEED,
    id: long(index),
    facilityId: long(index),
    maxLayer: 'high' as const,
  }));
  expect(GrantToken.safeParse(await signer.signView('node-1', 'viewer-0001', feeds)).success).toBe(true);
});

test.each([
  ['a public key', { kty: 'OKP', crv: 'Ed25519', kid: 'key-1', x: 'AAAA' }],
  ['a key without a name', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', d: 'secret-part' }],
  ['another curve', { kty: 'EC', crv: 'P-256', kid: 'key-1', x: 'AAAA', d: 'secret-part' }],
  ['nothing', undefined],
])('%s is refused, and the message does not tell the key', async (_, key) => {
  const failure = createGrantSigner({ key, replicaId: 'replica-1', now: () => NOW_MS });
  await expect(failure).rejects.toThrow(TypeError);
  await expect(failure).rejects.not.toThrow(/secret-part/);
});
