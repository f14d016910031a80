import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { LayoutMenu } from './layout/LayoutMenu.tsx';
import styles from './WallControls.module.css';

/** How the wall is divided, which tiles are on it, and the way to the others. */
export function WallControls() {
  return (
    <div className={styles.controls}>
      <LayoutMenu />
      <Pager />
    </div>
  );
}

function Pager() {
  const { t } = useTexts();
  const { view, selection } = useDesk();
  const page = useStore(selection.store, (state) => state.page);
  const pages = useStore(selection.store, (state) => state.pages);
  const shown = useStore(selection.store, (state) => state.placed.length);
  const matched = useStore(selection.store, (state) => state.matched.length);
  return (
    <nav className={styles.pager} aria-label={t('pager.label')}>
      <span aria-live="polite">{t('count.shown', { shown, count: matched })}</span>
      <Button
        look="quiet"
        iconOnly
        aria-label={t('pager.previous')}
        disabled={page === 0}
        onClick={() => view.setPage(page - 1)}
      >
        <ChevronLeft size="1.125rem" aria-hidden="true" />
      </Button>
      <span className={styles.page}>{t('pager.page', { page: page + 1, pages })}</span>
      <Button
        look="quiet"
        iconOnly
        aria-label={t('pager.next')}
        disabled={page >= pages - 1}
        onClick={() => view.setPage(page + 1)}
      >
        <ChevronRight size="1.125rem" aria-hidden="true" />
      </Button>
    </nav>
  );
}
