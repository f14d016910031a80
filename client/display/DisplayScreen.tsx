import { MonitorUp, Pause } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { type DisplaySelf, type Show, scaleOf, stepAt, WHOLE } from '#contract/displays.ts';
import { Notice } from '../design/Notice.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { LegendStrip } from '../map/LegendStrip.tsx';
import { DataAge } from '../shell/DataAge.tsx';
import { SampleMark } from '../shell/SampleMark.tsx';
import { type Cell, placesWithin } from './cells.ts';
import styles from './DisplayScreen.module.css';
import { isLowerLeft, isLowest, mapOf, mapWidth, partOf } from './map-part.ts';
import { SceneGrid } from './SceneGrid.tsx';
import { SceneMap } from './SceneMap.tsx';
import { useHealth } from './use-health.ts';
import { useCells, useCurrentShow, useStep } from './use-show.ts';

interface DisplayScreenProps {
  self: DisplaySelf;
  /** Something else is to be shown by now: it has to be asked for. */
  onBehind(): void;
}

/** A display at work: its tiles, and one small line that says which one it is, what is on, and how old the data are. */
export function DisplayScreen({ self, onBehind }: DisplayScreenProps) {
  const { t } = useTexts();
  const show = useCurrentShow(self.show);
  useDisplayScale(self);
  return (
    <main className={styles.screen} aria-label={t('display.label', { name: self.name })}>
      {show ? (
        <Playing self={self} show={show} onBehind={onBehind} />
      ) : (
        <Waiting self={self} onBehind={onBehind} />
      )}
    </main>
  );
}

function Waiting({ self, onBehind }: DisplayScreenProps) {
  const { t } = useTexts();
  useHealth({ rows: 0, columns: 0, cells: [], step: 0, showVersion: 0 }, onBehind);
  return (
    <>
      <div className={styles.content}>
        <Notice wholePage icon={MonitorUp} title={t('display.nothing')} hint={t('display.nothingHint')} />
      </div>
      <footer className={styles.line}>
        <span className={styles.name}>{self.name}</span>
        <SampleMark />
        <DataAge />
      </footer>
    </>
  );
}

const NOT_HERE: Cell = { areaId: null, held: false };

function Playing({ self, show, onBehind }: DisplayScreenProps & { show: Show }) {
  const { t } = useTexts();
  const index = useStep(show);
  const { scene, cells, more } = useCells(show, index, self);
  const { rows, columns, fill } = scene;
  const span = show.span ?? WHOLE;
  const map = mapOf(show.scenes, index);
  const width = mapWidth(scene, cells);
  const hasLegend = isLowerLeft(span, self.parts);
  // The lowest displays of a wall speak for all of it, but not for one that hears nothing of its own.
  const isCut = useLive(({ link, unreadable }) => link.state === 'lost' || unreadable !== undefined);
  const hasLine = isLowest(span, self.parts) || isCut;
  // A display of a wall tells of its own part.
  const within = placesWithin(scene, span);
  const own = cells.map((cell, place) => (within.includes(place) ? cell : NOT_HERE));
  useHealth({ rows, columns, cells: own, step: index, showVersion: show.version }, onBehind);
  const held = cells.filter((cell) => cell.held).length;
  const count = show.scenes.length;
  return (
    <>
      <div
        className={styles.content}
        data-scene={scene.name}
        data-step={index}
        data-span={show.span !== undefined || undefined}
      >
        <SceneGrid rows={rows} columns={columns} cells={cells} span={show.span} />
        {map ? (
          <SceneMap fill={map} open={fill.kind === 'map'} width={width} span={span} signed={hasLegend} />
        ) : null}
      </div>
      <footer className={styles.edge}>
        {fill.kind === 'map' && hasLegend ? (
          // An alarm stands beside the map, and its tile reaches as low as the map does.
          <div style={{ width: `${100 * partOf(width, span).screen}%` }}>
            <LegendStrip fill={fill} />
          </div>
        ) : null}
        {hasLine ? (
          <div className={styles.line}>
            <h1 className={styles.name}>{self.name}</h1>
            <span>{scene.name}</span>
            {count > 1 ? (
              <span className={styles.tour}>
                {t('display.step', { step: index + 1, count })}
                {show.isPaused ? (
                  <span className={styles.paused}>
                    <Pause size="1em" aria-hidden="true" /> {t('display.paused')}
                  </span>
                ) : (
                  <Progress show={show} />
                )}
              </span>
            ) : null}
            {held > 0 && count > 1 ? <span>{t('display.heldCells', { count: held })}</span> : null}
            {more > 0 ? <span>{t('display.pages', { count: more })}</span> : null}
            {show.leftOut > 0 ? <span>{t('display.leftOut', { count: show.leftOut })}</span> : null}
            <SampleMark />
            <DataAge />
          </div>
        ) : (
          <VisuallyHidden as="h1">{self.name}</VisuallyHidden>
        )}
      </footer>
    </>
  );
}

/** How much of the scene's time is over. */
function Progress({ show }: { show: Show }) {
  const { ticker, serverClock } = useDesk();
  const bar = useRef<HTMLSpanElement>(null);
  const draw = useCallback(() => {
    const { nextAtMs } = stepAt(show, serverClock.nowMs());
    const left = nextAtMs === null ? 0 : (nextAtMs - serverClock.nowMs()) / show.dwellMs;
    bar.current?.style.setProperty('width', `${Math.round(100 * Math.min(1, Math.max(0, 1 - left)))}%`);
  }, [show, serverClock]);
  useEffect(() => {
    draw();
    return ticker.add(draw);
  }, [draw, ticker]);
  return (
    <span className={styles.progress} aria-hidden="true">
      <span ref={bar} className={styles.bar} />
    </span>
  );
}

/** Text as large as the screen and its distance want, whatever the window's size says. */
function useDisplayScale({ diagonalInches, distanceM }: DisplaySelf): void {
  useEffect(() => {
    const apply = () => {
      const page = { width: window.innerWidth, height: window.innerHeight };
      const scale = scaleOf({ diagonalInches, distanceM }, page);
      document.documentElement.style.setProperty('--scale', scale.toFixed(3));
    };
    apply();
    window.addEventListener('resize', apply);
    return () => window.removeEventListener('resize', apply);
  }, [diagonalInches, distanceM]);
}
