import type { Area, AreaKind, Facility, Nation } from '#contract/nation.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { sampleNationFile } from '../../config/nation/samples.ts';

/** As many as there are prison cameras in Kazakhstan, spread as police facilities are in Ukraine. */
const FACILITIES = 600;
const AREAS_A_FACILITY = 75;
const CELLS = 54;

const ROOMS: readonly AreaKind[] = [
  'reception',
  'interview-room',
  'lawyer-room',
  'investigation-room',
  'medical-room',
  'exercise-yard',
];

/** The sample nation stretched to 45,000 areas in 600 facilities: invented, like the sample. */
export function generateLargeNation(): Nation {
  const sample = generateSampleNation();
  const facilities: Facility[] = [];
  for (let round = 0; facilities.length < FACILITIES; round += 1) {
    for (const [index, one] of sample.facilities.entries()) {
      if (facilities.length === FACILITIES) break;
      facilities.push(copyOf(one, round * sample.facilities.length + index + 1));
    }
  }
  facilities.sort((a, b) => (a.regionId < b.regionId ? -1 : a.regionId > b.regionId ? 1 : 0));
  const templates = sample.areas.filter(({ kind }) => kind === 'cell');
  return {
    ...sample,
    geometry: new URL(sample.geometry ?? '', sampleNationFile('ua')).href,
    facilities,
    areas: facilities.flatMap((facility, place) =>
      Array.from({ length: AREAS_A_FACILITY }, (_, index) => {
        const template = templates[(place * CELLS + index) % templates.length];
        return index < CELLS ? cellOf(facility, index + 1, template) : roomOf(facility, index - CELLS);
      }),
    ),
  };
}

function copyOf(facility: Facility, number: number): Facility {
  const [lon, lat] = facility.position;
  return {
    ...facility,
    id: `${facility.regionId.toLowerCase()}-itt-${number}`,
    name: {
      uk: facility.name.uk.replace(/№\d+/, `№${number}`),
      en: facility.name.en.replace(/No\. \d+/, `No. ${number}`),
    },
    shortName: {
      uk: facility.shortName.uk.replace(/№\d+/, `№${number}`),
      en: facility.shortName.en.replace(/No\. \d+/, `No. ${number}`),
    },
    position: [lon + (number % 7) / 100, lat + (number % 11) / 100],
  };
}

function cellOf(facility: Facility, number: number, template: Area | undefined): Area {
  return areaOf(facility, {
    slug: `cell-${number}`,
    kind: 'cell',
    name: { uk: `Камера ${number}`, en: `Cell ${number}` },
    privacy: template?.privacy ?? 'normal',
    capacity: template?.capacity ?? 2,
    netAreaM2: template?.netAreaM2 ?? 8,
  });
}

function roomOf(facility: Facility, index: number): Area {
  const kind = ROOMS[index];
  if (kind === undefined)
    return areaOf(facility, {
      slug: `corridor-${index - ROOMS.length + 1}`,
      kind: 'corridor',
      name: { uk: `Коридор ${index - ROOMS.length + 1}`, en: `Corridor ${index - ROOMS.length + 1}` },
      privacy: 'normal',
      capacity: 0,
      netAreaM2: 30 + index,
    });
  return areaOf(facility, {
    slug: kind,
    kind,
    name: { uk: NAMES[kind] ?? kind, en: kind },
    privacy: kind === 'lawyer-room' || kind === 'medical-room' ? 'forbidden-when-occupied' : 'normal',
    capacity: 0,
    netAreaM2: 12 + index,
  });
}

const NAMES: Readonly<Partial<Record<AreaKind, string>>> = {
  reception: 'Приймальня',
  'interview-room': 'Кімната опитування',
  'lawyer-room': 'Кімната побачень',
  'investigation-room': 'Кімната слідчих дій',
  'medical-room': 'Медичний кабінет',
  'exercise-yard': 'Прогулянковий двір',
};

function areaOf(
  facility: Facility,
  { slug, ...rest }: Omit<Area, 'id' | 'facilityId' | 'regionId' | 'feeds'> & { slug: string },
): Area {
  const id = `${facility.id}-${slug}`;
  return {
    id,
    facilityId: facility.id,
    regionId: facility.regionId,
    ...rest,
    feeds: [{ id: `${id}-cam-1`, source: 'edge', layers: ['low', 'high'] }],
  };
}
