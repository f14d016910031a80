import { expect, test } from 'vitest';
import { RULES } from '../../config/rules/rules.ts';
import { uk } from './uk.ts';

/** Every text with where it stands. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(Object(value)).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

const TEXTS = [
  ...textsOf(uk, 'uk'),
  ...[...RULES.values()].map((rule): [string, string] => [`rule ${rule.id}`, rule.text.uk]),
];

test.each([
  ['заклад', /(?<!вст)установ(?![лк])/i, /^$/],
  // A room has its own name where that is what it is called.
  ['зона', /кімнат|приміщен/i, /^uk\.(?:\w+\.)?(?:areaKind|areaKinds|kinds?)\./],
  // A round of checks is an "обхід"; one look at a cell is not, and an examination is a physician's.
  [
    'перевірка',
    /(?<!д)огляд/i,
    /^uk\.(?:\w+\.)?events\.|^uk\.flags\.|^uk\.(?:gate\.visits|closures\.closed)\.medical$/,
  ],
  ['перевірка', /обхід\w* (?:прострочено|записано|не відмічено)/i, /^$/],
  ['тримання без відео', /під наглядом без відео/i, /^$/],
  // "Тримання під вартою" is what a court orders; the police hold people who are detained.
  ['затримані особи', /під вартою/i, /^$/],
  ['сльозогінний засіб', /спрей/i, /^$/],
  ['контрольне сповіщення', /перевірне сповіщ/i, /^$/],
])('one word for one thing: %s', (_word, other, exempt) => {
  expect(TEXTS.length).toBeGreaterThan(500);
  expect(TEXTS.filter(([path, text]) => other.test(text) && !exempt.test(path))).toEqual([]);
});
