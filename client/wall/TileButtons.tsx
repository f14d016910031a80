import { Flag as FlagIcon } from 'lucide-react';
import type { AreaId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import { isLoud } from '../flags/loud.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './Tile.module.css';
import type { TileData } from './tile-data.ts';
import { usePressing } from './use-pressing.ts';

interface TileButtonsProps {
  areaId: AreaId;
  data: TileData;
  state: TileState;
  /** The one tile that the Tab key reaches. */
  tabbable: boolean;
  /** Missing for those who may not. */
  onRaise: ((areaId: AreaId) => void) | undefined;
  /** Missing where there is nothing larger to open. */
  onOpen: ((areaId: AreaId) => void) | undefined;
}

/** What can be done with a tile. */
export function TileButtons({ data, state, areaId, tabbable, onRaise, onOpen }: TileButtonsProps) {
  const { t, language } = useTexts();
  const { area, facility } = data;
  const place = t('tile.label', {
    area: area.name[language],
    facility: facility?.shortName[language] ?? '',
  });
  return (
    <>
      {onOpen ? (
        <OpenButton
          data={data}
          place={place}
          picture={t(`filter.feedStates.${state.state}`)}
          tabIndex={tabbable ? 0 : -1}
          onClick={() => onOpen(areaId)}
        />
      ) : null}
      {onRaise ? (
        <button
          type="button"
          className={styles.flag}
          tabIndex={-1}
          aria-label={`${t('tile.raise')}: ${place}`}
          title={t('tile.raise')}
          onClick={() => onRaise(areaId)}
        >
          <FlagIcon aria-hidden="true" />
        </button>
      ) : null}
    </>
  );
}

interface OpenButtonProps {
  data: TileData;
  place: string;
  /** What is to be seen, in a word. */
  picture: string;
  tabIndex: number;
  onClick(): void;
}

/** The whole tile. Whoever listens hears what others see from across the room: where, how bad, how many, what presses. */
function OpenButton({ data: { flags, status }, place, picture, ...button }: OpenButtonProps) {
  const { t } = useTexts();
  const pressing = usePressing(status);
  const flag = flags.find(isLoud);
  const people = !status
    ? t('tile.unknownHint')
    : status.headcount === 0
      ? t('tile.empty')
      : t('tile.inside', { count: status.headcount });
  const clock = pressing && t(pressing === 'check' ? 'tile.checkOverdue' : `filter.clocks.${pressing}`);
  const parts = [place, flag && t(`levels.${flag.severity}`), people, clock, picture];
  return (
    <button type="button" className={styles.open} aria-label={parts.filter(Boolean).join('. ')} {...button} />
  );
}
