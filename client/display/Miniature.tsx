import { useEffect, useState } from 'react';
import type { DisplayHealth, DisplayView } from '#contract/displays.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { isLoud } from '../flags/loud.ts';
import { flagsOf } from '../store/live-store.ts';
import styles from './Miniature.module.css';

/** Stills are asked for again after this. */
const RENEW_MS = 15_000;

/** What a display says that is on it, small: stills of the areas in their places, each with what the display's tile says. */
export function Miniature({ display, health }: { display: DisplayView; health: DisplayHealth }) {
  const { t } = useTexts();
  const { rows, columns, tiles } = health;
  if (tiles.length === 0 || columns === 0) return <div className={styles.none}>{t('displays.nothing')}</div>;
  const placed = tiles.map((tile, place) => ({ ...tile, place }));
  return (
    <ul
      className={styles.grid}
      aria-label={t('displays.miniature', { name: display.name })}
      style={{ gridTemplateColumns: `repeat(${columns}, 1fr)`, gridTemplateRows: `repeat(${rows}, 1fr)` }}
    >
      {placed.map((tile) => (
        <MiniTile key={tile.place} {...tile} />
      ))}
    </ul>
  );
}

function MiniTile({ areaId, state, held, place }: DisplayHealth['tiles'][number] & { place: number }) {
  const { t, language } = useTexts();
  const area = useLive(({ registry }) => (areaId === null ? undefined : registry?.areaById[areaId]));
  const flag = useLive((live) => (area ? flagsOf(live, area).find(isLoud) : undefined));
  const [feed] = area?.feeds ?? [];
  const showsPicture = state === 'live' || state === 'stalled' || state === 'connecting';
  const still = useStill(showsPicture ? feed?.id : undefined, place);
  if (!area) return <li className={styles.tile} data-state="empty" aria-label={t('displays.empty')} />;
  return (
    <li className={styles.tile} data-state={state} data-held={held || undefined} data-level={flag?.severity}>
      {still === undefined ? null : <img className={styles.still} src={still} alt="" />}
      <span className={styles.name}>
        {flag ? <LevelMark level={flag.severity} /> : null}
        {area.name[language]}
      </span>
      {state === 'live' ? null : <span className={styles.state}>{stateWord(t, state)}</span>}
    </li>
  );
}

const STATES = ['idle', 'connecting', 'live', 'stalled', 'lost', 'confidential', 'faulty'] as const;

function stateWord(t: ReturnType<typeof useTexts>['t'], state: string): string {
  const known = STATES.find((one) => one === state);
  return known ? t(`filter.feedStates.${known}`) : '';
}

/** The newest still of a feed, renewed while it is looked at. */
function useStill(feedId: string | undefined, place: number): string | undefined {
  const { posters } = useDesk();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (feedId === undefined) return setUrl(undefined);
    const leaving = new AbortController();
    const look = async () => {
      const still = await posters.ask(feedId, { priority: 100_000 + place, signal: leaving.signal });
      if (!leaving.signal.aborted) setUrl(still?.url);
    };
    void look();
    const timer = setInterval(() => void look(), RENEW_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [posters, feedId, place]);
  return url;
}
