import type { AreaId, FacilityId, LocalText, RegionId } from '#contract/ids.ts';
import type { Area, AreaKind, FeedSource, MaskRegion, PrivacyClass } from '#contract/nation.ts';
import { between, pickWeighted, type Random, seededRandom, wholeBetween } from './seeded.ts';

/** What there is in a facility, besides its cells. Invented; every facility has somewhere to talk to a lawyer. */
type RoomKind = Exclude<AreaKind, 'cell'>;

interface Mix {
  cells: number;
  rooms: readonly RoomKind[];
}

export interface FacilityPlan {
  facilityId: FacilityId;
  regionId: RegionId;
  /** A region's first facility and its capital's are large. */
  large: boolean;
  /** One of its common rooms has an encoder that publishes by itself, instead of equipment that sends on demand. */
  hasEncoder: boolean;
}

/** The four to six areas of a facility, cells first. Pure: the same plan gives the same areas. */
export function planAreas(plan: FacilityPlan): Area[] {
  const random = seededRandom(`areas of ${plan.facilityId}`);
  const { cells, rooms } = pickMix(random, plan.large);
  const encoderRoom = plan.hasEncoder ? rooms.find((kind) => isCommonRoom(kind)) : undefined;
  return [
    ...Array.from({ length: cells }, (_, index) => covered(cell(plan, random, index + 1))),
    ...rooms.map((kind) => room(plan, random, { kind, source: kind === encoderRoom ? 'whip' : 'edge' })),
  ];
}

function pickMix(random: Random, large: boolean): Mix {
  const cells = large ? 4 : pickWeighted(random, [[2, 25] as const, [3, 50] as const, [4, 25] as const]);
  const common = pickWeighted<RoomKind>(random, [
    ['corridor', 50],
    ['reception', 30],
    ['exercise-yard', 20],
  ]);
  const talk = pickWeighted<RoomKind>(random, [
    ['lawyer-room', 60],
    ['interview-room', 40],
  ]);
  const third = pickWeighted<RoomKind>(random, [
    ['investigation-room', 40],
    ['medical-room', 40],
    ['exercise-yard', common === 'exercise-yard' ? 0 : 20],
  ]);
  return { cells, rooms: cells < 4 && random() < 0.3 ? [common, talk, third] : [common, talk] };
}

/** Rooms where somebody who publishes a picture of it intrudes on nobody. */
function isCommonRoom(kind: AreaKind): boolean {
  return kind === 'corridor' || kind === 'reception' || kind === 'exercise-yard';
}

function cell(plan: FacilityPlan, random: Random, number: number): Area {
  const capacity = pickWeighted(random, [
    [1, 10],
    [2, 45],
    [3, 20],
    [4, 25],
  ]);
  // Most cells give at least the 4 m² a person that the CPT asks for, one in seven less.
  const m2PerPlace = random() < 0.14 ? between(random, 3.2, 3.9) : between(random, 4, 5.2);
  const single = between(random, 6, 8.4);
  return area(plan, {
    slug: `cell-${number}`,
    kind: 'cell',
    name: { uk: `Камера ${number}`, en: `Cell ${number}` },
    // In some cells the camera sees the sanitary corner, which is then masked in the picture.
    privacy: random() < 0.25 ? 'masked' : 'normal',
    capacity,
    netAreaM2: capacity === 1 ? single : capacity * m2PerPlace,
    source: 'edge',
  });
}

/** Where a node covers a part of the picture; everywhere else the facility's own equipment does it. */
const COVERED_BY_NODES: Readonly<Record<AreaId, readonly MaskRegion[]>> = {
  'ua-68-itt-2-cell-3': [{ x: 0.7, y: 0.3, width: 0.28, height: 0.6 }],
};

function covered(area: Area): Area {
  const masks = COVERED_BY_NODES[area.id];
  if (!masks) return area;
  return { ...area, feeds: area.feeds.map((feed) => ({ ...feed, masks: [...masks] })) };
}

function room(plan: FacilityPlan, random: Random, what: { kind: RoomKind; source: FeedSource }): Area {
  const { name, privacy, fromM2, toM2 } = ROOMS[what.kind];
  return area(plan, {
    slug: what.kind,
    kind: what.kind,
    name,
    privacy,
    capacity: 0,
    netAreaM2: wholeBetween(random, fromM2, toM2),
    source: what.source,
  });
}

const ROOMS: Readonly<
  Record<RoomKind, { name: LocalText; privacy: PrivacyClass; fromM2: number; toM2: number }>
> = {
  corridor: { name: { uk: 'Коридор', en: 'Corridor' }, privacy: 'normal', fromM2: 24, toM2: 60 },
  reception: { name: { uk: 'Приймальня', en: 'Reception' }, privacy: 'normal', fromM2: 14, toM2: 30 },
  'interview-room': {
    name: { uk: 'Кімната опитування', en: 'Interview room' },
    privacy: 'no-audio',
    fromM2: 9,
    toM2: 14,
  },
  'lawyer-room': {
    name: { uk: 'Кімната побачень', en: 'Lawyer’s room' },
    privacy: 'forbidden-when-occupied',
    fromM2: 7,
    toM2: 12,
  },
  'investigation-room': {
    name: { uk: 'Кімната слідчих дій', en: 'Investigation room' },
    privacy: 'normal',
    fromM2: 10,
    toM2: 18,
  },
  'medical-room': {
    name: { uk: 'Медичний кабінет', en: 'Medical room' },
    privacy: 'forbidden-when-occupied',
    fromM2: 9,
    toM2: 16,
  },
  'exercise-yard': {
    name: { uk: 'Прогулянковий двір', en: 'Exercise yard' },
    privacy: 'normal',
    fromM2: 24,
    toM2: 80,
  },
};

interface AreaParts extends Pick<Area, 'kind' | 'name' | 'privacy' | 'capacity' | 'netAreaM2'> {
  slug: string;
  source: FeedSource;
}

function area(plan: FacilityPlan, parts: AreaParts): Area {
  const { slug, source, netAreaM2, ...rest } = parts;
  const id = `${plan.facilityId}-${slug}`;
  return {
    id,
    facilityId: plan.facilityId,
    regionId: plan.regionId,
    ...rest,
    netAreaM2: Math.round(netAreaM2 * 10) / 10,
    feeds: [{ id: `${id}-cam-1`, source, layers: source === 'edge' ? ['low', 'high'] : ['low'] }],
  };
}
