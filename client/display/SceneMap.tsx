import { useEffect, useMemo, useState } from 'react';
import type { Span } from '#contract/displays.ts';
import type { MapFill } from '#contract/scenes.ts';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { partOf } from './map-part.ts';
import styles from './SceneMap.module.css';

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
  const code = useMapCode();
  const { screen, part } = useMemo(() => partOf(width, span), [width, span]);
  const isSeen = open && screen > 0;
  return (
    <div
      className={styles.map}
      data-scene-map={fill.measure}
      data-open={isSeen}
      style={{ width: `${100 * screen}%` }}
    >
      {code ? (
        <code.StillMap
          open={isSeen}
          measure={fill.measure}
          regionIds={fill.filter.region}
          part={part}
          signed={signed}
        />
      ) : (
        <Notice title={t('map.loading')} />
      )}
    </div>
  );
}

type MapCode = typeof import('../map/StillMap.tsx');

/** How long to wait before code that did not come is asked for again. */
const AGAIN_MS = 10_000;

/**
 * The code of the map, which is larger than all the rest of a display: only one that has a map to show loads it. While it does
 * not come, everything else goes on.
 */
function useMapCode(): MapCode | undefined {
  const [code, setCode] = useState<MapCode>();
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () => {
      import('../map/StillMap.tsx').then(
        (loaded) => {
          if (!ended) setCode(loaded);
        },
        () => {
          if (!ended) timer = setTimeout(load, AGAIN_MS);
        },
      );
    };
    load();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return code;
}
