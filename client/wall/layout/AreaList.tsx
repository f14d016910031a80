import { useVirtualizer } from '@tanstack/react-virtual';
import { Maximize2 } from 'lucide-react';
import { type KeyboardEvent, memo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { AreaId } from '#contract/ids.ts';
import { Button } from '../../design/Button.tsx';
import { LevelMark } from '../../design/LevelMark.tsx';
import { VisuallyHidden } from '../../design/VisuallyHidden.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { isLoud } from '../../flags/loud.ts';
import { TileClock } from '../TileClock.tsx';
import type { TileData } from '../tile-data.ts';
import { turnToArea } from '../turn-to-area.ts';
import { useTile } from '../use-tile.ts';
import styles from './AreaList.module.css';

/** Height of a row at scale 1, in CSS pixels; rows measure themselves besides. */
const ROW_PX = 44;

/** All areas that match, beside the tiles, in the wall's order. A row leads to its tile. */
export function AreaList() {
  const { t } = useTexts();
  const desk = useDesk();
  const { view, selection } = desk;
  const matched = useStore(selection.store, (state) => state.matched);
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: matched.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => matched[index] ?? index,
  });
  const [show] = useState(() => (areaId: AreaId) => turnToArea(desk, areaId));
  const [enlarge] = useState(() => (areaId: AreaId) => view.focus(areaId));

  const goTo = useRef((_index: number) => {});
  goTo.current = (index) => {
    const next = Math.min(matched.length - 1, Math.max(0, index));
    setActive(next);
    virtual.scrollToIndex(next);
    const focus = () => {
      const row = list.current?.querySelector<HTMLElement>(`[data-index="${next}"] button`);
      row?.focus();
      return row !== null && row !== undefined;
    };
    // At once, for whoever presses twice within a frame; but the row may only come with the scrolling.
    if (!focus()) requestAnimationFrame(focus);
  };
  const [onArrow] = useState(() => (event: KeyboardEvent, index: number) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    goTo.current(index + (event.key === 'ArrowDown' ? 1 : -1));
  });

  return (
    <section className={styles.panel} aria-label={t('layout.list')}>
      <div ref={list} className={styles.scroll}>
        <ul className={styles.list} style={{ height: virtual.getTotalSize() }} aria-label={t('layout.list')}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const areaId = matched[index];
            return areaId === undefined ? null : (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={styles.item}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row
                  areaId={areaId}
                  tabbable={index === Math.min(active, matched.length - 1)}
                  index={index}
                  onFocus={setActive}
                  onArrow={onArrow}
                  onShow={show}
                  onEnlarge={enlarge}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

interface RowProps {
  areaId: AreaId;
  index: number;
  tabbable: boolean;
  onFocus(index: number): void;
  onArrow(event: KeyboardEvent, index: number): void;
  onShow(areaId: AreaId): void;
  onEnlarge(areaId: AreaId): void;
}

const Row = memo(function Row({ areaId, index, tabbable, ...on }: RowProps) {
  const { t, language } = useTexts();
  const data = useTile(areaId);
  if (!data) return null;
  const { area, facility, flags, status, feed } = data;
  const flag = flags.find(isLoud);
  return (
    <div className={styles.row} data-listed={areaId} data-level={flag?.severity}>
      <button
        type="button"
        className={styles.show}
        tabIndex={tabbable ? 0 : -1}
        onFocus={() => on.onFocus(index)}
        onKeyDown={(event) => on.onArrow(event, index)}
        onClick={() => on.onShow(areaId)}
      >
        <span className={styles.level}>
          {flag ? (
            <>
              <LevelMark level={flag.severity} />
              <VisuallyHidden as="span">{t(`levels.${flag.severity}`)}</VisuallyHidden>
            </>
          ) : null}
        </span>
        <span className={styles.name}>
          <span>{area.name[language]}</span>{' '}
          <span className={styles.facility}>{facility?.shortName[language]}</span>
        </span>
        <People area={area} status={status} />
        <span className={styles.state}>
          {feed && feed.state !== 'live' ? (
            t(`filter.feedStates.${feed.state}`)
          ) : (
            <TileClock status={status} />
          )}
        </span>
      </button>
      <Button
        look="quiet"
        iconOnly
        tabIndex={tabbable ? 0 : -1}
        aria-label={t('layout.enlarge', { name: area.name[language] })}
        onClick={() => on.onEnlarge(areaId)}
      >
        <Maximize2 size="0.875rem" aria-hidden="true" />
      </Button>
    </div>
  );
});

/** How many are in; as much as has room, and in words for those who listen. */
function People({ area, status }: Pick<TileData, 'area' | 'status'>) {
  const { t } = useTexts();
  if (!status)
    return (
      <span className={styles.people} title={t('tile.unknownHint')}>
        <span aria-hidden="true">{t('tile.unknownBrief')}</span>
        <VisuallyHidden as="span">{t('tile.unknownHint')}</VisuallyHidden>
      </span>
    );
  const { headcount } = status;
  return (
    <span className={styles.people}>{area.capacity > 0 ? `${headcount}/${area.capacity}` : headcount}</span>
  );
}
