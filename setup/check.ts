import { dirname, join } from 'node:path';
import { createSecrets, toPublicJwks } from '../local/secrets.ts';
import { runLong } from './command.ts';
import { startProgress } from './early/progress.mjs';

const root = dirname(import.meta.dirname);
const inModules = (...path: string[]) => join(root, 'node_modules', ...path);

/**
 * Green unit tests say nothing about start-up: vitest runs TypeScript that plain Node refuses. So each service is
 * started under plain Node with `--check`: it reads its settings, loads every module and ends with 0.
 */
const secrets = createSecrets();
const bootEnvironment = {
  REDIS_URL: 'unix:///nowhere',
  SAMPLE: 'true',
  SESSION_SECRET: secrets.sessionSecret,
  GRANT_PRIVATE_JWK: JSON.stringify(secrets.grantPrivateJwk),
  GRANT_PUBLIC_JWKS: JSON.stringify(toPublicJwks(secrets)),
};

const checks: readonly { title: string; args: string[] }[] = [
  { title: 'format and lint', args: [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'] },
  { title: 'types', args: [inModules('typescript', 'bin', 'tsc'), '--noEmit', '-p', root] },
  { title: 'unit tests', args: [inModules('vitest', 'vitest.mjs'), 'run', '--project', 'unit'] },
  ...['server', 'sfu', 'sample'].map((service) => ({
    title: `${service} starts`,
    args: [join(root, service, 'main.ts'), '--check'],
  })),
];

const failures: string[] = [];
for (const { title, args } of checks) {
  const progress = startProgress(title);
  try {
    await runLong(process.execPath, args, { env: { ...bootEnvironment, ...process.env } });
    progress.done();
  } catch (error) {
    progress.fail();
    failures.push(title);
    console.error(error instanceof Error ? error.message : error);
  }
}
if (failures.length > 0) {
  console.error(`\nNot right: ${failures.join(', ')}.`);
  process.exitCode = 1;
}
