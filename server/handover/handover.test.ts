import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Handover, MAX_HANDOVER_ENTRIES, MAX_HANDOVER_THINGS } from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { type Collected, collectRegion } from './collect.ts';
import {
  acknowledgeItem,
  addNote,
  closeHandover,
  type HandoverStep,
  partOf,
  refreshed,
  scopeKey,
  withdrawHandover,
} from './handover.ts';
import { BURST, keysOf, MAX_WAITING, mergeItems, NOTHING } from './merge.ts';

const START = Date.parse('2026-11-22T06:00:00.000Z');
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
const REGION: Scope = { kind: 'regions', regionIds: ['UA-68'] };
const NATION: Scope = { kind: 'nation' };

const thing = (key: string, change: Partial<Collected> = {}): Collected => ({
  kind: 'risk',
  regionId: 'UA-68',
  entry: { key, facilityId: 'ua-68-itt-1', areaId: 'ua-68-itt-1-cell-1', at: at(0) },
  ...change,
});
function opened(things: readonly Collected[], scope: Scope = REGION): Handover {
  const { items, left } = mergeItems(NOTHING, things, { scope, nowMs: START, openedMs: START });
  return {
    id: '00000000-0000-4000-8000-000000000001',
    scope,
    state: 'open',
    opened: { by: 'out', at: at(0) },
    shiftEndsAt: at(720),
    ended: null,
    previousAt: null,
    since: { raised: 0, resolved: 0, dismissed: 0 },
    items,
    left,
    notes: [],
    checkedAt: at(0),
    version: 1,
  };
}
const by = (name: string, minutes = 10) => ({ by: name, at: at(minutes) });
const done = (step: HandoverStep): Handover => {
  if (step.kind === 'refused') throw new Error(step.message);
  return step.handover;
};
const codeOf = (step: HandoverStep) => (step.kind === 'refused' ? step.code : step.kind);

test('it closes for somebody else, when every item has a name, and not before', () => {
  const first = opened([thing('a'), thing('b')]);
  expect(codeOf(acknowledgeItem(first, { itemId: 'a', rev: 1 }, by('out')))).toBe('forbidden');
  const one = done(acknowledgeItem(first, { itemId: 'a', rev: 1 }, by('in')));
  expect(codeOf(acknowledgeItem(one, { itemId: 'a', rev: 1 }, by('in')))).toBe('same');
  expect(codeOf(acknowledgeItem(one, { itemId: 'a', rev: 1 }, by('third')))).toBe('conflict');
  expect(codeOf(closeHandover(one, by('in')))).toBe('conflict');
  const two = done(acknowledgeItem(one, { itemId: 'b', rev: 1 }, by('in', 11)));
  expect(codeOf(closeHandover(two, by('out')))).toBe('forbidden');
  const closed = done(closeHandover(two, by('in', 12)));
  expect(closed).toMatchObject({ state: 'closed', ended: by('in', 12) });
  expect(closed.items.map(({ acknowledged }) => acknowledged)).toEqual([by('in'), by('in', 11)]);
  expect(codeOf(closeHandover(closed, by('in', 13)))).toBe('same');
  expect(codeOf(addNote(closed, 'late', by('in')))).toBe('invalid_transition');
  expect(codeOf(withdrawHandover(closed, 'a mistake', by('out')))).toBe('invalid_transition');
});

test('what comes up later is a late item; what was not seen by anybody and is gone, goes; what has a name stays', () => {
  const first = done(acknowledgeItem(opened([thing('a'), thing('b')]), { itemId: 'a', rev: 1 }, by('in')));
  const later = refreshed(first, [thing('c')], START + 60_000);
  expect(later.items.map(({ id, late, acknowledged }) => [id, late, acknowledged?.by])).toEqual([
    ['a', false, 'in'],
    ['c', true, undefined],
  ]);
  expect(later.version).toBe(first.version + 1);
  expect(refreshed(later, [thing('c'), thing('a')], START + 70_000).version).toBe(later.version);
});

test('for the nation things of a region are one item, and what joins it must be seen as well', () => {
  const urgent = thing('flag', { kind: 'flag', severity: 2 });
  const first = opened([thing('a'), thing('b'), urgent], NATION);
  expect(first.items.map(({ id, count }) => [id, count])).toEqual([
    ['flag', 1],
    ['risk/UA-68', 2],
  ]);
  const grown = refreshed(first, [thing('a'), thing('b'), thing('c'), urgent], START + 60_000);
  expect(codeOf(acknowledgeItem(grown, { itemId: 'risk/UA-68', rev: 1 }, by('in')))).toBe('conflict');
  const seen = done(acknowledgeItem(grown, { itemId: 'risk/UA-68', rev: 2 }, by('in')));
  const more = refreshed(seen, [thing('a'), thing('d')], START + 120_000);
  expect(more.items.map(({ id, count, late, acknowledged }) => [id, count, late, acknowledged?.by])).toEqual([
    ['risk/UA-68', 3, false, 'in'],
    ['risk/UA-68#2', 1, true, undefined],
  ]);
});

