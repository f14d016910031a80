import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { hashPassword, needsRehash, verifyPassword } from './password.ts';

test('a password matches its hash and no other', async () => {
  const hashed = await hashPassword('correct horse');
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hashed, 'correct horse')).toBe(true);
  expect(await verifyPassword(hashed, 'correct horsf')).toBe(false);
});

test('the same password never has the same hash', async () => {
  expect(await hashPassword('twice')).not.toBe(await hashPassword('twice'));
});

test('a broken hash matches nothing', async () => {
  expect(await verifyPassword('plain text', 'plain text')).toBe(false);
});

test('knows a hash of another cost', async () => {
  expect(needsRehash(await hashPassword('x'))).toBe(false);
  expect(needsRehash(await hash('x', { memoryCost: 8192, timeCost: 1 }))).toBe(true);
  expect(needsRehash('nonsense')).toBe(true);
});
