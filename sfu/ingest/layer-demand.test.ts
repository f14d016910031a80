import { describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import {
  decideDemand,
  demandDeadline,
  importanceOf,
  isSameDemand,
  LAYER_HOLD_MS,
  type LayerDemand,
  type LayerUse,
  NO_DEMAND,
  neededLayers,
} from './layer-demand.ts';

const LAYERS: Layer[] = ['low', 'high'];
const use = (change: Partial<LayerUse>): LayerUse => ({
  ...{ preferred: 'low', active: true, warmUntil: 0, current: undefined, starved: false },
  ...change,
});
const needs = (uses: LayerUse[], now = 1_000) => [...neededLayers(uses, LAYERS, now)].sort();
const decide = (before: LayerDemand, needed: Layer[], now: number) =>
  decideDemand(before, new Set(needed), { now, layers: LAYERS, importance: 'tour', lingerMs: 10_000 });

describe('neededLayers', () => {
  it.each<[string, LayerUse[], Layer[]]>([
    ['nobody watches', [], []],
    ['the only viewer has paused', [use({ active: false })], []],
    ['a page sets itself up', [use({ active: false, warmUntil: 2_000 })], ['low']],
    ['a page has been setting itself up for too long', [use({ active: false, warmUntil: 1_000 })], []],
    ['two tiles want different layers', [use({}), use({ preferred: 'high' })], ['high', 'low']],
    ['another node wants both', [use({ also: ['high'] })], ['high', 'low']],
    ['another node wants nothing any more', [use({ also: ['high'], active: false })], []],
    ['a tile is changing over', [use({ preferred: 'high', current: 'low' })], ['high', 'low']],
    ['a tile has changed over', [use({ preferred: 'high', current: 'high' })], ['high']],
    ['the high layer does not fit through', [use({ preferred: 'high', starved: true })], ['high', 'low']],
  ])('when %s', (_what, uses, expected) => {
    expect(needs(uses)).toEqual(expected);
  });
});

describe('importanceOf', () => {
  it.each<[string, LayerUse[], string]>([
    ['nobody watches: it only lingers', [], 'tour'],
    ['somebody watches', [use({})], 'wall'],
    ['it is an alarm on one of the walls', [use({}), use({ importance: 'alarm' }), use({})], 'alarm'],
    ['whoever enlarged it has paused', [use({ importance: 'focused', active: false }), use({})], 'wall'],
    [
      'a page is about to enlarge it',
      [use({ importance: 'focused', active: false, warmUntil: 2_000 })],
      'focused',
    ],
    ['it is in tours only', [use({ importance: 'tour' })], 'tour'],
  ])('%s', (_, uses, importance) => {
    expect(importanceOf(uses, 1_000)).toBe(importance);
  });

  it('is news of a feed that is wanted, and of no other', () => {
    const wanted: LayerDemand = { wanted: ['low'], importance: 'wall', heldUntil: {} };
    expect(isSameDemand(wanted, { ...wanted, importance: 'alarm' })).toBe(false);
    expect(isSameDemand({ ...wanted, wanted: [] }, NO_DEMAND)).toBe(true);
  });
});

describe('decideDemand', () => {
  it('wants at once what is needed', () => {
    expect(decide(NO_DEMAND, ['high'], 0)).toEqual({ wanted: ['high'], importance: 'tour', heldUntil: {} });
  });

  it('lets a feed go on for the linger time after its last viewer, and not longer', () => {
    const watched = decide(NO_DEMAND, ['low'], 0);
    const left = decide(watched, [], 1_000);
    expect(left).toEqual({ wanted: ['low'], importance: 'tour', heldUntil: { low: 11_000 } });
    expect(demandDeadline(left, [], 1_000)).toBe(11_000);
    expect(decide(left, [], 10_999).wanted).toEqual(['low']);
    expect(decide(left, [], 11_000).wanted).toEqual([]);
  });

  it('forgets the end when somebody comes back meanwhile', () => {
    const left = decide(decide(NO_DEMAND, ['low'], 0), [], 1_000);
    expect(decide(left, ['low'], 5_000)).toEqual({ wanted: ['low'], importance: 'tour', heldUntil: {} });
  });

  it('drops a layer soon when another one is watched', () => {
    const both = decide(NO_DEMAND, ['low', 'high'], 0);
    const one = decide(both, ['low'], 1_000);
    expect(one).toEqual({
      wanted: ['low', 'high'],
      importance: 'tour',
      heldUntil: { high: 1_000 + LAYER_HOLD_MS },
    });
    expect(decide(one, ['low'], 1_000 + LAYER_HOLD_MS).wanted).toEqual(['low']);
  });

  it('shortens a long hold when somebody comes back for the other layer', () => {
    const left = decide(decide(NO_DEMAND, ['high'], 0), [], 1_000);
    expect(decide(left, ['low'], 2_000).heldUntil).toEqual({ high: 2_000 + LAYER_HOLD_MS });
  });

  it('never wants a layer that nobody has asked for', () => {
    expect(decide(NO_DEMAND, [], 0)).toEqual(NO_DEMAND);
  });
});
