import { VartaError } from '#contract/errors.ts';

/** Attempts to make a change that others keep overtaking. */
const MAX_ATTEMPTS = 5;

/**
 * Reads, decides and writes until nobody was in between. `attempt` gives undefined when it was overtaken.
 *
 * @throws VartaError `conflict` when it always was, and what `attempt` throws.
 */
export async function untilNotOvertaken<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let made = 0; made < MAX_ATTEMPTS; made += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new VartaError('conflict');
}
