import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFactorSecrets } from './factor-secrets.ts';

const OLD = { id: 'old', bytes: randomBytes(32) };
const NEW = { id: 'new', bytes: randomBytes(32) };
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test('what is kept does not show the secret, and is good for its own user name only', () => {
  const secrets = createFactorSecrets([OLD]);
  const kept = secrets.seal(SECRET, 'olena');
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  expect(secrets.open(kept, 'olena')).toBe(SECRET);
  expect(() => secrets.open(kept, 'petro')).toThrow();
});

test('what was kept before there was a key, or with an older one, is read and is to be encrypted anew', () => {
  const before = createFactorSecrets([]).seal(SECRET, 'olena');
  const old = createFactorSecrets([OLD]).seal(SECRET, 'olena');
  const secrets = createFactorSecrets([NEW, OLD]);
  for (const kept of [before, old]) {
    expect(secrets.open(kept, 'olena')).toBe(SECRET);
    expect(secrets.isOutdated(kept)).toBe(true);
  }
  expect(secrets.isOutdated(secrets.seal(SECRET, 'olena'))).toBe(false);
});

test('without its key it is lost, and says so', () => {
  const kept = createFactorSecrets([OLD]).seal(SECRET, 'olena');
  for (const keys of [[], [NEW]])
    expect(() => createFactorSecrets(keys).open(kept, 'olena')).toThrow(
      expect.objectContaining({ code: 'personal_key_missing' }),
    );
});
