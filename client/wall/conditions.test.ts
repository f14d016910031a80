import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AreaFilter, NO_FILTER } from '#contract/area-filter.ts';
import { CHOICES, type Condition, conditionsOf, toggled } from './conditions.ts';

const anyCondition: fc.Arbitrary<Condition> = fc
  .constantFrom(...(Object.keys(CHOICES) as (keyof typeof CHOICES)[]))
  .chain((facet) => fc.constantFrom(...CHOICES[facet]).map((value) => ({ facet, value })));

test('what is toggled on is asked for, and toggled off again leaves nothing', () => {
  fc.assert(
    fc.property(anyCondition, (condition) => {
      const on = AreaFilter.parse({ ...NO_FILTER, ...toggled(NO_FILTER, condition) });
      expect(conditionsOf(on)).toEqual([condition]);
      expect({ ...on, ...toggled(on, condition) }).toEqual(NO_FILTER);
    }),
  );
});

test('any number of conditions makes a valid filter', () => {
  fc.assert(
    fc.property(fc.array(anyCondition), (conditions) => {
      let filter: AreaFilter = NO_FILTER;
      for (const condition of conditions) filter = { ...filter, ...toggled(filter, condition) };
      expect(AreaFilter.parse(filter)).toEqual(filter);
    }),
  );
});

test('the lists that can hold one value only hold the last', () => {
  const red = { ...NO_FILTER, ...toggled(NO_FILTER, { facet: 'clock', value: 'red' }) };
  expect(toggled(red, { facet: 'clock', value: 'amber' })).toEqual({ clock: 'amber' });
});
