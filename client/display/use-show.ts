import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { createMatcher } from '#contract/area-filter.ts';
import { type DisplaySelf, type Show, standingShow, stepAt, WHOLE } from '#contract/displays.ts';
import type { AreaId } from '#contract/ids.ts';
import type { SceneContent } from '#contract/scenes.ts';
import { useDesk, useLive } from '../desk/desk-context.ts';
import { isUrgent } from '../flags/loud.ts';
import { rowOf } from '../store/facts.ts';
import type { LiveState } from '../store/live-store.ts';
import { liveOf } from '../store/region-sync.ts';
import { type Cell, cellsOf, holdCells, placesSeen } from './cells.ts';
import { placesBeside, withRoom } from './map-part.ts';

/** The show that is on: one that begins or ends later is waited for, so that all screens change together. */
export function useCurrentShow(show: Show | null): Show | null {
  const { serverClock } = useDesk();
  const [current, setCurrent] = useState(() => standingShow(show, serverClock.nowMs()));
  useEffect(() => {
    const next = show?.endsAt === undefined ? show : null;
    const waitMs = show ? Date.parse(show.endsAt ?? show.anchorAt) - serverClock.nowMs() : 0;
    if (waitMs <= 0) return setCurrent(next);
    const timer = setTimeout(() => setCurrent(next), waitMs);
    return () => clearTimeout(timer);
  }, [show, serverClock]);
  return current;
}

/** Which scene of a show is on now, by the server's clock. */
export function useStep(show: Show): number {
  const { serverClock } = useDesk();
  const [index, setIndex] = useState(() => stepAt(show, serverClock.nowMs()).index);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const { index: now, nextAtMs } = stepAt(show, serverClock.nowMs());
      setIndex(now);
      if (nextAtMs !== null) timer = setTimeout(look, Math.max(10, nextAtMs - serverClock.nowMs()));
    };
    look();
    return () => clearTimeout(timer);
  }, [show, serverClock]);
  return Math.min(index, show.scenes.length - 1);
}

/**
 * What each place of the screen shows, with what an alarm holds there; and how many more areas the filter matches. With
 * `spot`, areas come to it that need somebody at once, among those that the display may see. Displays of a wall come to the
 * same, each for the whole picture.
 */
export function useCells(
  show: Show,
  index: number,
  { spot, parts }: Pick<DisplaySelf, 'spot' | 'parts'>,
): { scene: SceneContent; cells: readonly Cell[]; more: number } {
  const { view, selection, live, serverClock } = useDesk();
  const scene = useMemo(() => withRoom(show.scenes[index] ?? EMPTY), [show, index]);
  const { fill, rows, columns } = scene;
  // Before anything is painted: nobody sees the scene with what the one before asked for.
  useLayoutEffect(() => {
    // The store itself: the URL of a display says nothing but which display it is.
    if (fill.kind !== 'areas')
      view.store.setState({ filter: fill.filter, page: 0, capacity: rows * columns });
  }, [view, fill, rows, columns]);
  const placed = useStore(selection.store, (state) => state.placed);
  const matched = useStore(selection.store, (state) => state.matched.length);
  const calling = useLive(callingKey);
  const toSpot = useLive(spot ? spotKey : nothing);
  const cells = useMemo(() => {
    const called = calling === '' ? [] : calling.split(' ');
    const others = show.scenes
      .filter((_, other) => other !== index)
      .map((other): (AreaId | null)[] => {
        // What is on a map is a sign there, and no tile anywhere.
        if (other.fill.kind !== 'filter') return cellsOf(other, []);
        // What calls comes first in a scene of a filter.
        const isMatch = createMatcher(other.fill.filter, serverClock.nowMs());
        return called.filter((areaId) => {
          const row = rowOf(live.getState(), areaId);
          return row !== undefined && isMatch(row);
        });
      });
    // Nobody sees what comes to a place of the picture that no display shows.
    const all = placesSeen(scene, show.span ? parts : [WHOLE]);
    const seen = scene.fill.kind === 'map' ? placesBeside(scene, all) : all;
    return holdCells(cellsOf(scene, placed), others, called, { spot: toSpot.split(' '), seen });
  }, [show, index, scene, parts, placed, calling, toSpot, live, serverClock]);
  return { scene, cells, more: fill.kind === 'filter' ? Math.max(0, matched - rows * columns) : 0 };
}

const EMPTY: SceneContent = { name: '', rows: 1, columns: 1, fill: { kind: 'areas', areaIds: [null] } };

/** Areas with a flag of level 1 or 2 that nobody has acknowledged, the worst and then the oldest first; as one text, to compare. */
function callingKey(state: LiveState): string {
  return callingFlags(state, isUrgent);
}

/** The same of level 1 alone. */
function spotKey(state: LiveState): string {
  return callingFlags(state, (severity) => severity === 1);
}

function nothing(): string {
  return '';
}

function callingFlags(state: LiveState, isMeant: (severity: number) => boolean): string {
  return Object.values(state.regions)
    .flatMap((sync) => [...(liveOf(sync)?.flagsByArea.values() ?? [])].flat())
    .filter(({ severity, state: at, areaId }) => areaId !== undefined && at === 'raised' && isMeant(severity))
    .toSorted(
      (a, b) =>
        a.severity - b.severity || Date.parse(a.history[0]?.at ?? '') - Date.parse(b.history[0]?.at ?? ''),
    )
    .map(({ areaId }) => areaId)
    .filter((areaId, place, all) => all.indexOf(areaId) === place)
    .join(' ');
}
