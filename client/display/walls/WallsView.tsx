import { Grid2x2, MonitorUp } from 'lucide-react';
import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import { WallList, type WallView } from '#contract/walls.ts';
import { Button } from '../../design/Button.tsx';
import { useTexts } from '../../desk/desk-context.ts';
import { useKept } from '../../kept/use-kept.ts';
import styles from '../DisplaysPage.module.css';
import { KeptView } from '../kept/KeptView.tsx';
import { OnIt } from '../OnIt.tsx';
import { PushDialog } from '../PushDialog.tsx';
import { TourButtons } from '../TourButtons.tsx';
import { useDisplays } from '../use-displays.ts';
import { WallEditor } from './WallEditor.tsx';

/** Walls out of several displays: what hangs where and what is on it, to put something on all of one, and to go through it. */
export function WallsView() {
  const { t } = useTexts();
  const walls = useKept('walls', WallList);
  const { displays, scenes, refresh, tour, failure } = useDisplays();
  const [pushing, setPushing] = useState<WallView>();
  const nameOf = (id: string | null) =>
    id === null ? t('displays.empty') : (displays?.find((one) => one.id === id)?.name ?? t('walls.gone'));
  const failed =
    failure === 'conflict'
      ? t('displays.changed')
      : failure && t('displays.failed', { reason: t(`errors.${failure}`) });
  return (
    <>
      <KeptView
        kind="walls"
        icon={Grid2x2}
        things={walls}
        failed={failed}
        isWhole={() => true}
        facts={(wall) => {
          const show = displayOn(displays, wall)?.show;
          return (
            <>
              <p className={styles.place}>
                {wall.places.length}×{wall.places[0]?.length ?? 0} ·{' '}
                {t('walls.facts', { x: wall.bezelXMm, y: wall.bezelYMm })} · {wall.owner}
              </p>
              <p className={styles.faint}>
                {wall.places.map((row) => row.map(nameOf).join(' | ')).join(' / ')}
              </p>
              {show ? <OnIt show={show} /> : null}
            </>
          );
        }}
        actions={(wall) => {
          const display = displayOn(displays, wall);
          return (
            <>
              <Button onClick={() => setPushing(wall)}>
                <MonitorUp size="1rem" aria-hidden="true" /> {t('displays.push')}
              </Button>
              {display ? <TourButtons display={display} tour={tour} /> : null}
            </>
          );
        }}
        editor={(props) => <WallEditor {...props} displays={displays ?? []} />}
      />
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
function displayOn(displays: readonly DisplayView[] = [], { id }: WallView): DisplayView | undefined {
  return displays
    .filter(({ show }) => show?.part?.wallId === id)
    .toSorted((a, b) => Date.parse(b.show?.pushedAt ?? '') - Date.parse(a.show?.pushedAt ?? ''))[0];
}
