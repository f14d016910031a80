import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import { createPosters, MAX_ASKING, MAX_STILLS } from './posters.ts';

const AT = '2026-11-22T12:00:00.000Z';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createWorld() {
  const asked: string[] = [];
  const urls = new Set<string>();
  let made = 0;
  const held: (() => void)[] = [];
  const world = {
    answer: (): Response => new Response('jpeg', { headers: { [POSTER_TAKEN_AT_HEADER]: AT } }),
    holds: false,
  };
  const posters = createPosters({
    fetch: async (input, init) => {
      asked.push(String(input));
      if (world.holds)
        await new Promise<void>((resolve, reject) => {
          held.push(resolve);
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        });
      return world.answer();
    },
    createUrl() {
      const url = `blob:${++made}`;
      urls.add(url);
      return url;
    },
    revokeUrl: (url) => void urls.delete(url),
    monotonicMs: () => Date.now(),
  });
  const ask = (feedId: string, { priority = 5, signal = new AbortController().signal } = {}) =>
    posters.ask(feedId, { priority, signal });
  const release = () => {
    for (const resolve of held.splice(0)) resolve();
  };
  return { posters, asked, urls, world, ask, release };
}

test('a still comes with the time at which it was taken, and is asked for once in a while only', async () => {
  const { posters, asked, ask } = createWorld();
  expect(posters.known('a')).toBeUndefined();
  expect(await ask('a')).toEqual({ url: 'blob:1', atMs: Date.parse(AT) });
  expect(posters.known('a')).toEqual({ url: 'blob:1', atMs: Date.parse(AT) });
  await ask('a');
  expect(asked).toEqual(['/api/v1/feeds/a/poster.jpg']);
  vi.advanceTimersByTime(11_000);
  await ask('a');
  expect(asked).toHaveLength(2);
});

test.each([
  ['without its time', () => new Response('jpeg')],
  ['with a time that is none', () => new Response('jpeg', { headers: { [POSTER_TAKEN_AT_HEADER]: 'now' } })],
  ['that is empty', () => new Response('', { headers: { [POSTER_TAKEN_AT_HEADER]: AT } })],
  ['that is not there', () => new Response('', { status: 404 })],
])('a still %s is none', async (_, answer) => {
  const { world, ask, urls } = createWorld();
  world.answer = answer;
  expect(await ask('a')).toBeUndefined();
  expect(urls.size).toBe(0);
});

test('a still of an area that was closed is forgotten', async () => {
  const { world, ask, urls, posters } = createWorld();
  await ask('a');
  vi.advanceTimersByTime(11_000);
  world.answer = () => new Response('', { status: 403 });
  expect(await ask('a')).toBeUndefined();
  await ask('b');
  posters.forget('b');
  expect(urls.size).toBe(0);
});

test('few are asked for at once, the most important first; who has gone is not asked for', async () => {
  const { world, ask, asked, release } = createWorld();
  world.holds = true;
  const gone = new AbortController();
  const answers = [1, 2, 3, 4].map((index) => ask(`first-${index}`));
  const calm = ask('calm');
  const left = ask('left', { signal: gone.signal });
  const alarm = ask('alarm', { priority: 1 });
  expect(asked).toHaveLength(MAX_ASKING);
  gone.abort();
  expect(await left).toBeUndefined();
  world.holds = false;
  release();
  await Promise.all([...answers, calm, alarm]);
  expect(asked.slice(MAX_ASKING)).toEqual([
    '/api/v1/feeds/alarm/poster.jpg',
    '/api/v1/feeds/calm/poster.jpg',
  ]);
});

test('one answer is for everybody who waits for it; one who goes takes nothing from the others', async () => {
  const { world, ask, asked, release } = createWorld();
  world.holds = true;
  const gone = new AbortController();
  const first = ask('a', { signal: gone.signal });
  const [second, third] = [ask('a'), ask('a')];
  expect(asked).toHaveLength(1);
  gone.abort();
  await first;
  await expect.poll(() => asked.length).toBe(2);
  release();
  expect(await second).toEqual({ url: 'blob:1', atMs: Date.parse(AT) });
  expect(await third).toEqual(await second);
  expect(asked).toHaveLength(2);
});

test('no more are kept than there is room for, and none after the end', async () => {
  const { posters, ask, urls } = createWorld();
  for (let index = 0; index < MAX_STILLS + 20; index++) await ask(`f-${index}`);
  expect(urls.size).toBe(MAX_STILLS);
  expect(posters.known('f-0')).toBeUndefined();
  posters[Symbol.dispose]();
  expect(urls.size).toBe(0);
  expect(await ask('late')).toBeUndefined();
});
