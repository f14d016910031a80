import type { Page } from 'playwright-core';
import { installTileReader } from '../e2e/fixtures/tiles.ts';

/** When a tile showed what, in milliseconds after what a person did; undefined where it never came. */
export interface TileFirsts {
  areaId: string;
  /** The first picture of any kind: a still, or one that moves. */
  seenMs: number | undefined;
  /** The first frame that was not there before and shows this very area, as its pixels say. */
  movingMs: number | undefined;
  /** Frames before it that showed another area, or none. */
  foreign: number;
}

interface Waiting {
  patienceMs: number;
  /** Area → its position in the nation file, which the sample's pictures say. */
  indexOf: Record<string, number>;
}

/** What the page's part of the measurement offers. */
interface Watch {
  /** From the next press of a key that turns the page: all tiles of the new page. */
  turn(waiting: Waiting): Promise<TileFirsts[]>;
  /** From the next click, or from now on: the area, enlarged. */
  enlarged(areaId: string, waiting: Waiting & { fromClick: boolean }): Promise<TileFirsts>;
}

/** Puts the page's part of the measurement there. */
export async function installPictureWatch(page: Page): Promise<void> {
  await installTileReader(page);
  await page.evaluate(install);
}

/** Presses a key that turns the page. */
export async function watchTurn(page: Page, key: 'PageDown' | 'PageUp', waiting: Waiting) {
  // First the one and then the other: a key press overtakes a script that is sent before it.
  const turn = await page.evaluateHandle((it) => {
    const watched = (window as unknown as { vartaWatch: Watch }).vartaWatch.turn(it);
    // In an object, so that it is not waited for yet.
    return { watched };
  }, waiting);
  await page.keyboard.press(key);
  const firsts = await turn.evaluate(({ watched }) => watched);
  await turn.dispose();
  if (firsts.length === 0) throw new Error('the page did not turn');
  return firsts;
}

/** Clicks a tile, as a person does. */
export async function watchClick(page: Page, areaId: string, waiting: Waiting): Promise<TileFirsts> {
  const watched = page.evaluate(
    ([id, it]) => (window as unknown as { vartaWatch: Watch }).vartaWatch.enlarged(id, it),
    [areaId, { ...waiting, fromClick: true }] as const,
  );
  // Forced: what lies above the tile's button is part of the tile, and a test for it would take time that a hand takes not.
  const tile = page.locator(`[data-area-id="${areaId}"] > button`).first();
  const [firsts] = await Promise.all([watched, tile.click({ force: true, timeout: waiting.patienceMs })]);
  return firsts;
}

/** Opens an area that is not on the wall, as a link to it does. */
export function watchLink(page: Page, areaId: string, waiting: Waiting): Promise<TileFirsts> {
  return page.evaluate(
    ([id, it]) => {
      const watched = (window as unknown as { vartaWatch: Watch }).vartaWatch.enlarged(id, it);
      const url = new URL(location.href);
      url.searchParams.set('area', id);
      history.pushState(history.state, '', url);
      window.dispatchEvent(new PopStateEvent('popstate'));
      return watched;
    },
    [areaId, { ...waiting, fromClick: false }] as const,
  );
}

