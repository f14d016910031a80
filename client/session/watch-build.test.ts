import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchBuild } from './watch-build.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE_MS = 60_000;
const pageOf = (name: string) =>
  new Response(`<!doctype html><script type="module" crossorigin src="/assets/${name}"></script>`);

test('tells which build is served: at once, then once a minute, until it ends', async () => {
  const asked: string[] = [];
  const told: string[] = [];
  let served = 'index-a.js';
  const watch = watchBuild({
    fetch: async (input) => {
      asked.push(String(input));
      return pageOf(served);
    },
    tell: (build) => told.push(build),
  });
  await vi.waitFor(() => expect(told).toEqual(['index-a.js']));
  served = 'index-b.js';
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitFor(() => expect(told).toEqual(['index-a.js', 'index-b.js']));
  watch[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(told).toHaveLength(2);
  expect(asked).toEqual(['/', '/']);
});

test('what is no page of ours tells nothing, and is looked at again', async () => {
  const answers = [
    () => Promise.reject(new TypeError('Failed to fetch')),
    async () => new Response('', { status: 503 }),
    async () => new Response('<p>A proxy’s own page</p>'),
    async () => pageOf('index-a.js'),
  ];
  const told: string[] = [];
  using _watch = watchBuild({
    fetch: async () => (await answers.shift()?.()) ?? new Response(null, { status: 404 }),
    tell: (build) => told.push(build),
  });
  while (answers.length > 0) await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitFor(() => expect(told).toEqual(['index-a.js']));
});
