import type { RegionId } from '#contract/ids.ts';
import type { Area, Facility, Nation } from '#contract/nation.ts';
import { planAreas } from './facility-areas.ts';
import type { NationPlan, RegionRow, Site } from './plan.ts';
import { UKRAINE_PLAN } from './ua/plan.ts';

/**
 * A sample nation: a country's regions and towns, with invented facilities. Pure and deterministic; the files of
 * `samples.ts` are its results, which `write-sample-nation.ts` writes.
 */
export function generateSampleNation(plan: NationPlan = UKRAINE_PLAN): Nation {
  const placed = plan.regions.flatMap((region, index) => planRegion(plan, region, index));
  const { id, name, timeZone, norms, geometry } = plan;
  return {
    id,
    name,
    sample: true,
    timeZone,
    norms,
    geometry,
    regions: plan.regions.map((region) => ({
      id: region.id,
      name: region.name,
      status: region.directorate ? 'reporting' : 'temporarily-occupied',
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

function planRegion(
  plan: NationPlan,
  region: RegionRow,
  regionIndex: number,
): { facility: Facility; areas: Area[] }[] {
  const { directorate } = region;
  if (!directorate) return [];
  const sites = sitesOf(plan, region.id);
  const encoderAt = regionIndex % sites.length;
  return sites.map((site, index) => {
    const facility = toFacility({ ...region, directorate }, site, index + 1);
    const large = index === 0 || plan.largeBesidesFirst.includes(facility.id);
    const hasEncoder = index === encoderAt;
    return {
      facility,
      areas: planAreas({ facilityId: facility.id, regionId: region.id, large, hasEncoder }),
    };
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

function sitesOf(plan: NationPlan, regionId: RegionId): readonly Site[] {
  const sites = plan.sites[regionId];
  if (!sites || sites.length === 0) throw new TypeError(`${regionId}: no site`);
  return sites;
}
