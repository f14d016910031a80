import { Minus, Plus, Scan } from 'lucide-react';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { ZoomControl } from './use-zoom.ts';
import styles from './ZoomButtons.module.css';
import { MOST_ZOOM, ZOOM_STEP } from './zoom.ts';

/** Enlarges the picture by hand; it says how far. */
export function ZoomButtons({ control: { factor, zoom, reset } }: { control: ZoomControl }) {
  const { t, formats } = useTexts();
  return (
    <fieldset className={styles.buttons}>
      <legend className={styles.legend}>{t('focus.zoom')}</legend>
      <Button
        iconOnly
        aria-label={t('shortcuts.zoomOut')}
        disabled={factor <= 1}
        onClick={() => zoom(1 / ZOOM_STEP)}
      >
        <Minus size="1rem" aria-hidden="true" />
      </Button>
      <output className={styles.factor}>{t('focus.zoomFactor', { factor: formats.decimal(factor) })}</output>
      <Button
        iconOnly
        aria-label={t('shortcuts.zoomIn')}
        disabled={factor >= MOST_ZOOM}
        onClick={() => zoom(ZOOM_STEP)}
      >
        <Plus size="1rem" aria-hidden="true" />
      </Button>
      <Button iconOnly aria-label={t('shortcuts.zoomReset')} disabled={factor <= 1} onClick={reset}>
        <Scan size="1rem" aria-hidden="true" />
      </Button>
    </fieldset>
  );
}
