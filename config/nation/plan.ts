import type { FacilityId, LocalText, RegionId } from '#contract/ids.ts';
import type { Nation, Position } from '#contract/nation.ts';

/** A region by ISO 3166-2, and the police directorate that its facilities belong to. */
export interface RegionRow {
  id: RegionId;
  name: LocalText;
  /** `null`: temporarily occupied, no facility reports from there. */
  directorate: LocalText | null;
}

/** Where a facility of a sample nation stands. */
export interface Site {
  /** Ukrainian abbreviation of the settlement's type: city or rural settlement. */
  type: 'м.' | 'с-ще';
  town: LocalText;
  position: Position;
  /** The town that the facility was evacuated from; it keeps its region, and stands elsewhere. */
  relocatedFrom: LocalText | undefined;
}

/** What a sample nation is made from. */
export interface NationPlan extends Pick<Nation, 'id' | 'name' | 'timeZone' | 'norms' | 'geometry'> {
  regions: readonly RegionRow[];
  /** Sites by region, in the order of the facilities' numbers. */
  sites: Readonly<Record<RegionId, readonly Site[]>>;
  /** Facilities that are large although they are not the first of their region. */
  largeBesidesFirst: readonly FacilityId[];
}

export function site(
  uk: string,
  en: string,
  position: Position,
  options: { type?: Site['type']; from?: LocalText } = {},
): Site {
  return { type: options.type ?? 'м.', town: { uk, en }, position, relocatedFrom: options.from };
}
