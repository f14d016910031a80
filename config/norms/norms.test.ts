import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LimitInfo } from '#contract/live.ts';
import { Check, NormSet, SeparationNorms, SpaceNorms } from './norm-set.ts';
import {
  ALL_NORMS,
  chooseNorms,
  isFlaggedLine,
  KAZAKHSTAN,
  limits,
  limitsOf,
  NORMS,
  normSetsAt,
  normsOf,
  UKRAINE,
} from './norms.ts';
import { normsPage } from './norms-page.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

function limitOf(name: string) {
  const [setId, limitId] = name.split('/');
  const set = ALL_NORMS.sets.find((one) => one.id === setId);
  const limit = set?.limits.find(({ id }) => id === limitId);
  if (!limit) throw new Error(`no limit ${name}`);
  return limit;
}

test('the norm sets keep to their schema', () => {
  for (const set of ALL_NORMS.sets) expect(NormSet.parse(set)).toEqual(set);
  for (const set of ALL_NORMS.space) expect(SpaceNorms.parse(set)).toEqual(set);
  for (const set of ALL_NORMS.separation) expect(SeparationNorms.parse(set)).toEqual(set);
  expect(Check.parse(NORMS.welfareCheck)).toEqual(NORMS.welfareCheck);
});

test('what a clock on the wall counts to has a name that a small tile has room for', () => {
  const ROOM = 17;
  const names = ALL_NORMS.sets.flatMap((set) =>
    set.limits.flatMap(({ id, label, short = label }) => [
      [set.id, id, short.uk],
      [set.id, id, short.en],
    ]),
  );
  expect(names.filter(([, , name]) => (name?.length ?? 0) > ROOM)).toEqual([]);
});

/** The tables of limits, each with the article that it is from, as a reader of the law would write them down. */
test.each([
  ['ua-cpc/suspicion', 24 * HOUR, '278', 'law'],
  ['ua-cpc/court', 60 * HOUR, '211', 'law'],
  ['ua-cpc/decision', 72 * HOUR, '12', 'law'],
  ['ua-cpc/motion', 72 * HOUR, '186', 'law'],
  ['ua-cpc/judge-on-ruling', 36 * HOUR, '191', 'law'],
  ['ua-cpc/interrogation-day', 8 * HOUR, '224', 'law'],
  ['ua-cpc/interrogation-unbroken', 2 * HOUR, '224', 'law'],
  ['ua-cpc/minor-interrogation-day', 2 * HOUR, '226', 'general-knowledge'],
  ['ua-cpc/minor-interrogation-unbroken', HOUR, '226', 'general-knowledge'],
  ['ua-cpc/lawyer', HOUR, '', 'general-knowledge'],
  ['ua-cpc/itt-stay', 3 * DAY, '', 'general-knowledge'],
  ['ua-cpc-615/suspicion', 72 * HOUR, '615', 'law'],
  ['ua-cpc-615/detention', 216 * HOUR, '615', 'law'],
  ['ua-admin/detention', 3 * HOUR, '263', 'law'],
  ['ua-admin/detention-from-sobering', 3 * HOUR, '', 'general-knowledge'],
  ['ua-admin/delivery', HOUR, '', 'general-knowledge'],
  ['ua-admin/prosecutor-border', DAY, '263', 'law'],
  ['kz/court', 48 * HOUR, '', 'general-knowledge'],
  ['kz/court-minor', 24 * HOUR, '', 'general-knowledge'],
  ['kz/protocol', 3 * HOUR, '', 'general-knowledge'],
  ['kz/prosecutor', 12 * HOUR, '', 'general-knowledge'],
  ['kz/embassy', 24 * HOUR, '135', 'law'],
  ['uk-pace/detention', 24 * HOUR, '', 'law'],
  ['uk-pace/visit', HOUR, '', 'guidance'],
  ['cpt-health/medical-screening', DAY, '', 'guidance'],
  ['uk-pace/visit-intoxicated', HOUR / 2, '', 'guidance'],
])('%s: %i minutes, article %s, %s', (name, minutes, article, standing) => {
  const limit = limitOf(name);
  expect('minutes' in limit && limit.minutes).toBe(minutes);
  expect(limit.standing).toBe(standing);
  if (article === '') return;
  expect(limit.source.en).toContain(`art. ${article}`);
  expect(limit.source.uk).toContain(`ст. ${article}`);
});

