import { useLayoutEffect, useRef } from 'react';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './Freshness.module.css';

/**
 * Age of the last decoded frame. As long as it is under a second the text stands still, so that sixty tiles do not
 * flicker; then it counts, and from three seconds on it says when the picture froze.
 */
export function Freshness({ media, state }: { media: TileMedia; state: TileState }) {
  const { t, formats } = useTexts();
  const { ticker } = useDesk();
  const element = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const text = () => {
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
    if (state.state !== 'stalled' || state.frozen) return undefined;
    return ticker.add((_, textMayChange) => {
      if (textMayChange) write();
    });
  }, [media, state, formats, ticker, t]);

  return (
    <span
      ref={element}
      className={styles.freshness}
      data-fresh={state.state === 'stalled' ? (state.frozen ? 'frozen' : 'stalled') : 'fresh'}
      title={t('tile.freshHint')}
    />
  );
}
