import type { Clock } from '#contract/clocks.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { LiveRegistry, RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { Area, Facility, Region } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';

/** Records for tests: valid by the contract, small, and each with what the test is about overridden. */

export const NOON = '2026-11-22T12:00:00.000Z';
export const NOON_MS = Date.parse(NOON);

export function inMinutes(minutes: number): string {
  return new Date(NOON_MS + minutes * 60_000).toISOString();
}

export function sampleRegion(over: Partial<Region> = {}): Region {
  return {
    id: 'UA-68',
    name: { uk: 'Хмельницька область', en: 'Khmelnytskyi oblast' },
    status: 'reporting',
    ...over,
  };
}

export function sampleFacility(over: Partial<Facility> = {}): Facility {
  return {
    id: 'ua-68-itt-2',
    regionId: 'UA-68',
    kind: 'temporary-detention',
    name: { uk: 'Ізолятор тимчасового тримання №2 (м. Хмельницький)', en: 'Temporary detention facility 2' },
    shortName: { uk: 'ІТТ №2 Хмельницький', en: 'ITT 2 Khmelnytskyi' },
    position: [26.98, 49.42],
    ...over,
  };
}

export function sampleArea(over: Partial<Area> = {}): Area {
  const id = over.id ?? 'ua-68-itt-2-cell-4';
  return {
    id,
    facilityId: 'ua-68-itt-2',
    regionId: 'UA-68',
    kind: 'cell',
    name: { uk: 'Камера 4', en: 'Cell 4' },
    privacy: 'normal',
    capacity: 4,
    netAreaM2: 15.2,
    feeds: [{ id: `${id}-cam-1`, source: 'edge', layers: ['low', 'high'] }],
    ...over,
  };
}

export function sampleClock(over: Partial<Clock> = {}): Clock {
  return {
    normSet: 'ua-cpc',
    limit: 'court',
    caseId: 'cr-68-2-000123',
    anchorAt: inMinutes(-45 * 60 - 55),
    amberAt: inMinutes(60),
    redAt: inMinutes(8 * 60),
    dueAt: inMinutes(14 * 60 + 5),
    ...over,
  };
}

export function sampleStatus(over: Partial<AreaStatus> = {}): AreaStatus {
  return {
    areaId: 'ua-68-itt-2-cell-4',
    headcount: 3,
    clocks: [sampleClock()],
    vulnerabilities: [],
    nextCheckDueAt: inMinutes(24),
    confidentialSince: null,
    updatedAt: NOON,
    ...over,
  };
}

export function sampleFeed(over: Partial<FeedStatus> = {}): FeedStatus {
  return {
    feedId: 'ua-68-itt-2-cell-4-cam-1',
    areaId: 'ua-68-itt-2-cell-4',
    state: 'live',
    layers: ['low'],
    since: NOON,
    ...over,
  };
}

export function sampleFlag(over: Partial<Flag> = {}): Flag {
  return {
    id: '3f0a7b1e-6a57-4f0e-9d5e-1b2c3d4e5f60',
    regionId: 'UA-68',
    facilityId: 'ua-68-itt-2',
    areaId: 'ua-68-itt-2-cell-4',
    category: 'medical',
    severity: 1,
    note: '',
    state: 'raised',
    history: [
      { state: 'raised', by: { kind: 'person', id: 'situation', name: 'Ситуаційний центр' }, at: NOON },
    ],
    version: 1,
    ...over,
  };
}

export function sampleWireRegistry(over: Partial<LiveRegistry> = {}): LiveRegistry {
  return {
    version: 'first',
    nation: {
      id: 'UA',
      name: { uk: 'Україна', en: 'Ukraine' },
      sample: true,
      timeZone: 'Europe/Kyiv',
    },
    regions: [sampleRegion()],
    facilities: [sampleFacility()],
    areas: [sampleArea()],
    limits: [
      {
        normSet: 'ua-cpc',
        limit: 'court',
        label: { uk: 'до суду', en: 'to court' },
        source: { uk: 'КПК України, ст. 211', en: 'CPC of Ukraine, art. 211' },
        standing: 'law',
      },
    ],
    ...over,
  };
}

export function sampleSnapshot(over: Partial<RegionSnapshot> = {}): RegionSnapshot {
  return { regionId: 'UA-68', seq: 10, areas: [], feeds: [], flags: [], ...over };
}

export function sampleDelta(seq: number, over: Partial<RegionDelta> = {}): RegionDelta {
  return { regionId: 'UA-68', seq, at: NOON, ...over };
}