test.each([
  ['custody-officer', '210'],
  ['delivery', '210'],
  ['registration', '210'],
  ['rights', '276'],
  ['relatives', '213'],
  ['guardianship', '213(2)'],
  ['special-service', '213(3)'],
  ['legal-aid', '213(4)'],
  ['protocol', '208(5)'],
  ['prosecutor', '208(5)'],
])('ua-cpc/%s is a duty of art. %s, and its grace is nobody’s law', (limitId, article) => {
  const limit = limitOf(`ua-cpc/${limitId}`);
  expect(limit).toMatchObject({ kind: 'duty', graceStanding: 'judgment' });
  expect(limit.source.en).toContain(article);
});

test('reviews of PACE: six hours, then nine, then nine', () => {
  // After charge as well: s. 40(1)(a).
  expect(limitOf('uk-pace/review')).toMatchObject({ firstMinutes: 360, thenMinutes: 540, endedBy: [] });
});

test('care under PACE: three meals in any 24 hours, eight hours of rest without a break', () => {
  expect(limitOf('uk-pace/meals')).toMatchObject({ times: 3, firstMinutes: DAY, thenMinutes: DAY });
  expect(limitOf('uk-pace/rest')).toMatchObject({
    lasting: { from: 'REST_STARTED', minutes: 8 * HOUR },
    firstMinutes: DAY,
    // From the end of eight hours to the end of the next eight within a day of the beginning of the first.
    thenMinutes: DAY - 8 * HOUR,
  });
});

test('extensions reach as far as their source says, and no further', () => {
  const grants = ALL_NORMS.sets.flatMap(({ id, version, limits: own }) =>
    own.flatMap((limit) =>
      limit.kind === 'deadline'
        ? limit.grants.map(({ ground, mostMinutes }) => [`${id}-${version}/${limit.id}`, ground, mostMinutes])
        : [],
    ),
  );
  expect(grants).toEqual([
    ['ua-cpc-1/lawyer', 'lawyer-exceptional', 6 * HOUR],
    ['ua-cpc-1/itt-stay', 'transfer-impossible', 10 * DAY],
    ['ua-admin-1/detention', 'border-regime', 3 * DAY],
    ['ua-admin-1/detention', 'narcotics', 3 * DAY],
    ['ua-admin-1/detention', 'until-court', null],
    ['ua-admin-1/detention-from-sobering', 'border-regime', 3 * DAY],
    ['ua-admin-1/detention-from-sobering', 'narcotics', 3 * DAY],
    ['ua-admin-1/detention-from-sobering', 'until-court', null],
    ['kz-1/court', 'exceptional-by-law', 72 * HOUR],
    ['kz-2/court', 'exceptional-by-law', 72 * HOUR],
    ['uk-pace-1/detention', 'superintendent', 36 * HOUR],
    ['uk-pace-1/detention', 'court-warrant', 96 * HOUR],
  ]);
});

test('what has no address is not called law, and what is law says where it was read', () => {
  const rules = [
    ...ALL_NORMS.sets.flatMap((set) => set.limits),
    ...ALL_NORMS.space.flatMap((set) => set.lines),
    ...ALL_NORMS.separation.flatMap((set) => set.rules),
    ALL_NORMS.welfareCheck,
  ];
  for (const { id, address, standing } of rules)
    expect(address === null, id).toBe(
      (standing === 'general-knowledge' || standing === 'judgment') && address === null,
    );
});

test('what is unclear is said in the data', () => {
  const notes = (id: string) => ALL_NORMS.sets.filter((set) => set.id === id).map(({ note }) => note?.en);
  expect(notes('kz')).toEqual([undefined, expect.stringContaining('Unclear after July 2026')]);
  expect(notes('ua-cpc-615')).toEqual([expect.stringContaining('not confirmed')]);
});

