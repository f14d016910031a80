import { describe, expect, it } from 'vitest';
import { createTestAuthority } from '../test/fixtures/authority.ts';
import { parseGrantKeys } from './grant-keys.ts';
import { createGrantVerifier } from './verify-grant.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const seconds = NOW / 1000;

async function setUp() {
  const authority = await createTestAuthority({ nodeId: 'sfu-1', now: () => NOW });
  const verify = createGrantVerifier({
    keys: parseGrantKeys(authority.publicJwks),
    nodeId: 'sfu-1',
    now: () => NOW,
  });
  return { authority, verify };
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('a grant', () => {
  it('is taken when it is ours, for this node, and alive', async () => {
    const { authority, verify } = await setUp();
    const grant = await verify(await authority.view('viewer-1', ['feed-1']), 'view');
    expect(grant).toMatchObject({
      use: 'view',
      sub: 'viewer-1',
      feeds: [{ id: 'feed-1', maxLayer: 'high' }],
    });
  });

  it('is refused as expired a moment after the leeway', async () => {
    const { authority, verify } = await setUp();
    const grant = (exp: number) => authority.view('viewer-1', [], { iat: exp - 15, exp });
    await expect(verify(await grant(seconds - 1), 'view')).resolves.toMatchObject({ exp: seconds - 1 });
    await expect(verify(await grant(seconds - 3), 'view')).rejects.toThrow(refusal('grant_expired'));
  });

  it.each([
    ['is for another node', { aud: 'sfu-2' }],
    ['comes from another issuer', { iss: 'somebody' }],
    ['is from the future', { iat: seconds + 5, exp: seconds + 20 }],
    ['lives too long', { exp: seconds + 3_600 }],
    ['has a claim that no grant has', { admin: true }],
    ['has no id', { jti: undefined }],
    ['is of an unknown kind', { use: 'everything' }],
  ])('is refused when it %s', async (_what, claims) => {
    const { authority, verify } = await setUp();
    await expect(verify(await authority.view('viewer-1', [], claims), 'view')).rejects.toThrow(
      refusal('grant_invalid'),
    );
  });

  it('is refused when somebody else has signed it', async () => {
    const { verify } = await setUp();
    const other = await createTestAuthority({ nodeId: 'sfu-1', now: () => NOW });
    await expect(verify(await other.view('viewer-1', []), 'view')).rejects.toThrow(refusal('grant_invalid'));
  });

  it('is refused when its claims were changed, or its signature taken away', async () => {
    const { authority, verify } = await setUp();
    const [header, , signature] = (await authority.view('viewer-1', [])).split('.');
    const [, otherClaims] = (await authority.view('viewer-2', [])).split('.');
    await expect(verify(`${header}.${otherClaims}.${signature}`, 'view')).rejects.toThrow(
      refusal('grant_invalid'),
    );
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    await expect(verify(`${none}.${otherClaims}.x`, 'view')).rejects.toThrow(refusal('grant_invalid'));
  });

  it('is refused for another use than its own', async () => {
    const { authority, verify } = await setUp();
    await expect(verify(await authority.control(), 'view')).rejects.toThrow(refusal('grant_invalid'));
    await expect(verify(await authority.view('viewer-1', []), 'publish')).rejects.toThrow(
      refusal('grant_invalid'),
    );
  });
});

describe('parseGrantKeys', () => {
  it('refuses private keys, other kinds of keys, and none at all', () => {
    const x = 'a'.repeat(43);
    const set = (...keys: object[]) => JSON.stringify({ keys });
    expect(() => parseGrantKeys(set({ kty: 'OKP', crv: 'Ed25519', x, d: x }))).toThrow(/private key/);
    expect(() => parseGrantKeys(set({ kty: 'RSA', n: 'x', e: 'AQAB' }))).toThrow(/GRANT_PUBLIC_JWKS/);
    expect(() => parseGrantKeys(set())).toThrow(/GRANT_PUBLIC_JWKS/);
  });
});
