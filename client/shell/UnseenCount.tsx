import { useStore } from 'zustand';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './UnseenCount.module.css';

/** People behind a camera that does not work: the first thing to know of the whole country. */
export function UnseenCount() {
  const { t } = useTexts();
  const { selection, view } = useDesk();
  const count = useStore(selection.store, ({ unseen }) => unseen.length);
  if (count === 0) return null;
  return (
    <button
      type="button"
      className={styles.count}
      title={t('count.unseenHint')}
      onClick={() => view.setFilter({ status: ['unseen'] })}
    >
      {t('count.unseen', { count })}
    </button>
  );
}
