import { encode } from 'uqr';
import styles from './Account.module.css';

/** Light modules around the code that readers need (ISO/IEC 18004, quiet zone). */
const BORDER = 4;

/** A text as a QR code, black on white whatever the theme. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: BORDER });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect className={styles.paper} width={size} height={size} />
      <path className={styles.ink} d={dark.join('')} shapeRendering="crispEdges" />
    </svg>
  );
}
