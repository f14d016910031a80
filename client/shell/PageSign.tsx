import { CircleAlert, RotateCw } from 'lucide-react';
import { Button } from '../design/Button.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { pageTroubleOf } from '../store/live-store.ts';
import styles from './PageSign.module.css';

/** Says that the page should be loaded anew: the server has another version of it, or says what this one cannot read. */
export function PageSign() {
  const { t } = useTexts();
  const trouble = useLive(pageTroubleOf);
  if (!trouble) return null;
  const isUnreadable = trouble === 'unreadable';
  const Icon = isUnreadable ? CircleAlert : RotateCw;
  return (
    <span
      className={styles.sign}
      role={isUnreadable ? 'alert' : 'status'}
      title={t(`page.${trouble}Hint`)}
      data-page-trouble={trouble}
    >
      <Icon size="1rem" aria-hidden="true" />
      {t(`page.${trouble}`)}
      <Button onClick={() => location.reload()}>{t('page.reload')}</Button>
    </span>
  );
}
