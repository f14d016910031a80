import type { FlagAlert } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';

/** Alerts whose flag still waits for an answer; one a flag, the last. `flags`: those that are open. */
export function stillWaiting(shown: readonly FlagAlert[], flags: readonly Flag[]): readonly FlagAlert[] {
  const open = new Map(flags.map((flag) => [flag.id, flag]));
  const seen = new Set<string>();
  return shown.filter(({ flagId, reason }) => {
    const isWaiting = open.get(flagId)?.state === (reason === 'assigned' ? 'assigned' : 'raised');
    if (!isWaiting || seen.has(flagId)) return false;
    seen.add(flagId);
    return true;
  });
}
