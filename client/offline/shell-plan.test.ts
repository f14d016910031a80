import { expect, test } from 'vitest';
import { cacheName, outdatedCaches, planFor } from './shell-plan.ts';

const ORIGIN = 'https://varta.example';
const ask = (path: string, over: Partial<{ method: string; mode: string }> = {}) =>
  planFor({ method: 'GET', mode: 'cors', url: new URL(path, ORIGIN).href, ...over }, ORIGIN, '/inspect');

test.each([
  ['the page itself', '/inspect', { mode: 'navigate' }, 'shell'],
  ['a screen of it', '/inspect/room/ua-68-itt-1-cell-1?lang=en', { mode: 'navigate' }, 'shell'],
  ['another page', '/cases', { mode: 'navigate' }, 'pass'],
  ['a page whose name begins alike', '/inspection', { mode: 'navigate' }, 'pass'],
  ['a file of the program', '/assets/start-abc123.js', {}, 'part'],
  ['an answer of the API', '/api/v1/cases?facility=ua-68-itt-1', {}, 'pass'],
  ['a still', '/api/v1/feeds/x/poster.jpg', { mode: 'no-cors' }, 'pass'],
  ['what is sent', '/assets/start-abc123.js', { method: 'POST' }, 'pass'],
  ['another site', 'https://elsewhere.example/assets/a.js', {}, 'pass'],
])('%s', (_, path, over, plan) => {
  expect(ask(path, over)).toBe(plan);
});

test('the build before stays for pages that are still open; older ones go, others are left alone', () => {
  const names = ['someone-else', cacheName('one'), cacheName('two'), cacheName('three')];
  expect(outdatedCaches(names, 'three')).toEqual([cacheName('one')]);
  expect(outdatedCaches([cacheName('three')], 'three')).toEqual([]);
});
