import { Map as MapIcon } from 'lucide-react';
import type { DisplayHealth, DisplayView } from '#contract/displays.ts';
import type { MapFill } from '#contract/scenes.ts';
import { useTexts } from '../desk/desk-context.ts';
import { useFilterWords } from '../wall/use-filter-words.ts';
import styles from './Miniature.module.css';

/** The map that is on a display, by what the display told last; undefined while it shows tiles, or has not told since the push. */
export function mapOn(
  { show }: Pick<DisplayView, 'show'>,
  { step, at }: Pick<DisplayHealth, 'step' | 'at'>,
): MapFill | undefined {
  if (!show || Date.parse(at) < Date.parse(show.pushedAt)) return undefined;
  const fill = show.scenes[step]?.fill;
  return fill?.kind === 'map' ? fill : undefined;
}

/** A map in the miniature of a display: what it tells and what was asked for, in words. It has so many columns of the grid. */
export function MiniMap({ fill: { filter, measure }, columns }: { fill: MapFill; columns: number }) {
  const { t } = useTexts();
  const words = useFilterWords(filter);
  return (
    <li className={styles.map} data-state="map" style={{ gridArea: `1 / 1 / -1 / ${columns + 1}` }}>
      <MapIcon size="1.75rem" strokeWidth={1.5} aria-hidden="true" />
      <span>
        {t('displays.map')} · {t(`map.measures.${measure}`)}
      </span>
      {words === '' ? null : <span className={styles.asked}>{words}</span>}
    </li>
  );
}
