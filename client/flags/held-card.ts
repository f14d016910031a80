import type { FlagId } from '#contract/ids.ts';
import type { FlagGroup } from './open-flags.ts';

/** The card that has the keyboard: the flag that spoke for it then, and the key of its element. */
export interface HeldCard {
  flagId: FlagId;
  key: string;
}

/**
 * Cards whose keys let the one that has the keyboard stay the same element while flags begin or cease to be shown as one:
 * whoever is writing a reason in it goes on writing.
 */
export function keepHeld(groups: readonly FlagGroup[], held: HeldCard | undefined): readonly FlagGroup[] {
  if (!held || groups.some(({ key }) => key === held.key)) return groups;
  const place = groups.findIndex(({ flags }) => flags.some(({ id }) => id === held.flagId));
  const group = groups[place];
  return group ? groups.with(place, { ...group, key: held.key }) : groups;
}
