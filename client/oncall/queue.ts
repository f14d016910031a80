import type { Flag } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import { isLoud } from '../flags/loud.ts';

interface Mine {
  /** Flags that this person was alerted of. */
  told: ReadonlySet<FlagId>;
  username: string;
}

/**
 * The alerts of somebody who is called in, of open flags in their order: what is loud, and whatever else they were told of
 * or was handed to them. The order does not change when somebody answers: nothing moves under a thumb.
 */
export function oncallQueue(flags: readonly Flag[], { told, username }: Mine): readonly Flag[] {
  return flags.filter((flag) => isLoud(flag) || told.has(flag.id) || isAssignedTo(flag, username));
}

/** Whether a flag waits for an answer: of anybody, or of this person to whom it was handed. */
export function waitsForAnswer(flag: Flag, username: string): boolean {
  return flag.state === 'raised' || isAssignedTo(flag, username);
}

function isAssignedTo({ state, history }: Flag, username: string): boolean {
  return state === 'assigned' && history.at(-1)?.assignee === username;
}

/** What stands before and after an alert. One that is no longer among them has the first that waits after it. */
export function neighboursOf(
  queue: readonly Flag[],
  flagId: FlagId,
  username: string,
): { place: number | undefined; previous: FlagId | undefined; next: FlagId | undefined } {
  const index = queue.findIndex(({ id }) => id === flagId);
  if (index >= 0) return { place: index + 1, previous: queue[index - 1]?.id, next: queue[index + 1]?.id };
  const next = queue.find((flag) => waitsForAnswer(flag, username)) ?? queue[0];
  return { place: undefined, previous: undefined, next: next?.id };
}
