import type { RegionId } from '#contract/ids.ts';
import type { Area, Facility, Nation } from '#contract/nation.ts';
import { UKRAINE } from '../norms/norms.ts';
import { planAreas } from './facility-areas.ts';
import { REGION_ROWS, type RegionRow } from './regions.ts';
import { SITES, type Site } from './sites.ts';

/** Facilities that are large although they are not the first of their region. */
const LARGE_BESIDES_FIRST: readonly string[] = ['ua-68-itt-2'];

/**
 * The sample nation: Ukraine's regions and towns, with invented temporary detention facilities («ІТТ»). Pure and
 * deterministic; `sample-ua.json` is its result, which `write-sample-nation.ts` writes.
 */
export function generateSampleNation(): Nation {
  const placed = REGION_ROWS.flatMap((region, index) => planRegion(region, index));
  return {
    id: 'UA',
    name: { uk: 'Україна', en: 'Ukraine' },
    sample: true,
    timeZone: 'Europe/Kyiv',
    norms: UKRAINE,
    regions: REGION_ROWS.map(({ id, name, directorate }) => ({
      id,
      name,
      status: directorate ? 'reporting' : 'temporarily-occupied',
    })),
    facilities: placed.map(({ facility }) => facility),
    areas: placed.flatMap(({ areas }) => areas),
  };
}

/** A nation file's text: one region, facility or area a line, so that a change shows as a line. */
export function formatNation(nation: Nation): string {
  const list = (items: readonly unknown[]) =>
    `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  const fields = Object.entries(nation).map(
    ([key, value]) =>
      `  ${JSON.stringify(key)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}\n`;
}

function planRegion(region: RegionRow, regionIndex: number): { facility: Facility; areas: Area[] }[] {
  const { directorate } = region;
  if (!directorate) return [];
  const sites = sitesOf(region.id);
  const encoderAt = regionIndex % sites.length;
  return sites.map((site, index) => {
    const facility = toFacility({ ...region, directorate }, site, index + 1);
    const large = index === 0 || LARGE_BESIDES_FIRST.includes(facility.id);
    const plan = { facilityId: facility.id, regionId: region.id, large, hasEncoder: index === encoderAt };
    return { facility, areas: planAreas(plan) };
  });
}

function toFacility(
  region: RegionRow & { directorate: NonNullable<RegionRow['directorate']> },
  site: Site,
  number: number,
): Facility {
  const { type, town, relocatedFrom, position } = site;
  const moved = {
    uk: relocatedFrom ? `, переміщено з м. ${relocatedFrom.uk}` : '',
    en: relocatedFrom ? `, relocated from ${relocatedFrom.en}` : '',
  };
  return {
    id: `${region.id.toLowerCase()}-itt-${number}`,
    regionId: region.id,
    kind: 'temporary-detention',
    name: {
      uk: `ІТТ №${number} (${type} ${town.uk}${moved.uk}) ${region.directorate.uk}`,
      en: `Temporary Detention Facility No. ${number} (${town.en}${moved.en}), ${region.directorate.en}`,
    },
    shortName: { uk: `ІТТ №${number} ${town.uk}`, en: `ITT No. ${number} ${town.en}` },
    position,
    // Invented, and of a form that no number in the country has: it rings nowhere.
    phone: `+38000000${region.id.slice(3)}${String(number).padStart(2, '0')}`,
  };
}

function sitesOf(regionId: RegionId): readonly Site[] {
  const sites = SITES[regionId];
  if (!sites || sites.length === 0) throw new TypeError(`${regionId}: no site`);
  return sites;
}
