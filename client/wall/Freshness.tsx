import { useLayoutEffect, useRef } from 'react';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './Freshness.module.css';

/**
 * Age of what is shown. Of a still: in words, from its first moment on. Of video: the age of the last decoded frame. As
 * long as it is under a second the text stands still, so that sixty tiles do not flicker; then it counts, and when the
 * picture is as good as frozen it says since when.
 */
export function Freshness({ media, state }: { media: TileMedia; state: TileState }) {
  const { t, formats } = useTexts();
  const { ticker, serverClock } = useDesk();
  const element = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const stillAtMs = stillOf(state);
    const text = () => {
      if (stillAtMs !== undefined) {
        const age = formats.age(Math.max(0, serverClock.nowMs() - stillAtMs));
        return t(state.state === 'stalled' ? 'tile.stillThin' : 'tile.still', { age });
      }
      if (state.state === 'live') return t('tile.fresh');
      if (state.state !== 'stalled') return '';
      if (state.frozen) return t('tile.frozen', { time: formats.timeWithSeconds(state.atMs) });
      return t('tile.stalled', { seconds: Math.round((media.frameAgeMs() ?? 0) / 1_000) });
    };
    const write = () => {
      const now = text();
      if (element.current && element.current.textContent !== now) element.current.textContent = now;
    };
    write();
    // Only an age that grows needs the timer.
    if (stillAtMs === undefined && (state.state !== 'stalled' || state.frozen)) return undefined;
    return ticker.add((_, textMayChange) => {
      if (textMayChange) write();
    });
  }, [media, state, formats, ticker, serverClock, t]);

  return (
    <span
      ref={element}
      className={styles.freshness}
      data-fresh={kindOf(state)}
      title={state.state === 'stalled' && state.thin ? t('tile.thinHint') : t('tile.freshHint')}
    />
  );
}

/** When the still was taken that stands in for a picture. */
function stillOf(state: TileState): number | undefined {
  if (state.state === 'connecting') return state.stillAtMs;
  return state.state === 'stalled' && state.thin ? state.atMs : undefined;
}

function kindOf(state: TileState): 'still' | 'frozen' | 'stalled' | 'fresh' {
  if (stillOf(state) !== undefined) return 'still';
  if (state.state !== 'stalled') return 'fresh';
  return state.frozen ? 'frozen' : 'stalled';
}
