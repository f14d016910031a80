import styles from './Keys.module.css';
import { type Chord, keysOf } from './shortcuts.ts';

/** The keys of one combination, as they are written on a keyboard. */
export function Keys({ chord }: { chord: Chord }) {
  return (
    <span className={styles.chord}>
      {keysOf(chord).map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
