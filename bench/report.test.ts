import { describe, expect, it } from 'vitest';
import { BARS } from './bars.ts';
import { createReport, toTable } from './report.ts';

const AT = new Date('2026-11-22T03:00:00Z');

describe('createReport', () => {
  it('has a row for every bar, measured or not', () => {
    const report = createReport([{ id: 'wall-cpu-64', figure: 1.1 }], AT);
    expect(report.bars.map(({ id }) => id)).toEqual(BARS.map(({ id }) => id));
    expect(report.bars.find(({ id }) => id === 'wall-cpu-64')).toMatchObject({ figure: 1.1, ok: true });
    expect(report.bars.find(({ id }) => id === 'kill-node')).toMatchObject({ figure: null, ok: false });
  });

  it('says which bars are missed', () => {
    const report = createReport(
      [
        { id: 'wall-cpu-64', figure: 1.1501 },
        { id: 'events-rate', figure: 1999 },
      ],
      AT,
    );
    expect(report.bars.filter(({ figure, ok }) => figure !== null && !ok).map(({ id }) => id)).toEqual([
      'wall-cpu-64',
      'events-rate',
    ]);
    expect(toTable(report)).toMatch(/MISSED\s+events-rate\s+1999 \/s\s+≥ 2,000 \/s/);
  });

  it('refuses a figure that belongs to no bar', () => {
    expect(() => createReport([{ id: 'speed', figure: 1 }], AT)).toThrow(/no bar is called speed/);
  });
});

it('gives every bar an id of its own', () => {
  expect(new Set(BARS.map(({ id }) => id)).size).toBe(BARS.length);
});
