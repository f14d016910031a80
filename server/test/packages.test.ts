import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readModules } from './imports/read-modules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { dependencies, devDependencies } = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));

/** What runs in production: the services, without tests, benchmarks and the client, which is built before. */
const inProduction = (path: string) =>
  /^(?:server|sfu|config)\//.test(path) && !/\/(?:test|bench|worker-build)\/|\.test\.ts$/.test(path);
const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
const modules = await readModules(root);
const used = new Set(
  [...modules]
    .filter(([path]) => inProduction(path))
    .flatMap(([, imports]) => imports)
    .filter((specifier) => !/^(?:\.|#|node:)/.test(specifier))
    .map(packageOf),
);
/** The pinned Node itself: it is run, not imported. */
const RUN = ['node'];

test('what runs in production is installed there, and nothing else is', () => {
  expect([...used, ...RUN].toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('each has one exact version', () => {
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
