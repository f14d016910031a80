import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSelfReload, type ReloadReason } from './self-reload.ts';

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A tab of a display: what is kept in it outlives its pages. */
function createTab({ keeps = true } = {}) {
  const kept = new Map<string, string>();
  const state = { reloads: 0, isServerThere: true, onReload: () => {} };
  const openPage = () =>
    createSelfReload({
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem(key, value) {
          if (!keeps) throw new Error('nothing can be kept');
          kept.set(key, value);
        },
      },
      isServerThere: async () => state.isServerThere,
      reload: () => {
        state.reloads += 1;
        state.onReload();
      },
      wallMs: () => Date.now(),
      random: () => 0.5,
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (handle) => window.clearTimeout(handle),
    });
  const passMinutes = (minutes: number) => vi.advanceTimersByTimeAsync(minutes * MINUTE_MS);
  return { openPage, state, passMinutes };
}

test('once for each build of the server, however often the page is the same as before', async () => {
  const { openPage, state, passMinutes } = createTab();
  openPage().consider({ otherBuild: 'second', unreadable: false });
  await passMinutes(0.9);
  expect(state.reloads).toBe(0);
  await passMinutes(2);
  expect(state.reloads).toBe(1);
  openPage().consider({ otherBuild: 'second', unreadable: false });
  await passMinutes(100);
  expect(state.reloads).toBe(1);
  openPage().consider({ otherBuild: 'third', unreadable: false });
  await passMinutes(2);
  openPage().consider({ otherBuild: 'second', unreadable: false });
  await passMinutes(100);
  expect(state.reloads).toBe(2);
});

test('a replica of the version before that goes meanwhile is no reason', async () => {
  const { openPage, state, passMinutes } = createTab();
  const page = openPage();
  page.consider({ otherBuild: 'first', unreadable: false });
  await passMinutes(0.5);
  page.consider({ otherBuild: undefined, unreadable: false });
  await passMinutes(100);
  expect(state.reloads).toBe(0);
});

test.each<[string, ReloadReason]>([
  ['what cannot be read', { unreadable: true }],
  ['a page that has failed', { failed: true }],
])(
  '%s leads to a page anew within seconds, and then not more often than every ten minutes',
  async (_, why) => {
    const { openPage, state, passMinutes } = createTab();
    // Whatever is tried, the page comes as it was.
    const open = () => openPage().consider(why);
    state.onReload = open;
    open();
    await passMinutes(0.2);
    expect(state.reloads).toBe(1);
    await passMinutes(60);
    expect(state.reloads).toBe(6);
  },
);

test('a page that fails after it was well is loaded anew, too', async () => {
  const { openPage, state, passMinutes } = createTab();
  const page = openPage();
  page.consider({ unreadable: false, failed: false });
  page.consider({ unreadable: false, failed: true });
  await passMinutes(0.2);
  expect(state.reloads).toBe(1);
});

test('not while the server is away, and as soon as it is there', async () => {
  const { openPage, state, passMinutes } = createTab();
  state.isServerThere = false;
  openPage().consider({ unreadable: true });
  await passMinutes(5);
  expect(state.reloads).toBe(0);
  state.isServerThere = true;
  await passMinutes(1);
  expect(state.reloads).toBe(1);
});

test('never where nothing can be kept: it might be without an end', async () => {
  const { openPage, state, passMinutes } = createTab({ keeps: false });
  openPage().consider({ otherBuild: 'second', unreadable: true });
  await passMinutes(100);
  expect(state.reloads).toBe(0);
});
