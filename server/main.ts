import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { parseSettings } from '../config/settings/parse.ts';
import { ServerSettings } from '../config/settings/server.ts';
import { parseGrantKey } from './adapters/boot/grant-key.ts';
import { createLog } from './adapters/boot/log.ts';
import { endOnUncaught, untilStopped } from './adapters/boot/until-stopped.ts';
import { auditSignerOf, startServer } from './wiring/start-server.ts';

async function main(): Promise<void> {
  const settings = parseSettings(ServerSettings, process.env);
  parseGrantKey(settings.GRANT_PRIVATE_JWK);
  auditSignerOf(settings);
  if (process.argv.includes('--check')) return;
  const replicaId = settings.REPLICA_ID ?? `server-${randomBytes(4).toString('hex')}`;
  const log = createLog({ level: settings.LOG_LEVEL, replicaId });
  endOnUncaught(log);
  await using _server = await startServer({ settings, log, replicaId });
  // For the process that comes after this one, however this one ends. Without NODE_COMPILE_CACHE it does nothing.
  flushCompileCache();
  await untilStopped(log);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
