import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES = ['README.md', 'docs/**/*.md', 'sfu/*.md', 'verify/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: ROOT }),
);

/** Where a page leads to inside the repository: its links and pictures, without what is outside or on the page itself. */
function targetsOf(page: string): string[] {
  const text = readFileSync(resolve(ROOT, page), 'utf8');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^<?[a-z]+:/.test(target));
}

test('no page leads to a file that is not there', () => {
  const dead = PAGES.flatMap((page) =>
    targetsOf(page)
      .filter((target) => !existsSync(resolve(ROOT, dirname(page), target)))
      .map((target) => `${relative(ROOT, resolve(ROOT, page))} → ${target}`),
  );
  expect(PAGES.length).toBeGreaterThan(40);
  expect(PAGES.flatMap(targetsOf).length).toBeGreaterThan(50);
  expect(dead).toEqual([]);
});
