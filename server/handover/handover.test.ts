import { expect, test } from 'vitest';
import type { Handover } from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import type { Collected } from './collect.ts';
import {
  acknowledgeItem,
  addNote,
  closeHandover,
  type HandoverStep,
  mergeItems,
  partOf,
  refreshed,
  scopeKey,
  withdrawHandover,
} from './handover.ts';

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
  const { items, left } = mergeItems([], things, { scope, nowMs: START, late: false });
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

test('the most urgent come first, and what is beyond the bound is counted', () => {
  const many = Array.from({ length: 450 }, (_, index) => thing(`r${index}`));
  const { items, left } = opened([
    ...many,
    thing('f', { kind: 'flag', severity: 3 }),
    thing('g', { kind: 'flag', severity: 1 }),
  ]);
  expect(items.slice(0, 2).map(({ id }) => id)).toEqual(['g', 'f']);
  expect([items.length, left]).toEqual([400, 52]);
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
