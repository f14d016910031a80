import { expect, test } from 'vitest';
import { FlagCategory, FlagTransitionBody } from '#contract/flags.ts';
import { READY_REASONS, reasonsFor } from './ready-words.ts';

test.each(['uk', 'en'] as const)(
  'every reason is one that the server takes, and said once (%s)',
  (language) => {
    for (const { to, text } of READY_REASONS)
      expect(FlagTransitionBody.parse({ to, reason: text[language] }).reason).toBe(text[language]);
    const texts = READY_REASONS.map(({ text }) => text[language]);
    expect(new Set(texts).size).toBe(texts.length);
  },
);

test.each(FlagCategory.options)(
  'of %s every reason is offered once, its own first, each with a key',
  (category) => {
    for (const to of ['resolved', 'dismissed'] as const) {
      const offered = reasonsFor(to, [category]);
      const all = READY_REASONS.filter((one) => one.to === to);
      expect(offered.toSorted(byId)).toEqual(all.toSorted(byId));
      expect(offered.length).toBeLessThanOrEqual(9);
      const own = all.filter(({ categories }) => categories?.includes(category));
      expect(offered.slice(0, own.length)).toEqual(own);
    }
  },
);

test('a mixed burst is offered first what suits every flag of it', () => {
  expect(reasonsFor('resolved', ['no-video', 'camera-fault'])[0]?.id).toBe('camera');
  expect(reasonsFor('resolved', ['no-video', 'medical'])[0]?.id).toBe('seen');
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id.localeCompare(b.id);
}
