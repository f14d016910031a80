import { FilterX, ServerOff } from 'lucide-react';
import { memo, useDeferredValue } from 'react';
import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { FocusView } from './FocusView.tsx';
import { AreaList } from './layout/AreaList.tsx';
import { useRoomBeside } from './room-beside.ts';
import { TileGrid } from './TileGrid.tsx';
import { useAfterFilter } from './use-after-filter.ts';
import styles from './WallPage.module.css';

/** The wall. While another page is open it stays, hidden, and lets nothing flow. */
export function WallPage({ open }: { open: boolean }) {
  const { t } = useTexts();
  const focus = useView((state) => state.focus);
  const isInFront = open && focus === null;
  // Whoever opens an area waits for that one picture; the sixty tiles behind it may stop a moment later.
  const wasInFront = useDeferredValue(isInFront);
  const grid = useView((state) => state.grid);
  const hasRoomBeside = useRoomBeside();
  return (
    <>
      <section
        className={styles.page}
        hidden={!open}
        data-beside={grid === 'map' || undefined}
        aria-label={t('wall.label')}
      >
        <VisuallyHidden>
          <h1>{t('wall.label')}</h1>
        </VisuallyHidden>
        {grid === 'list' && open && hasRoomBeside ? <AreaList /> : null}
        <div className={styles.tiles}>
          <WallContent shown={isInFront || (open && wasInFront)} />
        </div>
      </section>
      {open && focus !== null ? <FocusView key={focus} areaId={focus} /> : null}
    </>
  );
}

const WallContent = memo(function WallContent({ shown }: { shown: boolean }) {
  const { t } = useTexts();
  const { selection, view } = useDesk();
  const isLoaded = useLive((state) => state.registry !== undefined);
  const failure = useLive((state) => state.registryFailure);
  const total = useStore(selection.store, (state) => state.total);
  const matched = useAfterFilter(useStore(selection.store, (state) => state.matched.length));
  if (!isLoaded && failure)
    return <Notice icon={ServerOff} title={t('wall.failed')} hint={t('wall.failedHint')} role="alert" />;
  if (!isLoaded) return <Notice title={t('wall.loading')} />;
  if (total === 0) return <Notice title={t('wall.emptyRegistry')} hint={t('wall.emptyRegistryHint')} />;
  if (matched === 0)
    return (
      <Notice icon={FilterX} title={t('wall.emptyFilter')} hint={t('wall.emptyFilterHint')}>
        <Button look="primary" onClick={view.resetFilter}>
          {t('filter.reset')}
        </Button>
      </Notice>
    );
  return <TileGrid shown={shown} />;
});
