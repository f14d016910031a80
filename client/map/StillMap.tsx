import type { Span } from '#contract/displays.ts';
import type { RegionId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import { MapCanvas } from './MapCanvas.tsx';
import type { Measure } from './measure.ts';
import styles from './StillMap.module.css';
import { useGeometry } from './use-geometry.ts';
import { useMapFacts } from './use-map-facts.ts';
import { useScene } from './use-scene.ts';

interface StillMapProps {
  /** Somebody can see it; else it stands still and shows what it last showed. */
  open: boolean;
  measure: Measure;
  /** What it looks at. @default the whole country, where there are none */
  regionIds: readonly RegionId[];
  /** The part of the map that is here, of one that goes over several screens. */
  part: Span;
  /** Whose outlines they are is said here. */
  signed: boolean;
}

/** The country as the page's filter has it, on a screen that nobody touches: it does not move, and answers nothing. */
export function StillMap({ open, measure, regionIds, part, signed }: StillMapProps) {
  const { t } = useTexts();
  const facts = useMapFacts(open, measure);
  const shapes = useGeometry();
  const scene = useScene({ facts, shapes: shapes ?? undefined, chosenRegions: regionIds });
  return (
    <section
      className={styles.map}
      data-outlines={shapes === undefined ? undefined : shapes !== null}
      data-region-count={facts.regions.length}
      data-facility-count={facts.facilities.length}
      aria-label={t('map.label')}
      inert
    >
      <MapCanvas scene={scene} part={part} />
      {signed ? (
        <p className={styles.source}>
          {shapes ? t('map.source', { name: shapes.source }) : shapes === null ? t('map.noOutlines') : ''}
        </p>
      ) : null}
    </section>
  );
}
