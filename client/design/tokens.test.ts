import './base.css';
import { describe, expect, test } from 'vitest';
import { contrast, distance, seenWith, type Theme, tokenLight, type Vision } from '../test/colours.ts';

/** WCAG 2.2 AA: 1.4.3 for words, 1.4.11 for signs. */
const WORDS = 4.5;
const SIGNS = 3;

const THEMES = ['dark', 'light'] as const satisfies readonly Theme[];
const SURFACES = ['--ground', '--surface-1', '--surface-2', '--surface-3'] as const;
const LEVELS = ['--level-1', '--level-2', '--level-3', '--level-4'] as const;

/** What is written, and on what. */
const WRITTEN = [
  { words: ['--text', '--text-2', '--text-3'], on: [...SURFACES, '--no-data-ground'] },
  { words: ['--level-1-text', '--level-2', '--level-3', '--level-4'], on: SURFACES },
  { words: ['--confidential'], on: ['--confidential-ground', '--confidential-stripe', '--surface-1'] },
  { words: ['--on-action'], on: ['--action'] },
] as const;

describe.each(THEMES)('in the %s', (theme) => {
  const light = (name: `--${string}`) => tokenLight(theme, name);

  test('words can be read on everything that they stand on', () => {
    const poor = WRITTEN.flatMap(({ words, on }) =>
      words.flatMap((word) =>
        on.map((ground) => ({ word, ground, ratio: contrast(light(word), light(ground)) })),
      ),
    ).filter(({ ratio }) => ratio < WORDS);
    expect(poor).toEqual([]);
  });

  test('signs and the focus can be made out on everything', () => {
    const poor = [...LEVELS, '--focus' as const]
      .flatMap((sign) =>
        SURFACES.map((ground) => ({ sign, ground, ratio: contrast(light(sign), light(ground)) })),
      )
      .filter(({ ratio }) => ratio < SIGNS);
    expect(poor).toEqual([]);
  });

  test.each<Vision>(['protanopia', 'deuteranopia', 'tritanopia'])('levels stay apart with %s', (vision) => {
    const seen = LEVELS.map((level) => seenWith(vision, light(level)));
    const apart = seen.flatMap((one, at) => seen.slice(at + 1).map((other) => distance(one, other)));
    // Twice what one can just tell; shapes and words tell them apart besides.
    expect(Math.min(...apart)).toBeGreaterThan(0.04);
  });
});

test('what is written on a picture can be read on the brightest one', () => {
  for (const words of ['--text-on-picture', '--text-2-on-picture'] as const)
    expect(contrast(tokenLight('dark', words), tokenLight('dark', '--scrim', [1, 1, 1]))).toBeGreaterThan(
      WORDS,
    );
});

test('no style asks for a token that nobody gives', () => {
  const styles = import.meta.glob<string>('../**/*.css', { query: '?raw', import: 'default', eager: true });
  const scripts = import.meta.glob<string>('../**/*.{ts,tsx}', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const sheets = Object.values(styles).join('\n');
  const given = new Set(
    [...`${sheets}\n${Object.values(scripts).join('\n')}`.matchAll(/(--[a-z][\w-]*)['"]?\s*[:,\]]/g)].map(
      ([, name]) => name,
    ),
  );
  // Base UI tells its pop-ups how much room there is.
  given.add('--available-height');
  const asked = [...sheets.matchAll(/var\((--[a-z][\w-]*)\)/g)].map(([, name]) => name);
  expect(asked.length).toBeGreaterThan(500);
  expect([...new Set(asked)].filter((name) => !given.has(name))).toEqual([]);
});
