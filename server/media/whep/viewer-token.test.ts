import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { GRANT_ISSUER, Grant } from '#contract/grants.ts';
import { createGrantSigner, readGrantKey } from '../grants/grant-signer.ts';
import { createViewerTokens, VIEWER_TOKEN_TTL_S } from './viewer-token.ts';

const WHAT = { sessionId: 'session-handle', feedId: 'ua-68-itt-1-cell-1-cam-1' };

async function setUp() {
  const jwk = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'key-1' };
  const key = await readGrantKey(jwk);
  let nowMs = Date.parse('2026-11-22T14:05:00.900Z');
  const now = () => nowMs;
  return {
    key,
    tokens: createViewerTokens({ key, now }),
    signer: await createGrantSigner({ key: jwk, replicaId: 'replica-1', now }),
    now,
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'read',
    (error: { code?: string }) => error.code,
  );

test('a token says which session may have which feed played, for a minute', async () => {
  const { tokens, pass } = await setUp();
  const { token, expiresAt } = await tokens.issue(WHAT);
  expect(expiresAt).toBe('2026-11-22T14:06:00.000Z');
  expect(await tokens.read(token)).toEqual(WHAT);
  pass(VIEWER_TOKEN_TTL_S + 3);
  expect(await codeOf(tokens.read(token))).toBe('bad_viewer_token');
  // For what it started meanwhile it is as good as ever.
  expect(await tokens.read(token, { started: true })).toEqual(WHAT);
});

test('nothing else is a token, and a token is no grant', async () => {
  const { tokens, signer, key, now } = await setUp();
  const { tokens: others } = await setUp();
  const { token } = await tokens.issue(WHAT);
  const iat = Math.floor(now() / 1000);
  const sign = (claims: object) =>
    new SignJWT({
      iss: GRANT_ISSUER,
      aud: 'varta-whep',
      use: 'play',
      sub: 's',
      feed: WHAT.feedId,
      iat,
      exp: iat + 60,
      jti: crypto.randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
      .sign(key.privateKey);
  expect(await codeOf(tokens.read(await sign({})))).toBe('read');
  const wrong = [
    await signer.signControl('varta-whep'),
    await signer.signView('varta-whep', 'viewer-0001', []),
    (await others.issue(WHAT)).token,
    await sign({ use: 'view' }),
    await sign({ aud: 'node-1' }),
    await sign({ iss: 'somebody' }),
    await sign({ feed: '../etc' }),
    await sign({ more: 1 }),
    await sign({ sub: undefined }),
    `${token.slice(0, -4)}AAAA`,
    'a.b.c',
    '',
    'x'.repeat(5_000),
  ];
  for (const started of [false, true])
    for (const text of wrong)
      expect([text, await codeOf(tokens.read(text, { started }))]).toEqual([text, 'bad_viewer_token']);

  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(Grant.safeParse(claims).success).toBe(false);
});
