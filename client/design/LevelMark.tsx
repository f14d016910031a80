import type { Severity } from '#contract/flags.ts';
import styles from './LevelMark.module.css';

/**
 * The sign of a level: octagon, triangle, half-filled diamond, open circle. Told apart by shape alone, in any colour
 * vision and in greyscale. Decoration for a word that stands beside it or is said by the caller.
 */
export function LevelMark({ level, size = '1em' }: { level: Severity; size?: string }) {
  return (
    <svg
      className={styles.mark}
      data-level={level}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[level]}
    </svg>
  );
}

const SHAPES = {
  1: <path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />,
  2: <path fill="currentColor" d="M8 1.2 15.4 14.4H.6z" />,
  3: (
    <>
      <path fill="currentColor" d="M8 .9v14.2L.9 8z" />
      <path fill="none" stroke="currentColor" strokeWidth="1.6" d="M8 1.9 14.1 8 8 14.1 1.9 8z" />
    </>
  ),
  4: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2.4" />,
} as const;
