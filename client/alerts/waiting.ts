import type { FlagAlert } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';

/** Alerts whose flag still waits for an answer; one a flag, the last. `flags`: those that are open. */
export function stillWaiting(shown: readonly FlagAlert[], flags: readonly Flag[]): readonly FlagAlert[] {
  if (shown.length === 0) return shown;
  // There are a few alerts, and in a bad hour thousands of flags.
  const asked = new Set(shown.map(({ flagId }) => flagId));
  const open = new Map(flags.filter(({ id }) => asked.has(id)).map((flag) => [flag.id, flag]));
  const seen = new Set<string>();
  return shown.filter(({ flagId, reason }) => {
    const isWaiting = open.get(flagId)?.state === (reason === 'assigned' ? 'assigned' : 'raised');
    if (!isWaiting || seen.has(flagId)) return false;
    seen.add(flagId);
    return true;
  });
}
