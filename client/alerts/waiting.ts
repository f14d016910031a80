import type { FlagAlert } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';

/** Alerts whose flag still waits for an answer; one a flag, the last. `openFlag`: a flag that is open, by its id. */
export function stillWaiting(
  shown: readonly FlagAlert[],
  openFlag: (id: FlagId) => Flag | undefined,
): readonly FlagAlert[] {
  const seen = new Set<string>();
  return shown.filter(({ flagId, reason }) => {
    const isWaiting = openFlag(flagId)?.state === (reason === 'assigned' ? 'assigned' : 'raised');
    if (!isWaiting || seen.has(flagId)) return false;
    seen.add(flagId);
    return true;
  });
}
