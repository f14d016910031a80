import { expect, test } from 'vitest';
import type { Clock } from '#contract/clocks.ts';
import { RULES } from '../../config/rules/rules.ts';
import type { Episode, Finding } from './finding.ts';
import { withKnownKeys } from './former-keys.ts';
import { lookAtClocks } from './look/clocks.ts';
import { planEpisodes } from './plan-episodes.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T00:00:00.000Z');
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();
const clock: Clock = {
  normSet: 'ua-cpc',
  limit: 'court',
  caseId: 'cr-000001',
  anchorAt: at(0),
  amberAt: at(45),
  redAt: at(54),
  dueAt: at(60),
};
const facilityOf = (areaId: string) => areaId.replace(/-cell-\d+$/, '');
const seenIn = (facilityId: string): Finding[] =>
  lookAtClocks({ facilityId, areaId: `${facilityId}-cell-1`, clocks: [clock] }, START + 61 * HOUR).findings;
const raised = (known: ReadonlyMap<string, Episode>, findings: readonly Finding[]) =>
  planEpisodes(known, withKnownKeys(findings, known, facilityOf), {
    rules: RULES,
    nowMs: START + 61 * HOUR,
  }).steps.flatMap(({ key, flag }) => (flag ? [`${flag.kind} ${key}`] : []));

test('the same case number in two facilities: each breach has its own flag', () => {
  expect(raised(new Map(), [...seenIn('ua-68-itt-1'), ...seenIn('ua-68-itt-2')])).toEqual([
    'raise deadline-breached:ua-68-itt-1/cr-000001:ua-cpc/court',
    'raise deadline-breached:ua-68-itt-2/cr-000001:ua-cpc/court',
  ]);
});

test('an occurrence of an earlier version goes on under its name, and is raised again for nobody but the other facility', () => {
  const former: Episode = {
    rule: 'deadline-breached',
    areaId: 'ua-68-itt-1-cell-2',
    since: at(60),
    raised: true,
  };
  const known = new Map([['deadline-breached:cr-000001:ua-cpc/court', former]]);
  expect(raised(known, seenIn('ua-68-itt-1'))).toEqual([]);
  expect(raised(known, [...seenIn('ua-68-itt-1'), ...seenIn('ua-68-itt-2')])).toEqual([
    'raise deadline-breached:ua-68-itt-2/cr-000001:ua-cpc/court',
  ]);
});