/** Acknowledges all that is offered. */
const allSigned = (handover: Handover, minutes: number): Handover =>
  handover.items
    .filter(({ acknowledged }) => acknowledged === null)
    .reduce(
      (now, { id: itemId, rev }) => done(acknowledgeItem(now, { itemId, rev }, by('in', minutes))),
      handover,
    );

test('the most urgent come first; the rest is counted, offered as those before are acknowledged, and closes nothing before', () => {
  const lots = [
    ...Array.from({ length: 850 }, (_, index) => thing(`r${index}`)),
    thing('f', { kind: 'flag', severity: 3 }),
    thing('g', { kind: 'flag', severity: 1 }),
  ];
  const first = opened(lots);
  expect(first.items.slice(0, 2).map(({ id }) => id)).toEqual(['g', 'f']);
  expect([first.items.length, first.left]).toEqual([400, 452]);

  const one = allSigned(first, 1);
  expect(codeOf(closeHandover(one, by('in', 1)))).toBe('unacknowledged_left');
  const second = refreshed(one, lots, START + 60_000);
  expect([second.items.length, second.left]).toEqual([800, 52]);
  expect(codeOf(closeHandover(second, by('in', 1)))).toBe('conflict');
  const third = refreshed(allSigned(second, 2), lots, START + 120_000);
  expect([third.items.length, third.left]).toEqual([852, 0]);
  // What could not be offered at once had been there from the beginning.
  expect(third.items.filter(({ late }) => late)).toEqual([]);
  const all = allSigned(third, 3);
  expect(new Set(all.items.flatMap(({ entries }) => entries.map(({ key }) => key))).size).toBe(852);
  expect(codeOf(closeHandover(all, by('in', 4)))).toBe('changed');
});

test('what the last handover told of is not new; a flag is the same whatever was done about it', () => {
  const acknowledged = outage(2, 1);
  const last = opened([thing('a'), outage(1, 1), acknowledged]);
  const given = { scope: REGION, nowMs: START, openedMs: START, known: keysOf(last) };
  const taken = { ...acknowledged, entry: { ...acknowledged.entry, key: 'flag/x/acknowledged' } };
  const things = [thing('a'), thing('b'), taken, outage(3, 1)];
  const { items, left } = mergeItems(NOTHING, things, given);
  const isNew = (all: typeof items) => Object.fromEntries(all.map((item) => [item.id, item.isNew]));
  const expected = {
    a: undefined,
    b: true,
    'flag/x/acknowledged': undefined,
    [outage(3, 1).entry.key]: true,
  };
  expect(isNew(items)).toEqual(expected);
  // It stays so while the handover is open.
  expect(isNew(refreshed({ ...last, items, left }, things, START + 60_000).items)).toEqual(expected);
  // Of the first handover nobody knows what was new.
  expect(opened(things).items.map((item) => item.isNew)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

/** Looks at it after which nothing has come. */
const QUIET = Array.from({ length: 25 }, () => 0);

test('however much there is and whatever comes meanwhile, all has a name when it closes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 * MAX_WAITING + 20 }),
      fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 3 }),
      fc.constantFrom(REGION, NATION),
      (count, arriving, scope) => {
        const make = (name: string, length: number) =>
          Array.from({ length }, (_, index) => thing(`${name}${index}`));
        let things = make('r', count);
        let handover = opened(things, scope);
        let minutes = 1;
        for (const [index, length] of [...arriving, ...QUIET].entries()) {
          things = [...things, ...make(`late${index}-`, length)];
          handover = refreshed(allSigned(handover, minutes), things, START + minutes * 60_000);
          expect(handover.items.filter(({ acknowledged }) => !acknowledged).length).toBeLessThanOrEqual(
            MAX_WAITING,
          );
          minutes += 1;
          const isOver = codeOf(closeHandover(handover, by('in', minutes))) === 'changed';
          const keys = handover.items.flatMap(({ entries, acknowledged }) =>
            acknowledged ? entries.map(({ key }) => key) : [],
          );
          expect(new Set(keys).size).toBe(keys.length);
          expect(isOver).toBe(keys.length === things.length);
        }
        expect(codeOf(closeHandover(handover, by('in', minutes)))).toBe('changed');
      },
    ),
    { numRuns: 15 },
  );
});

