import { Repeat } from 'lucide-react';
import { SceneList } from '#contract/scenes.ts';
import { TourList } from '#contract/tours.ts';
import { useTexts } from '../../desk/desk-context.ts';
import { useKept } from '../../kept/use-kept.ts';
import styles from '../DisplaysPage.module.css';
import { KeptView } from '../kept/KeptView.tsx';
import { TourEditor } from './TourEditor.tsx';

/** Tours that are kept: what is in them, and how long each scene stays. */
export function ToursView() {
  const { t } = useTexts();
  const tours = useKept('tours', TourList);
  const scenes = useKept('scenes', SceneList);
  return (
    <KeptView
      kind="tours"
      icon={Repeat}
      things={tours}
      isWhole={({ leftOut }) => leftOut === 0}
      facts={(tour) => (
        <>
          <p className={styles.place}>
            {t('tours.facts', { count: tour.scenes.length, dwell: tour.dwellS })} · {tour.owner}
          </p>
          <p className={styles.faint}>{tour.scenes.map(({ name }) => name).join(' → ')}</p>
          {tour.leftOut > 0 ? (
            <p className={styles.fact}>{t('displays.leftOut', { count: tour.leftOut })}</p>
          ) : null}
        </>
      )}
      editor={(props) => <TourEditor {...props} scenes={scenes.items ?? []} />}
    />
  );
}
