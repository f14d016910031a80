import { useCallback, useMemo } from 'react';
import { type Flag, type FlagShelving, shelvingAt } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import { useDesk } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';

const NONE: ReadonlySet<FlagId> = new Set();

/** Which of some flags are put aside now. Another set only when it has become one: each comes back when its time is over. */
export function useShelved(flags: readonly Flag[]): ReadonlySet<FlagId> {
  const { serverClock } = useDesk();
  // Most flags never are put aside: once a second only the others are looked at.
  const ever = useMemo(() => flags.filter(({ shelvings }) => shelvings !== undefined), [flags]);
  return useTimed(
    useCallback(() => shelvedOf(ever, serverClock.nowMs()), [ever, serverClock]),
    isSame,
  );
}

/** By what a flag is put aside now, if it is. */
export function useShelving(flag: Flag): FlagShelving | undefined {
  const shelved = useShelved(useMemo(() => [flag], [flag]));
  return shelved.has(flag.id) ? flag.shelvings?.at(-1) : undefined;
}

function shelvedOf(flags: readonly Flag[], nowMs: number): ReadonlySet<FlagId> {
  const found = flags.filter((flag) => shelvingAt(flag, nowMs));
  return found.length === 0 ? NONE : new Set(found.map(({ id }) => id));
}

function isSame(a: ReadonlySet<FlagId>, b: ReadonlySet<FlagId>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