const outage = (index: number, severity: 1 | 2 | 3, rule = 'no-video'): Collected => ({
  kind: 'flag',
  regionId: 'UA-68',
  severity,
  entry: {
    key: `flag/${rule}-${severity}-${index}/raised`,
    facilityId: 'ua-68-itt-1',
    areaId: `ua-68-itt-1-cell-${index}`,
    at: at(0),
    flag: {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      category: 'no-video',
      severity,
      state: 'raised',
      note: '',
      rule: { id: rule, params: { cause: 'network' } },
    },
  },
});
const many = (length: number, severity: 1 | 2 | 3, rule?: string) =>
  Array.from({ length }, (_, index) => outage(index, severity, rule));

test('a rule that an outage raises for many rooms of a house is one item that names them; "now" is told singly', () => {
  const groups = (things: readonly Collected[], scope: Scope = REGION) =>
    opened(things, scope).items.map(({ id, count, entries }) => [id, count, entries.length]);
  for (const scope of [REGION, NATION])
    expect(groups(many(60, 2), scope)).toEqual([['flag/ua-68-itt-1/no-video/2', 60, 60]]);
  expect(groups(many(60, 3))).toEqual([['flag/ua-68-itt-1/no-video/3', 60, 60]]);
  expect(groups(many(60, 1))).toHaveLength(60);
  expect(groups(many(BURST - 1, 2))).toHaveLength(BURST - 1);
  // Another rule, another house and what a person wrote are things of their own.
  const own = thing('said', { kind: 'flag', severity: 2 });
  const there = {
    ...outage(1, 2),
    entry: { ...outage(1, 2).entry, key: 'there', facilityId: 'ua-68-itt-2' },
  };
  expect(groups([...many(BURST, 2), outage(0, 2, 'feed-lost'), own, there]).toSorted()).toEqual([
    ['flag/feed-lost-2-0/raised', 1, 1],
    ['flag/ua-68-itt-1/no-video/2', BURST, BURST],
    ['said', 1, 1],
    ['there', 1, 1],
  ]);
});

test('what was new by itself is new as a burst, and as itself again; one of which something was known is not', () => {
  const given = { scope: REGION, nowMs: START, openedMs: START };
  const of = (known: readonly Collected[]) => {
    const keys = keysOf(opened([...known]));
    const offered = mergeItems(NOTHING, many(BURST - 1, 2), { ...given, known: keys });
    const later = (before: typeof offered, things: readonly Collected[]) =>
      mergeItems(before, things, { ...given, nowMs: START + 60_000 });
    const burst = later(offered, many(BURST, 2));
    const single = later(burst, many(BURST - 1, 2));
    return [offered, burst, single].map(({ items }) => items.filter(({ isNew }) => isNew).length);
  };
  expect(of([])).toEqual([BURST - 1, 1, BURST - 1]);
  expect(of([outage(0, 2)])).toEqual([BURST - 2, 0, 0]);
});

test('what an item does not name comes as the next one, before it can close', () => {
  const things = many(MAX_HANDOVER_ENTRIES + 40, 2);
  const first = opened(things);
  expect(first.items.map(({ count, entries }) => [count, entries.length])).toEqual([
    [MAX_HANDOVER_ENTRIES + 40, MAX_HANDOVER_ENTRIES],
  ]);
  expect(first.left).toBe(40);
  const signed = allSigned(first, 1);
  expect(codeOf(closeHandover(signed, by('in', 1)))).toBe('unacknowledged_left');
  const next = refreshed(signed, things, START + 60_000);
  expect(next.items.map(({ id, count, late }) => [id, count, late])).toEqual([
    ['flag/ua-68-itt-1/no-video/2', MAX_HANDOVER_ENTRIES + 40, false],
    ['flag/ua-68-itt-1/no-video/2#2', 40, false],
  ]);
  expect(codeOf(closeHandover(allSigned(next, 2), by('in', 2)))).toBe('changed');
});

