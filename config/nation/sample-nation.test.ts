import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Nation } from '#contract/nation.ts';
import { normsOf } from '../norms/norms.ts';
import { formatNation, generateSampleNation } from './sample-nation.ts';
import { SAMPLE_PLANS, sampleNationFile } from './samples.ts';

const nation = generateSampleNation();
const file = readFileSync(new URL('sample-ua.json', import.meta.url), 'utf8');

/** Facilities by region as `SOURCES.md` calls invented; the two occupied regions have none. */
const FACILITIES_BY_REGION =
  '05:6 07:4 09:2 12:10 14:6 18:5 21:4 23:5 26:4 30:1 32:7 35:7 40:0 43:0 46:7 48:4 51:8 53:8 56:4 59:5 61:3 63:8 65:3 68:4 71:4 74:5 77:2';

describe('the sample nation', () => {
  it('is what the committed file holds', () => {
    expect(formatNation(nation)).toBe(file);
  });

  it('is a valid nation file, marked as a sample', () => {
    expect(Nation.parse(JSON.parse(file))).toEqual(nation);
    expect(nation.sample).toBe(true);
  });

  it('has 126 facilities over the 27 regions, as distributed', () => {
    const counted = nation.regions.map(
      ({ id }) => `${id.slice(3)}:${nation.facilities.filter(({ regionId }) => regionId === id).length}`,
    );
    expect(counted.join(' ')).toBe(FACILITIES_BY_REGION);
    expect(nation.facilities).toHaveLength(126);
  });

  it('shows Crimea and Sevastopol as temporarily occupied regions of Ukraine', () => {
    const occupied = nation.regions.filter(({ status }) => status === 'temporarily-occupied');
    expect(occupied.map(({ id }) => id).sort()).toEqual(['UA-40', 'UA-43']);
  });

  it('gives every facility four to six areas, with somewhere to talk to a lawyer', () => {
    for (const { id } of nation.facilities) {
      const kinds = nation.areas.filter(({ facilityId }) => facilityId === id).map(({ kind }) => kind);
      expect(kinds.length, id).toBeGreaterThanOrEqual(4);
      expect(kinds.length, id).toBeLessThanOrEqual(6);
      expect(kinds.filter((kind) => kind === 'cell').length, id).toBeGreaterThanOrEqual(2);
      expect(
        kinds.some((kind) => kind === 'lawyer-room' || kind === 'interview-room'),
        id,
      ).toBe(true);
    }
  });

  it('never repeats an id or a position', () => {
    const ids = [
      ...nation.facilities.map(({ id }) => id),
      ...nation.areas.flatMap(({ id, feeds }) => [id, ...feeds.map((feed) => feed.id)]),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(nation.facilities.map(({ position }) => position.join())).size).toBe(126);
  });

  it('closes the rooms for lawyers and doctors while somebody is inside', () => {
    for (const { id, kind, privacy } of nation.areas) {
      const confidential = kind === 'lawyer-room' || kind === 'medical-room';
      expect(privacy === 'forbidden-when-occupied', id).toBe(confidential);
    }
  });

  it('has one area in each reporting region that waits for an encoder, never one where people stay', () => {
    const waiting = nation.areas.filter(({ feeds }) => feeds.some(({ source }) => source === 'whip'));
    expect(waiting.every(({ capacity, privacy }) => capacity === 0 && privacy === 'normal')).toBe(true);
    expect(waiting.map(({ regionId }) => regionId)).toEqual(
      nation.regions.filter(({ status }) => status === 'reporting').map(({ id }) => id),
    );
  });

  it('gives most cells 4 m² a place or more, and some less', () => {
    const cells = nation.areas.filter(({ kind }) => kind === 'cell');
    const small = cells.filter(({ capacity, netAreaM2 }) => netAreaM2 / capacity < 4).length;
    expect(small / cells.length).toBeGreaterThan(0.05);
    expect(small / cells.length).toBeLessThan(0.25);
    expect(cells.every(({ capacity, netAreaM2 }) => netAreaM2 / capacity > 3)).toBe(true);
  });
});

describe('the second sample nation', () => {
  const second = generateSampleNation(SAMPLE_PLANS.kz);

  it('is what the committed file holds, valid and marked as a sample', () => {
    const text = readFileSync(sampleNationFile('kz'), 'utf8');
    expect(formatNation(second)).toBe(text);
    expect(Nation.parse(JSON.parse(text))).toEqual(second);
    expect(second.sample).toBe(true);
  });

  it('has a facility in each of its 20 regions, its own time and its own norms', () => {
    expect(second.regions).toHaveLength(20);
    expect(new Set(second.facilities.map(({ regionId }) => regionId)).size).toBe(20);
    expect(second.timeZone).toBe('Asia/Almaty');
    expect(normsOf(second)('temporary-detention').sets.map(({ id }) => id)).toEqual([
      'kz',
      'kz',
      'cpt-health',
    ]);
  });
});