test('the interface learns of every rule that holds here, and of none that does not', () => {
  const all = limits();
  for (const one of all) expect(LimitInfo.parse(one)).toEqual(one);
  const names = all.map(({ normSet, limit }) => `${normSet}/${limit}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      'ua-cpc/suspicion',
      'ua-admin/detention',
      'ua-cpc-615/detention',
      'echr/space-3',
      'ua-order-777/minor-with-adult',
      'practice/welfare-check',
    ]),
  );
  expect(names.filter((name) => /^(?:kz|uk-pace)\//.test(name))).toEqual([]);
  expect(all.find(({ limit }) => limit === 'welfare-check')?.standing).toBe('general-knowledge');
});

test('a nation chooses its norms, by kind of facility if it wishes', () => {
  const timeZone = 'Europe/London';
  const choice = normsOf({
    timeZone,
    norms: { sets: ['uk-pace', 'cpt'], byFacilityKind: { 'pre-trial': ['echr', 'kz'] } },
  });
  expect(choice('police-unit').sets.map(({ id }) => id)).toEqual(['uk-pace']);
  expect(choice('police-unit').timeZone).toBe(timeZone);
  expect(choice('pre-trial').sets.map(({ id, version }) => `${id} ${version}`)).toEqual(['kz 1', 'kz 2']);
  expect(choice('pre-trial').space.map(({ id }) => id)).toEqual(['echr']);
  expect(normsOf({ timeZone: 'Europe/Kyiv' })('pre-trial')).toEqual(chooseNorms(UKRAINE.sets, 'Europe/Kyiv'));
  expect(() => normsOf({ timeZone, norms: { sets: ['no-such'] } })).toThrow(/no-such/);
  const named = limitsOf({ timeZone, norms: { sets: ['uk-pace'], byFacilityKind: { 'pre-trial': ['kz'] } } });
  expect(new Set(named.map(({ normSet }) => normSet))).toEqual(new Set(['uk-pace', 'kz', 'practice']));
});

test.each([
  ['Ukraine', UKRAINE],
  ['Kazakhstan', KAZAKHSTAN],
])('in %s some line of room is flagged, so that overcrowding is told of', (_, { sets }) => {
  const lines = chooseNorms(sets, 'UTC').space.flatMap((set) =>
    set.lines.map((line) => ({ normSet: set.id, limit: line.id })),
  );
  expect(lines.some((line) => isFlaggedLine(line, Date.now()))).toBe(true);
  // Before a set is in force none of its lines is.
  expect(lines.some((line) => isFlaggedLine(line, 0))).toBe(false);
});

test('a set counts from its first instant up to, not including, its last', () => {
  const [cpc] = NORMS.sets;
  if (!cpc) throw new Error('no norm set');
  const old = { ...cpc, validTo: '2026-01-01T00:00:00+02:00' };
  const next = { ...cpc, version: 2, validFrom: '2026-01-01T00:00:00+02:00' };
  const norms = { ...NORMS, sets: [old, next] };
  const border = Date.parse('2026-01-01T00:00:00+02:00');
  expect(normSetsAt(norms, 'criminal', border - 1)).toEqual([old]);
  expect(normSetsAt(norms, 'criminal', border)).toEqual([next]);
  expect(normSetsAt(norms, 'administrative', border)).toEqual([]);
  expect(normSetsAt(norms, 'criminal', Date.parse(cpc.validFrom) - 1)).toEqual([]);
});

test('an overlay holds for nobody by itself', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(normSetsAt(NORMS, 'criminal', now).map(({ id }) => id)).toEqual(['ua-cpc']);
});

test.each([
  ['warnings in the wrong order', { warnings: { amber: 0.9, red: 0.75, standing: 'judgment' } }],
  ['an end before the start', { validTo: '2000-01-01T00:00:00Z' }],
  ['the same limit twice', { limits: [NORMS.sets[0]?.limits[0], NORMS.sets[0]?.limits[0]] }],
  ['a grace that calls itself law', { limits: [{ ...limitOf('ua-cpc/rights'), graceStanding: 'law' }] }],
  ['a limit of an unknown kind', { limits: [{ ...limitOf('ua-cpc/rights'), kind: 'wish' }] }],
])('%s is refused', (_, change) => {
  expect(NormSet.safeParse({ ...NORMS.sets[0], ...change }).success).toBe(false);
});

test('docs/norms.md says what the data says', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/norms.md'), 'utf8');
  expect(page, 'run: node config/norms/write-norms-page.ts').toBe(normsPage());
});
