import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readModules } from './imports/read-modules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

test('every proof that the threat model names is there', async () => {
  const named = [...page.matchAll(/`((?:[\w-]+\/)*[\w-]+\.(?:int\.|e2e\.)?test\.tsx?)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(30);
  const modules = [...(await readModules(root)).keys()];
  const missing = named.filter((name) => !modules.some((path) => path === name || path.endsWith(`/${name}`)));
  expect(missing).toEqual([]);
});

test('every page that it leads to is there', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((path) => !existsSync(join(dirname(join(root, 'docs/security.md')), path)))).toEqual(
    [],
  );
});
