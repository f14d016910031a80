import { UsersRound } from 'lucide-react';
import type { Layer } from '#contract/nation.ts';
import { useTexts } from '../desk/desk-context.ts';
import type { TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';
import { Freshness } from './Freshness.tsx';
import { TileClock } from './TileClock.tsx';
import styles from './TileFacts.module.css';
import { m2PerPerson, type TileData } from './use-tile.ts';

interface TileFactsProps {
  data: TileData;
  media: TileMedia;
  state: TileState;
  layer: Layer;
}

/** The lower edge: people, room, clock, freshness, layer. What does not fit goes, the clock last. */
export function TileFacts({ data, media, state, layer }: TileFactsProps) {
  const { t } = useTexts();
  return (
    <footer className={styles.facts}>
      <People data={data} />
      <span className={styles.gap} />
      <TileClock status={data.status} />
      <Freshness media={media} state={state} />
      {state.state === 'live' ? (
        <span className={styles.layer} title={t(`tile.layerHint.${layer}`)}>
          {layer === 'high' ? 'HD' : 'SD'}
        </span>
      ) : null}
    </footer>
  );
}

function People({ data: { area, status } }: { data: TileData }) {
  const { t, formats } = useTexts();
  const headcount = status?.headcount ?? 0;
  const m2 = m2PerPerson(area, status);
  if (headcount === 0) return <span className={styles.empty}>{t('tile.empty')}</span>;
  return (
    <>
      <span
        className={styles.people}
        data-worry={area.capacity > 0 && headcount > area.capacity ? 'over' : undefined}
        title={area.capacity > 0 ? t('tile.ofCapacity', { headcount, capacity: area.capacity }) : undefined}
      >
        <UsersRound aria-hidden="true" />
        {area.capacity > 0 ? `${headcount}/${area.capacity}` : headcount}
      </span>
      {m2 === undefined ? null : (
        <span
          className={styles.m2}
          data-worry={roomWorry(m2)}
          title={t('tile.m2Hint', { value: formats.decimal(m2) })}
        >
          {t('tile.m2', { value: formats.decimal(m2) })}
        </span>
      )}
    </>
  );
}

/** Below 4 m² a person the CPT's standard for shared cells is missed, below 3 m² the ECtHR presumes a violation. */
function roomWorry(m2: number): 'little' | 'too-little' | undefined {
  if (m2 < 3) return 'too-little';
  return m2 < 4 ? 'little' : undefined;
}
