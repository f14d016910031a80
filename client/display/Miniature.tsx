import { WifiOff } from 'lucide-react';
import { useCallback, useRef } from 'react';
import type { DisplayHealth, DisplayView } from '#contract/displays.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { isLoud } from '../flags/loud.ts';
import { flagsOf, statusOf } from '../store/live-store.ts';
import { isClosed } from '../wall/tile-data.ts';
import { Watermark } from '../wall/Watermark.tsx';
import styles from './Miniature.module.css';
import { MiniMap, mapOn } from './MiniMap.tsx';
import { mapWidth } from './map-part.ts';
import { useAway } from './use-away.ts';
import { useSeen, useStill } from './use-still.ts';

/**
 * What a display says that is on it, small: stills of the areas in their places, with their age, each with what the
 * display's tile says. A display that is away may show anything or nothing: then there are no pictures.
 */
export function Miniature({ display, health }: { display: DisplayView; health: DisplayHealth }) {
  const { t, formats } = useTexts();
  const away = useAway(health);
  const todayMs = useToday();
  const element = useRef<HTMLDivElement>(null);
  const seen = useSeen(element);
  const { rows, columns, tiles } = health;
  const map = mapOn(display, health);
  const mapColumns = map ? mapWidth(health, tiles) * columns : 0;
  const isEmpty = tiles.length === 0 || columns === 0;
  return (
    <div ref={element} className={styles.screen} data-away={away || undefined}>
      {away ? (
        <p className={styles.none}>
          <WifiOff size="1.75rem" strokeWidth={1.5} aria-hidden="true" />
          {t('displays.away', { time: formats.momentWithSeconds(Date.parse(health.at), todayMs) })}
        </p>
      ) : isEmpty ? (
        <p className={styles.none}>{t('displays.nothing')}</p>
      ) : (
        <ul
          className={styles.grid}
          aria-label={t('displays.miniature', { name: display.name })}
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
          }}
        >
          {map && mapColumns > 0 ? <MiniMap fill={map} columns={mapColumns} /> : null}
          {tiles
            .map((tile, place) => ({ ...tile, place }))
            // Beside a map there are only the areas that an alarm holds.
            .filter(({ areaId }) => !map || areaId !== null)
            .map((tile) => (
              <MiniTile key={tile.place} {...tile} columns={columns} seen={seen} />
            ))}
        </ul>
      )}
    </div>
  );
}

type MiniTileProps = DisplayHealth['tiles'][number] & {
  place: number;
  /** Of the whole grid. */
  columns: number;
  /** Somebody can see the miniature. */
  seen: boolean;
};

function MiniTile({ areaId, state: told, held, place, columns, seen }: MiniTileProps) {
  const { t, language } = useTexts();
  const area = useLive(({ registry }) => (areaId === null ? undefined : registry?.areaById[areaId]));
  const facility = useLive(({ registry }) => area && registry?.facilityById[area.facilityId]);
  const isGone = useLive(({ registry }) => registry !== undefined && areaId !== null && !area);
  const flag = useLive((live) => (area ? flagsOf(live, area).find(isLoud) : undefined));
  // What is closed by now was open when the display told.
  const closed = useLive((live) => area !== undefined && isClosed(area, statusOf(live, area)));
  const state = closed ? 'confidential' : told;
  const [feed] = area?.feeds ?? [];
  const showsPicture = state === 'live' || state === 'stalled' || state === 'connecting';
  const still = useStill(seen && showsPicture ? feed?.id : undefined, place);
  const at = { gridRow: Math.floor(place / columns) + 1, gridColumn: (place % columns) + 1 };
  if (isGone)
    return (
      <li className={styles.tile} data-state="gone" style={at}>
        <span className={styles.gone}>{t('tile.gone')}</span>
      </li>
    );
  if (!area)
    return <li className={styles.tile} data-state="empty" aria-label={t('displays.empty')} style={at} />;
  return (
    <li
      className={styles.tile}
      data-state={state}
      data-held={held || undefined}
      data-level={flag?.severity}
      title={facility ? `${area.name[language]}, ${facility.shortName[language]}` : area.name[language]}
      style={at}
    >
      {still ? (
        <>
          <img className={styles.still} src={still.url} alt="" />
          <Watermark areaId={area.id} large={false} />
        </>
      ) : null}
      <span className={styles.name}>
        {flag ? <LevelMark level={flag.severity} /> : null}
        <span className={styles.words}>
          {area.name[language]} <span className={styles.facility}>{facility?.shortName[language]}</span>
        </span>
      </span>
      <span className={styles.foot}>
        <span className={styles.state}>{stateWord(t, state)}</span>
        {still ? <Age atMs={still.atMs} /> : null}
      </span>
    </li>
  );
}

/** How old a still is, as tiles say it; where there is little room, the age alone. */
function Age({ atMs }: { atMs: number }) {
  const { t, formats } = useTexts();
  const { serverClock } = useDesk();
  const age = useCallback(
    () => formats.age(Math.max(0, serverClock.nowMs() - atMs)),
    [formats, serverClock, atMs],
  );
  const whole = useCallback(() => t('tile.still', { age: age() }), [t, age]);
  return (
    <>
      <Ticking text={whole} className={styles.age} />
      <Ticking text={age} className={styles.short} />
    </>
  );
}

const STATES = ['idle', 'connecting', 'live', 'stalled', 'lost', 'confidential', 'faulty'] as const;

function stateWord(t: ReturnType<typeof useTexts>['t'], state: string): string {
  const known = STATES.find((one) => one === state);
  return known ? t(`filter.feedStates.${known}`) : '';
}
