import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { NO_FILTER } from '#contract/area-filter.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './UnseenCount.module.css';

/**
 * People behind a camera that does not work: the first thing to know of the whole country. Leads to the wall with all that
 * were counted and nothing else, wherever one is; "back" leads to what was asked for before.
 */
export function UnseenCount() {
  const { t } = useTexts();
  const { selection, view } = useDesk();
  const [path, navigate] = useLocation();
  const count = useStore(selection.store, ({ unseen }) => unseen.length);
  if (count === 0) return null;
  const show = () =>
    view.step(() => {
      view.focus(null);
      if (path !== '/') navigate('/');
      view.setFilter({ ...NO_FILTER, status: ['unseen'] });
    });
  return (
    <button type="button" className={styles.count} title={t('count.unseenHint')} onClick={show}>
      {t('count.unseen', { count })}
    </button>
  );
}
