import { describe, expect, it } from 'vitest';
import type { Nation } from '#contract/nation.ts';
import { createRegistry } from './registry.ts';

const name = { uk: 'Назва', en: 'Name' };
const nation: Nation = {
  id: 'UA',
  name,
  sample: true,
  timeZone: 'Europe/Kyiv',
  regions: [
    { id: 'UA-05', name, status: 'reporting' },
    { id: 'UA-68', name, status: 'reporting' },
  ],
  facilities: [
    {
      id: 'ua-68-itt-1',
      regionId: 'UA-68',
      kind: 'temporary-detention',
      name,
      shortName: name,
      position: [27, 49],
    },
  ],
  areas: [
    {
      id: 'ua-68-itt-1-cell-1',
      facilityId: 'ua-68-itt-1',
      regionId: 'UA-68',
      kind: 'cell',
      name,
      privacy: 'normal',
      capacity: 2,
      netAreaM2: 9,
      feeds: [{ id: 'ua-68-itt-1-cell-1-cam-1', source: 'edge', layers: ['low'] }],
    },
  ],
};

describe('createRegistry', () => {
  it('finds a feed with its place', () => {
    const placed = createRegistry(nation).feed('ua-68-itt-1-cell-1-cam-1');
    expect(placed?.area.id).toBe('ua-68-itt-1-cell-1');
    expect(placed?.facility.id).toBe('ua-68-itt-1');
  });

  it('knows the regions within each kind of scope', () => {
    const registry = createRegistry(nation);
    expect(registry.regionsWithin({ kind: 'nation' })).toEqual(['UA-05', 'UA-68']);
    expect(registry.regionsWithin({ kind: 'regions', regionIds: ['UA-68', 'UA-99'] })).toEqual(['UA-68']);
    expect(registry.regionsWithin({ kind: 'facilities', facilityIds: ['ua-68-itt-1', 'gone'] })).toEqual([
      'UA-68',
    ]);
  });

  it('refuses a nation that contradicts itself', () => {
    const [area] = nation.areas;
    if (!area) throw new Error('fixture');
    expect(() => createRegistry({ ...nation, areas: [area, area] })).toThrow(/occurs twice/);
    expect(() => createRegistry({ ...nation, facilities: [] })).toThrow(/unknown facility/);
    expect(() => createRegistry({ ...nation, areas: [{ ...area, regionId: 'UA-05' }] })).toThrow(
      /not in the region/,
    );
  });
});
