import { Pencil, Plus, Repeat, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { SceneList } from '#contract/scenes.ts';
import { TourList, type TourView } from '#contract/tours.ts';
import { Button } from '../../design/Button.tsx';
import { Notice } from '../../design/Notice.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { mayDo } from '../../session/session.ts';
import styles from '../DisplaysPage.module.css';
import { useKept } from '../use-kept.ts';
import { TourEditor } from './TourEditor.tsx';
import own from './Tours.module.css';

/** Tours that are kept: what is in them, how long each scene stays; to make, change and take away. */
export function ToursView() {
  const { t } = useTexts();
  const { who } = useDesk();
  const tours = useKept('tours', TourList);
  const scenes = useKept('scenes', SceneList);
  const [open, setOpen] = useState<{ tour: TourView | undefined }>();
  const may = mayDo(who, 'display.push');
  const failure = tours.failure
    ? tours.failure === 'conflict'
      ? t('tours.changed')
      : t('displays.failed', { reason: t(`errors.${tours.failure}`) })
    : undefined;
  return (
    <>
      {may ? (
        <div className={own.bar}>
          <Button look="primary" onClick={() => setOpen({ tour: undefined })}>
            <Plus size="1rem" aria-hidden="true" /> {t('tours.add')}
          </Button>
        </div>
      ) : null}
      {failure && !open ? (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      ) : null}
      {tours.items?.length === 0 ? (
        <Notice icon={Repeat} title={t('tours.none')} hint={t('tours.noneHint')} />
      ) : null}
      <ul className={own.list}>
        {tours.items?.map((tour) => (
          <li key={tour.id} className={own.row} data-tour={tour.name}>
            <div>
              <h2 className={styles.name}>{tour.name}</h2>
              <p className={styles.place}>
                {t('tours.facts', { count: tour.scenes.length, dwell: tour.dwellS })} · {tour.owner}
              </p>
              <p className={styles.faint}>{tour.scenes.map(({ name }) => name).join(' → ')}</p>
              {tour.leftOut > 0 ? (
                <p className={styles.fact}>{t('displays.leftOut', { count: tour.leftOut })}</p>
              ) : null}
            </div>
            {may ? (
              <div className={styles.actions}>
                <Button disabled={tour.leftOut > 0} onClick={() => setOpen({ tour })}>
                  <Pencil size="1rem" aria-hidden="true" /> {t('tours.edit')}
                </Button>
                <Button
                  look="quiet"
                  iconOnly
                  aria-label={t('tours.remove', { name: tour.name })}
                  onClick={() => void tours.remove(tour)}
                >
                  <Trash2 size="1rem" aria-hidden="true" />
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {open ? (
        <TourEditor
          tour={open.tour}
          scenes={scenes.items ?? []}
          failure={failure}
          onSave={async (content) => {
            if (await tours.save(content, open.tour)) setOpen(undefined);
          }}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </>
  );
}
