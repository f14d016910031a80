import type { Flag } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area, PrivacyClass } from '#contract/nation.ts';
import type { PurposeId } from '#contract/personal.ts';
import { ALARM_PURPOSE } from '../../../config/purposes/watching.ts';

/** Purposes in force, by class. */
export type StatedPurposes = ReadonlyMap<PrivacyClass, PurposeId>;
export const NOTHING_STATED: StatedPurposes = new Map();

/** Where it is known which flags of an area are open. */
export interface OpenFlags {
  flagsOf(areaId: AreaId): readonly Flag[];
}

/** What an area is opened for: because of its open flag, or what was stated for areas of its class. */
export function purposeOf(
  area: Pick<Area, 'id' | 'privacy'>,
  { flags, stated }: { flags: OpenFlags; stated: StatedPurposes },
): PurposeId | undefined {
  return flags.flagsOf(area.id).length > 0 ? ALARM_PURPOSE : stated.get(area.privacy);
}
