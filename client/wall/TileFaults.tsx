import { TriangleAlert } from 'lucide-react';
import type { FeedStatus } from '#contract/status.ts';
import { useTexts } from '../desk/desk-context.ts';
import type { TileState } from '../media/tile-state.ts';
import styles from './TileFaults.module.css';

/**
 * What is wrong with a picture that can be seen, in words: one that shows nothing of the area (`faulty`), or a camera
 * whose settings have to be changed. Where there is no picture, the tile's message says it.
 */
export function TileFaults({ state, feed }: { state: TileState; feed: FeedStatus | undefined }) {
  const { t } = useTexts();
  const isSeen =
    state.state === 'live' || state.state === 'stalled' || (state.state === 'faulty' && state.seen);
  const faults = feed?.faults ?? [];
  if (!isSeen || faults.length === 0) return null;
  return (
    <p
      className={styles.faults}
      data-kind={state.state === 'faulty' ? 'picture' : 'settings'}
      title={faults.map((fault) => t(`faultHints.${fault}`)).join(' ')}
    >
      <TriangleAlert aria-hidden="true" />
      <span className={styles.words}>{faults.map((fault) => t(`faults.${fault}`)).join(' · ')}</span>
    </p>
  );
}
