import { findRedisServer, oldestRedisMajor } from '../redis-binary.ts';
import type { Step } from '../step.ts';

/** The program that keeps every event, flag and audit entry. */
export const redisStep: Step = {
  title: 'redis-server',
  async inspect({ env }) {
    const found = await findRedisServer(env);
    if (found.state === 'found') return { state: 'ready', env: { REDIS_SERVER_BIN: found.file } };
    const what = `redis-server ${oldestRedisMajor} or newer${found.reason ? ` (${found.reason})` : ''}`;
    return { state: 'missing', needs: [{ what, apt: ['redis-server'], brew: ['redis'] }] };
  },
};
