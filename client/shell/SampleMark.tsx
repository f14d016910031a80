import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './SampleMark.module.css';

/** Says on every page, and once on a wall of displays, that nothing on it is real. */
export function SampleMark() {
  const { t } = useTexts();
  const { who } = useDesk();
  if (!who.sample) return null;
  return (
    <span className={styles.mark} title={t('sample.hint')}>
      {t('sample.label')}
    </span>
  );
}
