import { expect, test } from 'vitest';
import { SHOTS } from '../e2e/screen-shots.ts';
import { PAGES, SECTIONS } from './pages.tsx';

test('every page has its picture taken, so that somebody looks at it', () => {
  const shown = SHOTS.map(({ path }) => path.split('?')[0] ?? '');
  // A case is opened from its list.
  const opened = SHOTS.some(({ name }) => name === 'case') ? ['/cases/:facilityId/:caseId'] : [];
  const missing = [...PAGES.map(({ path }) => path), ...SECTIONS.map(({ path }) => path)].filter(
    (path) => ![...shown, ...opened].includes(path.replace('/*?', '')),
  );
  expect(missing).toEqual([]);
});

test('of two pictures each has a name of its own', () => {
  const names = SHOTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
