import { Suspense, useMemo } from 'react';
import type { Span } from '#contract/displays.ts';
import type { MapFill } from '#contract/scenes.ts';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { type Fault, Guard } from '../shell/Guard.tsx';
import { CodeMissing, lateCode, useComing } from '../shell/late-code.tsx';
import { partOf } from './map-part.ts';
import styles from './SceneMap.module.css';

/** Its code is larger than all the rest of a display: only one that has a map to show loads it. */
const StillMap = lateCode(async () => (await import('../map/StillMap.tsx')).StillMap);

interface SceneMapProps {
  fill: MapFill;
  /** The scene that is on is the map's; else it waits behind the tiles of another one. */
  open: boolean;
  /** How much of the whole picture's width it has. */
  width: number;
  /** The part of the whole picture that this screen shows. */
  span: Span;
  /** Whose outlines they are is said on this screen. */
  signed: boolean;
}

/**
 * The map of a show. It is made once for all scenes of the show, and hidden while another one is on: a canvas that is made
 * anew takes seconds where the processor draws it.
 */
export function SceneMap({ fill, open, width, span, signed }: SceneMapProps) {
  const { t } = useTexts();
  const { screen, part } = useMemo(() => partOf(width, span), [width, span]);
  const isSeen = open && screen > 0;
  return (
    <div
      className={styles.map}
      data-scene-map={fill.measure}
      data-open={isSeen}
      style={{ width: `${100 * screen}%` }}
    >
      <Guard failed={(fault) => <MapComing {...fault} />}>
        <Suspense fallback={<Notice title={t('map.loading')} />}>
          <StillMap
            open={isSeen}
            measure={fill.measure}
            regionIds={fill.filter.region}
            part={part}
            signed={signed}
          />
        </Suspense>
      </Guard>
    </div>
  );
}

/** While it does not come, everything else goes on. A fault of the map itself is one of the display. */
function MapComing({ error, again }: Fault) {
  const { t } = useTexts();
  useComing(error, again);
  if (!(error instanceof CodeMissing)) throw error;
  return <Notice title={t('map.loading')} />;
}
