import { Popover } from '@base-ui/react/popover';
import { ChevronDown, LayoutGrid } from 'lucide-react';
import { useEffect, useState } from 'react';
import { LayoutList, type WallGrid } from '#contract/layouts.ts';
import { Button } from '../../design/Button.tsx';
import { useDesk, useTexts, useView } from '../../desk/desk-context.ts';
import { useKept } from '../../kept/use-kept.ts';
import { mayDo } from '../../session/session.ts';
import controls from '../WallControls.module.css';
import { GridChooser } from './GridChooser.tsx';
import { KeptLayouts } from './KeptLayouts.tsx';
import styles from './LayoutMenu.module.css';

/** How the wall is divided, and the layouts that are kept: to open, to change, to share. */
export function LayoutMenu() {
  const { t } = useTexts();
  const { view, who } = useDesk();
  const [open, setOpen] = useState(false);
  const grid = useView((state) => state.grid);
  const layoutId = useView((state) => state.layoutId);
  const isArranged = useView((state) => state.pins.length > 0);
  const mayKeep = mayDo(who, 'layout.keep');
  const layouts = useKept('layouts', LayoutList, mayKeep && (open || layoutId !== null));
  const current = layouts.items?.find(({ id }) => id === layoutId);
  const name = current?.name ?? gridName(grid, t);
  const failure = layoutId !== null && layouts.items === undefined ? layouts.failure : undefined;
  const isGone = layoutId !== null && layouts.items !== undefined && current === undefined;

  // A link that names a layout and nothing else brings the whole of it.
  useEffect(() => {
    if (current && isOnlyNamed(window.location.search)) view.openLayout(current);
  }, [current, view]);

  return (
    <>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          className={controls.trigger}
          data-layout-menu
          aria-label={`${t('layout.label')}: ${name}`}
        >
          <LayoutGrid size="0.9375rem" aria-hidden="true" />
          <span className={styles.current}>{name}</span>
          <ChevronDown size="0.9375rem" aria-hidden="true" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="end">
            <Popover.Popup className={styles.popup} aria-label={t('layout.label')}>
              <GridChooser />
              {isArranged ? <Button onClick={view.resetPins}>{t('layout.reset')}</Button> : null}
              <p className={styles.hint}>{t('layout.arrangeHint')}</p>
              {mayKeep ? <KeptLayouts layouts={layouts} current={current} /> : null}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {failure ? (
        <span className={styles.gone} role="alert" title={t(`errors.${failure}`)}>
          <span>{t('layout.notLoaded')}</span>
          <Button look="quiet" onClick={() => void layouts.refresh()}>
            {t('layout.retry')}
          </Button>
        </span>
      ) : null}
      {isGone ? (
        <span className={styles.gone} role="alert">
          <span>{t('layout.gone')}</span>
          <Button look="quiet" onClick={() => view.openLayout(null)}>
            {t('layout.dismiss')}
          </Button>
        </span>
      ) : null}
    </>
  );
}

/** What a grid is called. */
export function gridName(grid: WallGrid, t: ReturnType<typeof useTexts>['t']): string {
  switch (grid) {
    case 'auto':
    case 'strip':
    case 'spotlight':
    case 'map':
    case 'list':
      return t(`layout.grids.${grid}`);
    default:
      return grid.replace('x', '×');
  }
}

const OTHERS: ReadonlySet<string> = new Set(['layout', 'lang', 'scale']);

function isOnlyNamed(search: string): boolean {
  return [...new URLSearchParams(search).keys()].every((key) => OTHERS.has(key));
}
