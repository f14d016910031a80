import { repeat } from '../../concurrency/repeat.ts';
import { Patrol, type PatrolOptions } from './patrol.ts';

const TICK_MS = 1_000;

/** Begins to have nodes look at what nobody watches, which ends with `owned`; nothing with looks every 0 ms. */
export function startPatrol(owned: AsyncDisposableStack, options: PatrolOptions): Patrol | undefined {
  if (options.everyMs === 0) return undefined;
  const patrol = new Patrol(options);
  const onError = (error: unknown) => options.log.debug({ err: error }, 'no looks at what nobody watches');
  owned.use(repeat(() => patrol.tick(), { everyMs: TICK_MS, onError }));
  return patrol;
}
