import { ICONS } from './icons.ts';
import { lookOf, type Measure, type Sign } from './measure.ts';
import styles from './SignMark.module.css';

/** A sign of the map beside words that say the same. */
export function SignMark({ measure, sign }: { measure: Measure; sign: Sign }) {
  const { icon, color } = lookOf(measure, sign);
  const { fill, stroke } = ICONS[icon];
  return (
    <svg className={styles.mark} data-color={color} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {fill ? <path fill="currentColor" d={fill} /> : null}
      {stroke ? <path fill="none" stroke="currentColor" strokeWidth={stroke.width} d={stroke.path} /> : null}
    </svg>
  );
}

/** The sign of a place that sends nothing: hatched, as on the map. */
export function NoDataMark() {
  return <span className={styles.noData} />;
}
