import { useEffect } from 'react';
import { SceneList } from '#contract/scenes.ts';
import { Failure } from '../design/Field.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { KeptTools, RemovedKept } from '../kept/KeptTools.tsx';
import { useKept } from '../kept/use-kept.ts';
import styles from './DisplaysPage.module.css';
import { gridWord } from './grid-word.ts';

interface KeptScenesProps {
  /** Ids in the order in which they were chosen. */
  picked: readonly string[];
  onPick(ids: readonly string[]): void;
  /** Kept scenes have changed. */
  onChange(): void;
}

/** Scenes that the server keeps, to choose from; to bring back what one was, and to take one away. */
export function KeptScenes({ picked, onPick, onChange }: KeptScenesProps) {
  const { t } = useTexts();
  const scenes = useKept('scenes', SceneList);
  const { items, failure } = scenes;
  useEffect(() => {
    if (items) onChange();
  }, [items, onChange]);
  return (
    <fieldset className={styles.choices}>
      <legend>{t('displays.fromScenes')}</legend>
      {items?.length === 0 ? <p className={styles.faint}>{t('displays.noScenes')}</p> : null}
      {items?.map((scene) => (
        <div key={scene.id} className={styles.kept}>
          <label className={styles.choice}>
            <input
              type="checkbox"
              checked={picked.includes(scene.id)}
              onChange={() =>
                onPick(
                  picked.includes(scene.id) ? picked.filter((id) => id !== scene.id) : [...picked, scene.id],
                )
              }
            />
            {scene.name} · {gridWord(t, scene)}
          </label>
          <KeptTools thing={scene} kept={scenes} />
        </div>
      ))}
      <RemovedKept kept={scenes} />
      <Failure>{failure && t('displays.failed', { reason: t(`errors.${failure}`) })}</Failure>
    </fieldset>
  );
}
