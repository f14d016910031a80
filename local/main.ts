import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { findRedisServer } from '../setup/redis-binary.ts';
import { listenForStop } from '../setup/stop-signal.ts';
import { renderBanner } from './banner.ts';
import { ChildService } from './child-service.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { formatLogLine } from './log-line.ts';
import { assertWebPortFree, chooseSfuPorts } from './ports.ts';
import { PrivateRedis } from './private-redis.ts';
import { waitUntilReady } from './readiness.ts';
import { Reaper } from './reaper.ts';
import { loadSecrets } from './secrets.ts';
import { toLocalOrigin, toServiceDefinitions } from './services.ts';
import { type LocalSettings, parseLocalSettings, toDataPaths } from './settings.ts';

const root = dirname(import.meta.dirname);

function say(text: string): void {
  console.log(text);
}

function onLine(service: string, line: string): void {
  console.log(formatLogLine(service, line));
}

async function startPrivateRedis(
  settings: LocalSettings,
  reaper: Reaper,
  signal: AbortSignal,
): Promise<PrivateRedis> {
  const found = await findRedisServer(process.env);
  if (found.state === 'missing')
    throw new Error(`There is no redis-server of version 7 or newer. ${found.reason}`);
  const dataDir = toDataPaths(settings.DATA_DIR).redis;
  return PrivateRedis.create({ binary: found.file, dataDir, reaper, onLine, say, signal });
}

async function run(signal: AbortSignal): Promise<void> {
  const settings = parseLocalSettings(process.env, root);
  await using owned = new AsyncDisposableStack();
  owned.use(await lockDataDir(settings.DATA_DIR));
  await assertWebPortFree(settings.PORT, settings.HOST);
  const portsAreSet = Boolean(process.env.SFU_PORT || process.env.SFU_CONTROL_PORT);
  const ports = await chooseSfuPorts(settings, portsAreSet, availableParallelism());
  const secrets = await loadSecrets(toDataPaths(settings.DATA_DIR).secrets);

  const reaper = owned.use(new Reaper());
  const redisUrl = settings.REDIS_URL ?? owned.use(await startPrivateRedis(settings, reaper, signal)).url;
  const machine = { root, settings, secrets, redisUrl, ports, environment: process.env };
  const services = toServiceDefinitions(machine).map(({ name, program, env }) => {
    const options = { name, command: process.execPath, args: [program], cwd: root, env, reaper, onLine, say };
    return owned.use(new ChildService(options));
  });
  for (const service of services) service.start();

  await waitUntilReady(toLocalOrigin(settings), services, signal);
  say(renderBanner(settings));
  if (!signal.aborted) await once(signal, 'abort');
  say('Stopping.');
}

const { signal } = listenForStop();
try {
  await run(signal);
} catch (error) {
  if (!signal.aborted) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
