import type { ErrorCode } from '#contract/errors.ts';
import type { Redis } from '../redis/connect.ts';
import { answersPing, liveNodes } from '../redis/readiness.ts';

interface ObstaclesOptions {
  redis: Redis;
  /** True once the service has been told to stop. */
  isStopping: () => boolean;
}

/** What stands in the way of work: the service stops, Redis does not answer, no sfu node lives. */
export function createObstacles({ redis, isStopping }: ObstaclesOptions) {
  return async (): Promise<readonly ErrorCode[]> => {
    const stopping: ErrorCode[] = isStopping() ? ['shutting_down'] : [];
    if (!(await answersPing(redis))) return [...stopping, 'store_unavailable'];
    const nodes = await liveNodes(redis);
    return nodes.length > 0 ? stopping : [...stopping, 'no_sfu'];
  };
}
