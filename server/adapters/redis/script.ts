import { createHash } from 'node:crypto';
import type { Redis } from './connect.ts';

/** A Lua script: atomic in Redis, and durable as one unit. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

/** Names a script by its digest, as EVALSHA wants it. */
export function defineScript(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/**
 * Runs a script; sends its source only when the server does not know it yet (first time, or after a restart). Arguments go
 * as one list: handed over one by one they would be parameters of a function, of which a stack has room for some 100,000.
 */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args];
  try {
    return await redis.sendCommand(['EVALSHA', script.sha1, ...rest]);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
      return redis.sendCommand(['EVAL', script.source, ...rest]);
    throw error;
  }
}
