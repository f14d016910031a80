import { capture } from './command.ts';

/** Sharded pub/sub and the functions of streams that the server uses came with Redis 7. */
export const oldestRedisMajor = 7;

/** A Redis that is new enough, or why there is none. */
export type RedisBinary =
  | { state: 'found'; file: string; version: string }
  | { state: 'missing'; reason: string };

/** "7.0.15" out of `redis-server --version`; Valkey says it the same way. */
export function parseServerVersion(text: string): string | undefined {
  return /\bv=(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** Looks for `REDIS_SERVER_BIN`, redis-server or valkey-server, and asks for its version. */
export async function findRedisServer(env: NodeJS.ProcessEnv): Promise<RedisBinary> {
  const candidates = env.REDIS_SERVER_BIN ? [env.REDIS_SERVER_BIN] : ['redis-server', 'valkey-server'];
  let reason = '';
  for (const file of candidates) {
    const version = parseServerVersion((await capture(file, ['--version'])).stdout);
    if (version === undefined) continue;
    if (Number.parseInt(version, 10) >= oldestRedisMajor) return { state: 'found', file, version };
    reason = `${file} is ${version}`;
  }
  return { state: 'missing', reason };
}
