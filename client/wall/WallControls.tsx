import { Select } from '@base-ui/react/select';
import { Check, ChevronDown, ChevronLeft, ChevronRight, LayoutGrid } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import { GRID_SIZES, type GridChoice } from './grid-fit.ts';
import styles from './WallControls.module.css';

/** How many tiles, which of them, and the way to the others. */
export function WallControls() {
  return (
    <div className={styles.controls}>
      <GridChooser />
      <Pager />
    </div>
  );
}

function GridChooser() {
  const { t } = useTexts();
  const { view } = useDesk();
  const grid = useView((state) => state.grid);
  return (
    <Select.Root<GridChoice> value={grid} onValueChange={(value) => value !== null && view.setGrid(value)}>
      <Select.Trigger className={styles.trigger} aria-label={t('grid.label')}>
        <LayoutGrid size="0.9375rem" aria-hidden="true" />
        <Select.Value>{(value: GridChoice) => (value === 'auto' ? t('grid.auto') : value)}</Select.Value>
        <ChevronDown size="0.9375rem" aria-hidden="true" />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner sideOffset={6} align="end" alignItemWithTrigger={false}>
          <Select.Popup className={styles.popup}>
            {(['auto', ...GRID_SIZES] as const).map((size) => (
              <Select.Item key={size} value={size} className={styles.item}>
                <Select.ItemText>{size === 'auto' ? t('grid.auto') : size}</Select.ItemText>
                <Select.ItemIndicator>
                  <Check size="0.9375rem" aria-hidden="true" />
                </Select.ItemIndicator>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
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
