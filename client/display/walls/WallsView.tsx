import { Grid2x2, MonitorUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import { WallList, type WallView } from '#contract/walls.ts';
import { Button } from '../../design/Button.tsx';
import { Notice } from '../../design/Notice.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { mayDo } from '../../session/session.ts';
import styles from '../DisplaysPage.module.css';
import { OnIt } from '../OnIt.tsx';
import { PushDialog } from '../PushDialog.tsx';
import { TourButtons } from '../TourButtons.tsx';
import own from '../tours/Tours.module.css';
import { useDisplays } from '../use-displays.ts';
import { useKept } from '../use-kept.ts';
import { WallEditor } from './WallEditor.tsx';

/** Walls out of several displays: what hangs where; to make, to change, and to put something on all of one. */
export function WallsView() {
  const { t } = useTexts();
  const { who } = useDesk();
  const walls = useKept('walls', WallList);
  const { displays, scenes, refresh, tour, failure: lost } = useDisplays();
  const [open, setOpen] = useState<{ wall: WallView | undefined }>();
  const [pushing, setPushing] = useState<WallView>();
  const may = mayDo(who, 'display.push');
  const nameOf = (id: string | null) =>
    id === null ? t('displays.empty') : (displays?.find((one) => one.id === id)?.name ?? t('walls.gone'));
  const failure = walls.failure
    ? walls.failure === 'conflict'
      ? t('tours.changed')
      : t('displays.failed', { reason: t(`errors.${walls.failure}`) })
    : undefined;
  const touring =
    lost &&
    (lost === 'conflict' ? t('displays.changed') : t('displays.failed', { reason: t(`errors.${lost}`) }));
  return (
    <>
      {may ? (
        <div className={own.bar}>
          <Button look="primary" onClick={() => setOpen({ wall: undefined })}>
            <Plus size="1rem" aria-hidden="true" /> {t('walls.add')}
          </Button>
        </div>
      ) : null}
      {(failure ?? touring) && !open ? (
        <p className={styles.failure} role="alert">
          {failure ?? touring}
        </p>
      ) : null}
      {walls.items?.length === 0 ? (
        <Notice icon={Grid2x2} title={t('walls.none')} hint={t('walls.noneHint')} />
      ) : null}
      <ul className={own.list}>
        {walls.items?.map((wall) => {
          const on = displayOn(displays ?? [], wall.id);
          return (
            <li key={wall.id} className={own.row} data-wall={wall.name}>
              <div>
                <h2 className={styles.name}>{wall.name}</h2>
                <p className={styles.place}>
                  {wall.places.length}×{wall.places[0]?.length ?? 0} ·{' '}
                  {t('walls.facts', { x: wall.bezelXMm, y: wall.bezelYMm })} · {wall.owner}
                </p>
                <p className={styles.faint}>
                  {wall.places.map((row) => row.map(nameOf).join(' | ')).join(' / ')}
                </p>
                {on?.show ? <OnIt show={on.show} /> : null}
              </div>
              {may ? (
                <div className={styles.actions}>
                  <Button onClick={() => setPushing(wall)}>
                    <MonitorUp size="1rem" aria-hidden="true" /> {t('displays.push')}
                  </Button>
                  {on ? <TourButtons display={on} tour={tour} /> : null}
                  <Button onClick={() => setOpen({ wall })}>
                    <Pencil size="1rem" aria-hidden="true" /> {t('tours.edit')}
                  </Button>
                  <Button
                    look="quiet"
                    iconOnly
                    aria-label={t('walls.remove', { name: wall.name })}
                    onClick={() => void walls.remove(wall)}
                  >
                    <Trash2 size="1rem" aria-hidden="true" />
                  </Button>
                </div>
              ) : null}
            </li>
          );
        })}
      </ul>
      {open ? (
        <WallEditor
          wall={open.wall}
          displays={displays ?? []}
          failure={failure}
          onSave={async (content) => {
            if (await walls.save(content, open.wall)) setOpen(undefined);
          }}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {pushing && displays ? (
        <PushDialog
          displays={displays}
          scenes={scenes}
          chosen={[]}
          wall={pushing}
          onScenes={refresh}
          onClose={() => {
            setPushing(undefined);
            refresh();
          }}
        />
      ) : null}
    </>
  );
}

/** A display that shows a part of what was put on a wall last. */
function displayOn(displays: readonly DisplayView[], wallId: string): DisplayView | undefined {
  return displays
    .filter(({ show }) => show?.part?.wallId === wallId)
    .toSorted((a, b) => Date.parse(b.show?.pushedAt ?? '') - Date.parse(a.show?.pushedAt ?? ''))[0];
}
