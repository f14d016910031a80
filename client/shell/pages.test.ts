import { expect, test } from 'vitest';
import { WallGrid } from '#contract/layouts.ts';
import {
  DISPLAY_SHOTS,
  LANGUAGES,
  MAP_SHOT,
  pictureName,
  SHOTS,
  type Shot,
  SIZES,
  SPAN_SHOT,
} from '../e2e/screen-shots.ts';
import { PAGES, SECTIONS } from './pages.tsx';

/** Everything that has an address of its own, as the client's own table has it. */
const PATHS = new Set([
  ...SECTIONS.map(({ path }) => path),
  ...PAGES.flatMap(({ path, paths }) => paths ?? [path]),
]);
const PICTURES: readonly Pick<Shot, 'name' | 'sizes'>[] = [
  { name: 'sign-in' },
  ...DISPLAY_SHOTS,
  MAP_SHOT,
  SPAN_SHOT,
  ...SHOTS,
];

/** A page below which others stand says which. */
test('no page keeps to itself what it shows at other addresses', () => {
  expect([...PATHS].filter((path) => path.includes('*'))).toEqual([]);
});

test('every page has its picture taken, so that somebody looks at it', () => {
  const shown = new Set(
    SHOTS.flatMap(({ path, page = path.split('?')[0] ?? '' }) => (page === null ? [] : [page])),
  );
  expect([...shown].toSorted()).toEqual([...PATHS].toSorted());
});

test('every way to divide the wall has its picture taken', () => {
  const named = WallGrid.options[0].values;
  const kinds = [...named].filter((kind) => kind !== 'auto' && Number.isNaN(Number(kind)));
  const shown = SHOTS.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('grid'));
  expect(kinds).toContain('strip');
  expect(kinds.filter((kind) => !shown.includes(kind))).toEqual([]);
});

test('of two pictures each has a name of its own', () => {
  expect(new Set(PICTURES.map(({ name }) => name)).size).toBe(PICTURES.length);
});

test('all pictures are there, in each language and at each size that they are taken at, and no other ones', () => {
  const files = Object.keys(import.meta.glob('../../docs/screens/*', { query: '?url' }));
  const wanted = PICTURES.flatMap(({ name, sizes = SIZES }) =>
    LANGUAGES.flatMap((language) => sizes.map(({ width }) => pictureName(name, language, width))),
  );
  expect(files.map((path) => path.split('/').at(-1)).toSorted()).toEqual(wanted.toSorted());
});
