import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { rulesPage } from './rules-page.ts';
import { CountId, LengthId, Threshold } from './threshold.ts';
import { lengthMsAt, THRESHOLDS, timesADayAt } from './thresholds.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

test('rules and figures keep to their schemas', () => {
  for (const rule of RULES.values()) expect(Rule.parse(rule)).toEqual(rule);
  for (const one of THRESHOLDS) expect(Threshold.parse(one)).toEqual(one);
});

test('every figure holds at every time from its first version on, and only one of its versions', () => {
  expect([...new Set(THRESHOLDS.map(({ id }) => id))].toSorted()).toEqual(
    [...LengthId.options, ...CountId.options].toSorted(),
  );
  for (const versions of Map.groupBy(THRESHOLDS, ({ id }) => id).values())
    for (const [index, { version, validTo }] of versions.entries()) {
      expect(version).toBe(index + 1);
      expect(validTo).toBe(versions[index + 1]?.validFrom ?? null);
    }
});

test('what calls itself law or guidance says where it was read', () => {
  for (const { id, standing, address } of THRESHOLDS)
    expect(address !== null || standing === 'judgment' || standing === 'general-knowledge', id).toBe(true);
});

test('lengths come in milliseconds, whatever their unit, also before the first version', () => {
  expect(lengthMsAt('record-leeway', NOW_MS)).toBe(60_000);
  expect(lengthMsAt('gate-too-long', NOW_MS)).toBe(7_200_000);
  expect(lengthMsAt('edited-late', 0)).toBe(86_400_000);
  expect(timesADayAt('gates-elsewhere', NOW_MS)).toBe(6);
});

test('no rule keeps a figure of time in its code', () => {
  const folder = resolve(import.meta.dirname, '../../server/rules/look');
  const UNITS = new Set(['MINUTE_MS', 'HOUR_MS', 'DAY_MS']);
  const figures = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) =>
      [
        ...readFileSync(join(folder, name), 'utf8').matchAll(
          /const (\w+_(?:MS|S|SECONDS|MINUTES|HOURS|DAYS)) = [^;]*\d/g,
        ),
      ]
        .map(([, figure = '']) => figure)
        .filter((figure) => !UNITS.has(figure))
        .map((figure) => `${name}: ${figure}`),
    );
  expect(figures, 'belongs in config/rules/thresholds.ts').toEqual([]);
});

test('docs/rules.md says what the data says', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  expect(page, 'run: node config/rules/write-rules-page.ts').toBe(rulesPage());
});
