import { expect, test } from 'vitest';
import { PutPersonalBody } from '#contract/personal.ts';
import { personalDataOf } from './personal-data.ts';

const AT = '2026-11-22T06:00:00.000Z';

test('invented people keep to the wire, are the same each time, and say that they are invented', () => {
  const all = Array.from({ length: 500 }, (_, index) => personalDataOf(`cr-test-${index}`, AT));
  for (const [index, one] of all.entries()) {
    expect(PutPersonalBody.parse(one)).toEqual(one);
    expect(personalDataOf(`cr-test-${index}`, AT)).toEqual(one);
    const { familyName, charges, healthNotes } = one.data;
    expect(familyName).toMatch(/^(?:Зразок|Приклад|Вигаданий|Умовний|Навчальний)$/);
    for (const charge of charges) expect(charge).toContain('вигадано');
    for (const note of healthNotes) expect(note).toContain('Вигадана');
  }
  expect(new Set(all.map(({ data }) => JSON.stringify(data))).size).toBeGreaterThan(450);
});
