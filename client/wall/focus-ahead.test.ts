import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClaimRequest } from '../media/claims.ts';
import { createLiveStore } from '../store/live-store.ts';
import { indexRegistry } from '../store/registry.ts';
import { sampleArea, sampleWireRegistry } from '../test/samples.ts';
import { createFocusAhead } from './focus-ahead.ts';
import { createWallView } from './wall-view.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createPage(area = sampleArea()) {
  const live = createLiveStore();
  live.setState({ registry: indexRegistry(sampleWireRegistry({ areas: [area] })) });
  const view = createWallView(window);
  const claimed: ClaimRequest[] = [];
  const asked: AbortSignal[] = [];
  let released = 0;
  const release = () => {
    released += 1;
  };
  const ahead = createFocusAhead({
    view,
    live,
    engine: {
      claim(request) {
        claimed.push(request);
        return { update: () => {}, nudge: () => {}, paints: () => {}, release };
      },
    },
    posters: {
      async ask(_, { signal }) {
        asked.push(signal);
        return undefined;
      },
    },
  });
  const dispose = () => {
    ahead[Symbol.dispose]();
    view.focus(null);
    view[Symbol.dispose]();
  };
  return { area, view, claimed, asked, released: () => released, dispose };
}

test('what somebody asks to see is asked for at once, and let go when its tile is there', () => {
  const { area, view, claimed, asked, released, dispose } = createPage();
  view.focus(area.id);
  expect(claimed).toMatchObject([{ feedId: area.feeds[0]?.id, show: false, coming: true }]);
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  expect(released()).toBe(1);
  dispose();
});

test('who goes back at once leaves nothing asked for', () => {
  const { area, view, asked, released, dispose } = createPage();
  view.focus(area.id);
  view.focus(null);
  expect(released()).toBe(1);
  expect(asked[0]?.aborted).toBe(true);
  dispose();
});

test('an area that may not be seen is not asked for', () => {
  const { area, view, claimed, asked, dispose } = createPage(
    sampleArea({ privacy: 'forbidden-when-occupied' }),
  );
  view.focus(area.id);
  expect(claimed).toEqual([]);
  expect(asked).toEqual([]);
  dispose();
});
