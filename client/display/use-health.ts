import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { type DisplayHealthBody, HEALTH_EVERY_MS } from '#contract/displays.ts';
import { useDesk } from '../desk/desk-context.ts';
import { buildOf } from '../session/page-build.ts';
import type { Cell } from './cells.ts';

interface Shown {
  rows: number;
  columns: number;
  cells: readonly Cell[];
  step: number;
  showVersion: number;
}

/** After what is shown has changed, tiles get so long to come before it is told; and from one change of theirs to the next. */
const SETTLE_MS = 2_000;

const Reply = z.object({ showVersion: z.int() });

/**
 * Tells the server how this display does: every ten seconds, soon after other areas come, and soon after a tile is in another
 * state, so that who looks from afar sees what is here. `onBehind`: it should show something else by now, of which no news
 * came.
 */
export function useHealth(shown: Shown, onBehind: () => void): void {
  const { api, sync, ticker, monotonicMs } = useDesk();
  const latest = useRef(shown);
  latest.current = shown;
  const report = useRef(async (_step: number, _showVersion: number) => {});
  useEffect(() => {
    const decoded = createFrameCount(monotonicMs);
    let told: { states: string; atMs: number } | undefined;
    report.current = async (step, showVersion) => {
      const { rows, columns, cells } = latest.current;
      const states = readStates(document);
      told = { states: String([...states]), atMs: monotonicMs() };
      const body: DisplayHealthBody = {
        visible: document.visibilityState === 'visible',
        decodedFps: decoded(document),
        tiles: cells.slice(0, 96).map(({ areaId, held }) => ({
          areaId,
          held,
          state: areaId === null ? 'empty' : (states.get(areaId) ?? 'unknown'),
        })),
        rows,
        columns,
        step,
        showVersion,
        dataAgeMs: sync.dataAgeMs() ?? null,
        build: buildOf(document) ?? '',
        screen: { width: window.innerWidth, height: window.innerHeight },
      };
      const answer = await api.call('/api/v1/display/health', { body, reply: Reply });
      if (answer.ok && answer.value.showVersion !== showVersion) onBehind();
    };
    const tell = () => {
      const { step, showVersion } = latest.current;
      void report.current(step, showVersion);
    };
    const timer = setInterval(tell, HEALTH_EVERY_MS);
    const stopLooking = ticker.add((nowMs, isSecond) => {
      if (!isSecond || !told || nowMs - told.atMs < SETTLE_MS) return;
      if (String([...readStates(document)]) !== told.states) tell();
    });
    return () => {
      clearInterval(timer);
      stopLooking();
    };
  }, [api, sync, ticker, monotonicMs, onBehind]);
  const { step, showVersion } = shown;
  useEffect(() => {
    const timer = setTimeout(() => void report.current(step, showVersion), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [step, showVersion]);
}

function readStates(page: Document): ReadonlyMap<string, string> {
  const tiles = page.querySelectorAll<HTMLElement>('[data-area-id][data-state]');
  return new Map(Array.from(tiles, ({ dataset }) => [dataset.areaId ?? '', dataset.state ?? '']));
}

/** Frames that all videos of the page together decoded in a second, since it was last asked. */
function createFrameCount(monotonicMs: () => number): (page: Document) => number {
  let before = new WeakMap<HTMLVideoElement, number>();
  let atMs = monotonicMs();
  return (page) => {
    const now = new WeakMap<HTMLVideoElement, number>();
    let frames = 0;
    for (const video of page.querySelectorAll('video')) {
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      frames += Math.max(0, totalVideoFrames - (before.get(video) ?? totalVideoFrames));
      now.set(video, totalVideoFrames);
    }
    const seconds = (monotonicMs() - atMs) / 1000;
    before = now;
    atMs = monotonicMs();
    return seconds > 0 ? Math.round((10 * frames) / seconds) / 10 : 0;
  };
}
