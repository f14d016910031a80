import { ERRORS } from '#contract/errors.ts';
import type { Readiness } from '../http/routes/health.ts';
import type { Redis } from '../redis/connect.ts';
import { answersPing, liveNodes } from '../redis/readiness.ts';

interface ObstaclesOptions {
  redis: Redis;
  /** True once the service has been told to stop. */
  isStopping: () => boolean;
  /** Why this replica can have no picture from the nodes that there are; undefined when it can. */
  whyNoMedia: () => string | undefined;
}

type Obstacle = Readiness['reasons'][number];

/** What stands in the way of work: the service stops, Redis does not answer, no sfu node lives or can be reached. */
export function createObstacles({ redis, isStopping, whyNoMedia }: ObstaclesOptions) {
  return async (): Promise<readonly Obstacle[]> => [
    ...(isStopping() ? [obstacle('shutting_down')] : []),
    ...(await obstaclesBehind()),
  ];

  async function obstaclesBehind(): Promise<readonly Obstacle[]> {
    if (!(await answersPing(redis))) return [obstacle('store_unavailable')];
    try {
      if ((await liveNodes(redis)).length === 0) return [obstacle('no_sfu')];
    } catch {
      // Redis went away between the ping and the question.
      return [obstacle('store_unavailable')];
    }
    const problem = whyNoMedia();
    return problem === undefined ? [] : [obstacle('no_sfu', problem)];
  }
}

function obstacle(code: Obstacle['code'], message: string = ERRORS[code].title): Obstacle {
  return { code, message };
}