/** Runs in the page. */
function install(): void {
  const { vartaReadCode } = window as unknown as {
    vartaReadCode(image: object): { areaIndex: number } | undefined;
  };
  /** The code stands in the bottom rows: the rest need not be read. */
  const ROWS = 1 / 8;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });

  function seenIndex(video: HTMLVideoElement): number | undefined {
    const { videoWidth: width, videoHeight } = video;
    const height = Math.round(videoHeight * ROWS);
    if (!context || width === 0) return undefined;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, videoHeight - height, width, height, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return vartaReadCode({ data, width, height, channels: 4 })?.areaIndex;
  }

  /** Follows one tile until it moves. `begunAt`: when the person acted, which may become known later. */
  async function follow(tile: HTMLElement, begunAt: () => number, waiting: Waiting): Promise<TileFirsts> {
    const areaId = tile.dataset.areaId ?? '';
    const result: TileFirsts = { areaId, seenMs: undefined, movingMs: undefined, foreign: 0 };
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waiting.patienceMs);
    const video = tile.querySelector('video');
    const onFrame = (_: number, { expectedDisplayTime }: VideoFrameCallbackMetadata) => {
      if (video && seenIndex(video) === waiting.indexOf[areaId]) {
        result.movingMs = expectedDisplayTime - begunAt();
        resolve();
      } else {
        result.foreign += 1;
        video?.requestVideoFrameCallback(onFrame);
      }
    };
    video?.requestVideoFrameCallback(onFrame);
    const lookForStill = () => {
      if (result.movingMs !== undefined || result.seenMs !== undefined || !tile.isConnected) return;
      const still = tile.querySelector('img');
      // Decoded and in the document now; the frame that is being made now paints it.
      if (still?.complete && still.naturalWidth > 0) {
        requestAnimationFrame((at) => {
          result.seenMs = at - begunAt();
        });
      } else requestAnimationFrame(lookForStill);
    };
    lookForStill();
    await promise;
    clearTimeout(timer);
    const { seenMs = result.movingMs, movingMs } = result;
    return { ...result, seenMs: movingMs === undefined ? seenMs : Math.min(seenMs ?? movingMs, movingMs) };
  }

  const tilesNow = () => [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')];
  const idOf = ({ dataset }: HTMLElement) => dataset.areaId ?? '';

  /** Calls back as soon as a tile comes that is asked for, before it can have painted anything. */
  function onTiles(
    isAsked: (tile: HTMLElement) => boolean,
    callback: (tile: HTMLElement) => void,
  ): () => void {
    const known = new Set<HTMLElement>();
    const look = () => {
      for (const tile of tilesNow()) {
        if (known.has(tile) || !isAsked(tile)) continue;
        known.add(tile);
        callback(tile);
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    look();
    return () => observer.disconnect();
  }

  const watch: Watch = {
    async turn(waiting) {
      const before = new Set(tilesNow().map(idOf));
      let begunAt = Number.NaN;
      addEventListener(
        'keydown',
        ({ timeStamp }) => {
          begunAt = timeStamp;
        },
        {
          capture: true,
          once: true,
        },
      );
      const followed = new Map<HTMLElement, Promise<TileFirsts>>();
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = onTiles(
        (tile) => !before.has(idOf(tile)),
        (tile) => {
          followed.set(
            tile,
            follow(tile, () => begunAt, waiting),
          );
          resolve();
        },
      );
      await Promise.race([promise, new Promise((done) => setTimeout(done, waiting.patienceMs))]);
      // All tiles of a page come in one commit.
      await new Promise((done) => setTimeout(done));
      stop();
      const results = await Promise.all(
        // Who was moved to another page meanwhile has not been waited for; a closed area shows nothing by right.
        [...followed].map(async ([tile, firsts]) => {
          const result = await firsts;
          const isOut = result.movingMs === undefined && !tile.isConnected;
          return isOut || tile.dataset.state === 'confidential' ? [] : [result];
        }),
      );
      return results.flat();
    },
    async enlarged(areaId, { fromClick, ...waiting }) {
      let begunAt = fromClick ? Number.NaN : performance.now();
      if (fromClick)
        addEventListener(
          'click',
          ({ timeStamp }) => {
            begunAt = timeStamp;
          },
          {
            capture: true,
            once: true,
          },
        );
      const { promise, resolve } = Promise.withResolvers<HTMLElement>();
      const small = new Set(tilesNow());
      const stop = onTiles(
        (tile) => idOf(tile) === areaId && !small.has(tile),
        (tile) => resolve(tile),
      );
      const tooLate = new Promise<undefined>((done) => setTimeout(() => done(undefined), waiting.patienceMs));
      const tile = await Promise.race([promise, tooLate]);
      stop();
      return tile
        ? follow(tile, () => begunAt, waiting)
        : { areaId, seenMs: undefined, movingMs: undefined, foreign: 0 };
    },
  };
  Object.assign(window, { vartaWatch: watch });
}
