import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AreaCondition,
  type AreaFacts,
  AreaFilter,
  FindingKind,
  isNoFilter,
  matchesFilter,
  NO_FILTER,
} from './area-filter.ts';
import { filterFromUrl, filterToQuery, queryToFilterInput } from './area-filter-url.ts';
import { FeedState } from './feeds.ts';
import { AreaKind, FacilityKind, FeedSource } from './nation.ts';
import { Vulnerability } from './status.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

const facts: AreaFacts = {
  area: {
    id: 'ua-68-itt-2-cell-4',
    facilityId: 'ua-68-itt-2',
    regionId: 'UA-68',
    kind: 'cell',
    name: { uk: 'Камера 4', en: 'Cell 4' },
    privacy: 'normal',
    capacity: 2,
    netAreaM2: 9,
    feeds: [{ id: 'ua-68-itt-2-cell-4-cam-1', source: 'edge', layers: ['low', 'high'] }],
  },
  facility: {
    id: 'ua-68-itt-2',
    regionId: 'UA-68',
    kind: 'temporary-detention',
    name: { uk: 'ІТТ №2 (м. Шепетівка)', en: 'Facility No. 2 (Shepetivka)' },
    shortName: { uk: 'ІТТ №2 Шепетівка', en: 'No. 2 Shepetivka' },
    position: [27.06, 50.18],
  },
  regionName: { uk: 'Хмельницька область', en: 'Khmelnytskyi region' },
  status: {
    areaId: 'ua-68-itt-2-cell-4',
    headcount: 3,
    clocks: [
      {
        normSet: 'ua-cpc',
        limit: 'court',
        caseId: 'cr-1',
        anchorAt: at(-3600),
        amberAt: at(-10),
        redAt: at(60),
        dueAt: at(120),
      },
    ],
    vulnerabilities: ['minor'],
    nextCheckDueAt: null,
    confidentialSince: null,
    space: { m2PerPerson: 3, below: { normSet: 'echr', limit: 'space-4' }, level: 'amber' },
    findings: [{ normSet: 'ua-order-777', code: 'minor-with-adult', since: at(-30) }],
    updatedAt: at(0),
  },
  feeds: [undefined],
  flagSeverities: [3],
};

const matches = (wish: Partial<AreaFilter>) => matchesFilter(facts, { ...NO_FILTER, ...wish }, NOW);

