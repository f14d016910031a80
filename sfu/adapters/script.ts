import { createHash } from 'node:crypto';
import type { Redis } from './redis.ts';

/** A Lua script, atomic in Redis. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

/** Names a script by its digest, as EVALSHA wants it. */
export function defineScript(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** Runs a script; sends its source only when Redis does not know it yet (first time, or after a restart). */
export async function runScript(
  redis: Redis,
  script: Script,
  { keys, args }: { keys: readonly string[]; args: readonly (string | Buffer)[] },
): Promise<unknown> {
  const options = { keys: [...keys], arguments: [...args] };
  try {
    return await redis.evalSha(script.sha1, options);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
      return redis.eval(script.source, options);
    throw error;
  }
}
