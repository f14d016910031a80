import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareImportance, IMPORTANCES } from '#contract/importance.ts';
import { LAYERS, type Layer } from '#contract/nation.ts';
import { shareUplink, type UplinkWish } from './uplink-share.ts';

const wish = (feedId: string, change: Partial<UplinkWish> = {}): UplinkWish => ({
  feedId,
  importance: 'wall',
  wanted: ['low'],
  costBps: { low: 150, high: 1_200 },
  isCrossing: false,
  ...change,
});
const shared = (wishes: UplinkWish[], maxBps: number) => Object.fromEntries(shareUplink(wishes, maxBps));

it('everything crosses where there is room', () => {
  const wishes = [wish('a'), wish('b', { wanted: ['high'] }), wish('c', { wanted: ['low', 'high'] })];
  expect(shared(wishes, 2_700)).toEqual({ a: ['low'], b: ['high'], c: ['low', 'high'] });
});

it('everybody has a small picture before anybody has a large one', () => {
  const wishes = [
    wish('a', { importance: 'alarm', wanted: ['high'] }),
    wish('b'),
    wish('c', { importance: 'tour' }),
  ];
  expect(shared(wishes, 1_450)).toEqual({ a: ['low'], b: ['low'], c: ['low'] });
  expect(shared(wishes, 1_500)).toEqual({ a: ['high'], b: ['low'], c: ['low'] });
});

it('an alarm goes before what is enlarged, that before the wall, and the wall before tours', () => {
  const wishes = IMPORTANCES.toReversed().map((importance) => wish(importance, { importance }));
  const crossing = (maxBps: number) =>
    Object.entries(shared(wishes, maxBps)).flatMap(([id, layers]) => (layers.length > 0 ? [id] : []));
  expect([150, 300, 450, 600].map(crossing)).toEqual([
    ['alarm'],
    ['alarm', 'focused'],
    ['alarm', 'focused', 'wall'],
    ['alarm', 'focused', 'wall', 'tour'],
  ]);
});

it('of those that matter as much, who crosses already goes on', () => {
  expect(shared([wish('a'), wish('b', { isCrossing: true })], 200)).toEqual({ a: [], b: ['low'] });
});

it('a camera that would not fit alone keeps nobody out', () => {
  const fat = wish('fat', { importance: 'alarm', costBps: { low: 900 } });
  expect(shared([fat, wish('b')], 800)).toEqual({ fat: [], b: ['low'] });
});

it('a camera without a small layer sends the one it has', () => {
  const large = wish('a', { wanted: ['high'], costBps: { high: 500 } });
  expect(shared([large], 500)).toEqual({ a: ['high'] });
  expect(shared([large], 499)).toEqual({ a: [] });
});

const anyLayers = fc.subarray([...LAYERS], { minLength: 1 });
const anyWish = fc.record({
  feedId: fc.string({ minLength: 1, maxLength: 4 }),
  importance: fc.constantFrom(...IMPORTANCES),
  wanted: anyLayers,
  costBps: fc
    .tuple(anyLayers, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 3_000 }))
    .map(([has, low, high]) => Object.fromEntries(has.map((layer) => [layer, layer === 'low' ? low : high]))),
  isCrossing: fc.boolean(),
});
const anyWishes = fc.uniqueArray(anyWish, { selector: ({ feedId }) => feedId, maxLength: 30 });
const anyRoom = fc.integer({ min: 0, max: 20_000 });
const costOf = ({ costBps }: UplinkWish, layers: readonly Layer[]) =>
  layers.reduce((sum, layer) => sum + (costBps[layer] ?? Number.NaN), 0);
const has = ({ costBps }: UplinkWish) => LAYERS.filter((layer) => costBps[layer] !== undefined);

it('whatever is wanted, it fits, and nobody goes before one that matters more', () => {
  fc.assert(
    fc.property(anyWishes, anyRoom, (wishes, maxBps) => {
      const shares = shareUplink(wishes, maxBps);
      const of = (it: UplinkWish) => shares.get(it.feedId) ?? [];
      const sum = wishes.reduce((total, it) => total + costOf(it, of(it)), 0);
      expect(sum).toBeLessThanOrEqual(maxBps);
      for (const it of wishes) {
        const [small] = has(it);
        // What is wanted, or the small layer in its place, or nothing.
        const full = has(it).filter((layer) => it.wanted.includes(layer));
        expect([[], [small], full]).toContainEqual(of(it));
        const isCut = full.length > 0 && of(it).length === 0;
        const smallBps = small ? costOf(it, [small]) : 0;
        for (const other of wishes) {
          if (compareImportance(it.importance, other.importance) >= 0) continue;
          // It matters more, has nothing, and would fit: then nobody behind it has anything.
          if (isCut && smallBps <= maxBps) expect(of(other)).toEqual([]);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

it('where everything fits, everything that is wanted crosses; the order in which it was asked for is nothing', () => {
  fc.assert(
    fc.property(anyWishes, (wishes) => {
      const full = (it: UplinkWish) => has(it).filter((layer) => it.wanted.includes(layer));
      const needBps = wishes.reduce(
        (sum, it) => sum + Math.max(costOf(it, full(it)), costOf(it, has(it))),
        0,
      );
      const shares = shareUplink(wishes, needBps);
      for (const it of wishes) if (full(it).length > 0) expect(shares.get(it.feedId)).toEqual(full(it));
      const small = shareUplink(wishes, needBps / 3);
      expect(shareUplink(wishes.toReversed(), needBps / 3)).toEqual(small);
    }),
  );
});
