import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SEALED_WORDS } from '#contract/custody-events.ts';
import { createCipher } from '../personal/cipher.ts';
import { lookAtEvent } from '../rules/look/event.ts';
import { caseEvent, stored } from '../test/fixtures/custody.ts';
import { createWordKeeper } from './words.ts';

const words = createWordKeeper(createCipher([{ id: 'one', bytes: randomBytes(32) }]));
const force = (said: object) =>
  stored(caseEvent('FORCE_USED', { id: 1, at: 0, forceKind: 'physical', ...said }));
const ruleOf = (one: ReturnType<typeof force>) => lookAtEvent(one, { areaOf: () => undefined })?.rule;

test.each([{ note: '' }, { reason: '   ' }, { note: ' \n', reason: '' }])(
  'force that is explained by blank words (%j) is unexplained, sealed or not',
  (said) => {
    const sealed = words.seal(force(said));
    expect(ruleOf(force(said))).toBe('force-unexplained');
    expect(ruleOf(sealed)).toBe('force-unexplained');
    expect(sealed).toEqual(force(said));
  },
);

test('words are sealed, and what is blank beside them stays so', () => {
  const one = force({ note: ' ', reason: 'resisted' });
  const sealed = words.seal(one);
  expect(sealed.event).toMatchObject({ note: ' ', reason: SEALED_WORDS });
  expect(JSON.stringify(sealed)).not.toContain('resisted');
  expect(ruleOf(sealed)).toBe('force-used');
  expect(words.open(sealed)).toEqual(one);
});