describe('matchesFilter', () => {
  it('lets everything through when nothing is asked for', () => {
    expect(matches({})).toBe(true);
  });

  it('asks region, kinds, occupancy, clock, flag and feed', () => {
    expect(matches({ region: ['UA-68'] })).toBe(true);
    expect(matches({ region: ['UA-05'] })).toBe(false);
    expect(matches({ place: ['UA-05', facts.facility.id] })).toBe(true);
    expect(matches({ place: ['UA-68'] })).toBe(true);
    expect(matches({ place: [facts.area.id] })).toBe(true);
    expect(matches({ place: ['ua-68-itt-9', 'UA-05'] })).toBe(false);
    expect(matches({ kind: ['corridor', 'cell'] })).toBe(true);
    expect(matches({ kind: ['corridor'] })).toBe(false);
    expect(matches({ occupancy: ['over-capacity'] })).toBe(true);
    expect(matches({ occupancy: ['empty'] })).toBe(false);
    expect(matches({ clock: 'amber' })).toBe(true);
    expect(matches({ clock: 'red' })).toBe(false);
    expect(matches({ flag: 'open' })).toBe(true);
    expect(matches({ flag: '3' })).toBe(true);
    expect(matches({ flag: '2' })).toBe(false);
    expect(matches({ feedSource: ['whip'] })).toBe(false);
  });

  it('takes an area of which nothing was heard neither for empty nor for occupied', () => {
    const unknown = { ...facts, status: undefined };
    const lets = (occupancy: AreaFilter['occupancy']) =>
      matchesFilter(unknown, { ...NO_FILTER, occupancy }, NOW);
    expect(lets(['empty', 'occupied', 'over-capacity'])).toBe(false);
    expect(lets([])).toBe(true);
  });

  it('asks room, findings and who is inside', () => {
    expect(matches({ space: 'note' })).toBe(true);
    expect(matches({ space: 'amber' })).toBe(true);
    expect(matches({ space: 'red' })).toBe(false);
    expect(matches({ finding: ['separation'] })).toBe(true);
    expect(matches({ finding: ['record'] })).toBe(false);
    expect(matches({ vulnerability: ['woman', 'minor'] })).toBe(true);
    expect(matches({ vulnerability: ['at-risk'] })).toBe(false);
    const roomy = { ...facts, status: { ...facts.status, space: { m2PerPerson: 9 } } as typeof facts.status };
    expect(matchesFilter(roomy, { ...NO_FILTER, space: 'note' }, NOW)).toBe(false);
  });

  it('takes a feed that nothing was heard of as idle', () => {
    expect(matches({ feedState: ['idle'] })).toBe(true);
    expect(matches({ feedState: ['live'] })).toBe(false);
  });

  it('finds every word of the text, in either language and any case', () => {
    expect(matches({ text: 'шепетівка камера' })).toBe(true);
    expect(matches({ text: 'Khmelnytskyi CELL 4' })).toBe(true);
    expect(matches({ text: 'шепетівка коридор' })).toBe(false);
  });

  it('takes any apostrophe for any other', () => {
    const inKamianske = {
      ...facts,
      facility: { ...facts.facility, name: { uk: 'ІТТ №3 (м. Кам’янське)', en: 'No. 3' } },
    };
    for (const text of ["кам'янське", 'кам’янське', 'камʼянське']) {
      expect(matchesFilter(inKamianske, { ...NO_FILTER, text }, NOW)).toBe(true);
    }
  });
});

describe('the filter in the URL', () => {
  const anyFilter: fc.Arbitrary<AreaFilter> = fc.record({
    region: fc.uniqueArray(fc.constantFrom('UA-05', 'UA-68', 'UA-30'), { maxLength: 3 }),
    place: fc.uniqueArray(fc.constantFrom('UA-05', 'ua-68-itt-1', 'ua-68-itt-2-cell-1'), { maxLength: 3 }),
    facilityKind: fc.uniqueArray(fc.constantFrom(...FacilityKind.options)),
    kind: fc.uniqueArray(fc.constantFrom(...AreaKind.options)),
    occupancy: fc.uniqueArray(
      fc.constantFrom('occupied' as const, 'empty' as const, 'over-capacity' as const),
    ),
    clock: fc.constantFrom(null, 'amber' as const, 'red' as const, 'breached' as const),
    flag: fc.constantFrom(null, 'open' as const, '1' as const, '4' as const),
    space: fc.constantFrom(null, 'note' as const, 'amber' as const, 'red' as const),
    finding: fc.uniqueArray(fc.constantFrom(...FindingKind.options)),
    vulnerability: fc.uniqueArray(fc.constantFrom(...Vulnerability.options)),
    feedState: fc.uniqueArray(fc.constantFrom(...FeedState.options)),
    feedSource: fc.uniqueArray(fc.constantFrom(...FeedSource.options)),
    status: fc.uniqueArray(fc.constantFrom(...AreaCondition.options)),
    normSet: fc.uniqueArray(fc.constantFrom('ua-cpc', 'ua-cpc-615')),
    text: fc.string({ maxLength: 100 }),
  });

  it('comes back as it went, through text', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const url = new URLSearchParams(filterToQuery(filter).toString());
        expect(AreaFilter.parse(queryToFilterInput(url))).toEqual(filter);
      }),
    );
  });

  it('asks for nothing only when nothing is asked for', () => {
    expect(isNoFilter(NO_FILTER)).toBe(true);
    fc.assert(fc.property(anyFilter, (filter) => isNoFilter(filter) === (filterToQuery(filter).size === 0)));
  });

  it('opens an old link that asks for something unknown as if it asked for nothing', () => {
    expect(filterFromUrl(new URLSearchParams('kind=dungeon'))).toEqual(NO_FILTER);
  });
});
