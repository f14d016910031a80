import { HeartPulse, UsersRound } from 'lucide-react';
import type { Layer } from '#contract/nation.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import type { TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';
import { limitKey } from '../store/registry.ts';
import { Freshness } from './Freshness.tsx';
import { TileClock } from './TileClock.tsx';
import styles from './TileFacts.module.css';
import { m2PerPerson, type TileData } from './tile-data.ts';

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
  const { t } = useTexts();
  if (!status) return <Unknown />;
  const { headcount } = status;
  if (headcount === 0) return <span className={styles.empty}>{t('tile.empty')}</span>;
  const isOver = area.capacity > 0 && headcount > area.capacity;
  return (
    <>
      <span
        className={styles.people}
        data-worry={isOver || undefined}
        title={area.capacity > 0 ? t('tile.ofCapacity', { headcount, count: area.capacity }) : undefined}
      >
        {isOver ? <LevelMark level={3} /> : <UsersRound aria-hidden="true" />}
        {area.capacity > 0 ? `${headcount}/${area.capacity}` : headcount}
        {isOver ? <span className={styles.word}>{t('tile.overCapacity')}</span> : null}
      </span>
      <Room area={area} status={status} />
      {status.vulnerabilities.includes('at-risk') ? (
        <span className={styles.risk} title={t('tile.atRiskHint')}>
          <HeartPulse aria-hidden="true" />
          <span className={styles.word}>{t('tile.atRisk')}</span>
        </span>
      ) : null}
    </>
  );
}

/** Nothing was heard of the area yet, or ever: that is not to be read as nobody. */
function Unknown() {
  const { t } = useTexts();
  return (
    <span className={styles.unknown} title={t('tile.unknownHint')}>
      <span className={styles.whole}>{t('tile.unknown')}</span>
      <span className={styles.brief}>{t('tile.unknownBrief')}</span>
    </span>
  );
}

/**
 * Room per person. Colour, shape and word only where a line is missed that somebody should act on; the lines are those of
 * the norms and come with the status. Below a lesser line it has the sign alone.
 */
function Room({ area, status }: Pick<TileData, 'area' | 'status'>) {
  const { t, formats, language } = useTexts();
  const limits = useLive((state) => state.registry?.limits);
  const m2 = m2PerPerson(area, status);
  if (m2 === undefined) return null;
  const { level, below } = status?.space ?? {};
  const line = below && limits?.[limitKey(below)];
  const value = formats.decimal(m2);
  return (
    <span
      className={styles.m2}
      data-room={level}
      title={[t('tile.m2Hint', { value }), line?.source[language]].filter(Boolean).join(' · ')}
    >
      {level === 'red' ? <LevelMark level={3} /> : level === 'amber' ? <LevelMark level={4} /> : null}
      <span>{t('tile.m2', { value })}</span>
      {level === 'red' ? <span className={styles.word}>{t('tile.littleRoom')}</span> : null}
    </span>
  );
}