test('a handover has a size, which no signature is lost to, and what does not fit stays counted', () => {
  const things = many(MAX_HANDOVER_THINGS + 200, 2);
  let handover = opened(things);
  for (let minutes = 1; handover.items.length * MAX_HANDOVER_ENTRIES < MAX_HANDOVER_THINGS; minutes += 1)
    handover = refreshed(allSigned(handover, minutes), things, START + minutes * 60_000);
  const full = refreshed(allSigned(handover, 200), things, START + 201 * 60_000);
  expect(full.items.flatMap(({ entries }) => entries)).toHaveLength(MAX_HANDOVER_THINGS);
  expect(full.left).toBe(200);
  expect(codeOf(closeHandover(full, by('in', 202)))).toBe('unacknowledged_left');
  expect(Handover.safeParse(full).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(3_500_000);
});

test('in a region, flags that are to be reviewed are one item a facility', () => {
  const review = (key: string) => thing(key, { kind: 'flag', severity: 4 });
  const { items } = opened([review('a'), review('b'), thing('c', { kind: 'flag', severity: 3 })]);
  expect(items.map(({ id, count }) => [id, count])).toEqual([
    ['c', 1],
    ['flag/ua-68-itt-1', 2],
  ]);
});

test('it is taken back by who opened it, with a reason', () => {
  const first = opened([thing('a')]);
  expect(codeOf(withdrawHandover(first, 'a mistake', by('in')))).toBe('forbidden');
  expect(done(withdrawHandover(first, 'a mistake', by('out')))).toMatchObject({
    state: 'withdrawn',
    notes: [{ by: 'out', text: 'a mistake' }],
  });
});

test('of several regions things of a region are one item, of one region each is its own', () => {
  const both = [thing('a'), thing('b'), thing('c', { regionId: 'UA-05' })];
  const group: Scope = { kind: 'regions', regionIds: ['UA-05', 'UA-68'] };
  expect(opened(both, group).items.map(({ id, count }) => [id, count])).toEqual([
    ['risk/UA-05', 1],
    ['risk/UA-68', 2],
  ]);
  expect(opened([thing('a'), thing('b')]).items.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('a part lies within the own scope; all of it is the whole', () => {
  const all = ['UA-05', 'UA-68', 'UA-46'];
  const desk: Scope = { kind: 'regions', regionIds: ['UA-05', 'UA-68'] };
  expect(partOf(NATION, undefined, all)).toBe(NATION);
  expect(partOf(NATION, ['UA-68', 'UA-05', 'UA-68'], all)).toEqual({
    kind: 'regions',
    regionIds: ['UA-05', 'UA-68'],
  });
  expect(partOf(NATION, all, all)).toBe(NATION);
  expect(partOf(NATION, ['UA-99'], all)).toBeUndefined();
  expect(partOf(desk, ['UA-46'], all)).toBeUndefined();
  expect(partOf(desk, ['UA-68', 'UA-05'], all)).toBe(desk);
  expect(partOf({ kind: 'facilities', facilityIds: ['x'] }, ['UA-05'], all)).toBeUndefined();
});

test('the same places of the same desk have one name, in whatever order', () => {
  const of = (scope: Scope, desk: 'duty' | 'situation' = 'duty') => scopeKey({ desk, scope });
  const [a, b] = [
    { kind: 'regions', regionIds: ['UA-05', 'UA-68'] } as const,
    { kind: 'regions', regionIds: ['UA-68', 'UA-05'] } as const,
  ].map((scope) => of({ ...scope, regionIds: [...scope.regionIds] }));
  expect(a).toBe(b);
  expect(of(NATION)).not.toBe(of(NATION, 'situation'));
});

test('what is put aside is handed over by name, also where it was acknowledged before, and so is that it is back', () => {
  const shelving = {
    id: '00000000-0000-4000-8000-0000000000aa',
    by: { kind: 'person', id: 'duty', name: 'duty' },
    at: at(30),
    until: at(90),
    reason: 'the mechanic is on the way',
  } as const;
  const taken = flagOn('ua-68-itt-1-cell-1', { severity: 3, state: 'acknowledged', version: 2 });
  const collect = (flag: typeof taken, minutes: number) =>
    collectRegion(
      {
        regionId: 'UA-68',
        areas: [],
        flags: [flag],
        unplaced: [],
        statusOf: () => undefined,
        feedOf: () => undefined,
      },
      { nowMs: Date.parse(at(minutes)), shiftEndsMs: Date.parse(at(720)) },
    );
  const aside = { ...taken, shelvings: [shelving] };
  const [before] = collect(taken, 20);
  const [during] = collect(aside, 40);
  const [after] = collect(aside, 90);
  expect(before?.entry.flag).not.toHaveProperty('shelved');
  expect(during?.entry.flag).toMatchObject({
    shelved: { until: at(90), by: 'duty', reason: 'the mechanic is on the way' },
  });
  expect(after).toEqual(before);
  // Another thing than the one that somebody has put their name to.
  const first = opened(before ? [before] : []);
  const signed = done(acknowledgeItem(first, { itemId: first.items[0]?.id ?? '', rev: 1 }, by('in')));
  const later = refreshed(signed, during ? [during] : [], Date.parse(at(40)));
  expect(later.items.map(({ acknowledged }) => acknowledged?.by)).toContain(undefined);
  expect(Handover.safeParse(later).success).toBe(true);
});
