import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { MAX_DWELL_S, MAX_STEPS, MIN_DWELL_S, type SceneContent, type SceneView } from '#contract/scenes.ts';
import type { TourContent, TourView } from '#contract/tours.ts';
import { Button } from '../../design/Button.tsx';
import { useTexts } from '../../desk/desk-context.ts';
import styles from '../DisplaysPage.module.css';
import { gridWord } from '../grid-word.ts';
import { KeptEditor } from '../kept/KeptEditor.tsx';
import type { EditorProps } from '../kept/KeptView.tsx';
import { NumberField } from '../NumberField.tsx';
import { SceneEditor } from './SceneEditor.tsx';
import { moved } from './scene-steps.ts';
import own from './Tours.module.css';

interface TourEditorProps extends EditorProps<TourView> {
  scenes: readonly SceneView[];
}

/** A scene with a name for lists that are changed. */
interface Draft {
  key: string;
  scene: SceneContent;
}

/** Scenes in their order, how long each stays, and what each shows. */
export function TourEditor({ thing: tour, scenes, failure, onSave, onClose }: TourEditorProps) {
  const { t } = useTexts();
  const [dwellS, setDwellS] = useState(tour?.dwellS ?? 30);
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => (tour?.scenes ?? []).map(toDraft));
  const [open, setOpen] = useState<string>();
  const add = (scene: SceneContent) => {
    const draft = toDraft(scene);
    setDrafts([...drafts, draft]);
    setOpen(draft.key);
  };
  const change = (key: string, scene: SceneContent) =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { key, scene } : draft)));
  const isFull = drafts.length >= MAX_STEPS;
  const isWhole = drafts.length > 0 && drafts.every(({ scene }) => scene.name.trim() !== '');

  return (
    <KeptEditor
      kind="tours"
      thing={tour}
      failure={failure}
      isWhole={isWhole}
      onSave={(about) =>
        onSave({ ...about, dwellS, scenes: drafts.map(({ scene }) => scene) } satisfies TourContent)
      }
      onClose={onClose}
    >
      <NumberField
        label={t('displays.dwell')}
        value={dwellS}
        min={MIN_DWELL_S}
        max={MAX_DWELL_S}
        onChange={setDwellS}
      />
      <ol className={own.steps} aria-label={t('tours.order')}>
        {drafts.map(({ key, scene }, at) => (
          <li key={key} className={own.step} data-step={at}>
            <div className={own.head}>
              <span className={own.number}>{at + 1}</span>
              <button
                type="button"
                className={own.open}
                aria-expanded={open === key}
                onClick={() => setOpen(open === key ? undefined : key)}
              >
                {scene.name} · {gridWord(t, scene)}
              </button>
              <Button
                look="quiet"
                iconOnly
                disabled={at === 0}
                aria-label={t('tours.earlier', { name: scene.name })}
                onClick={() => setDrafts(moved(drafts, at, -1))}
              >
                <ArrowUp size="1rem" aria-hidden="true" />
              </Button>
              <Button
                look="quiet"
                iconOnly
                disabled={at === drafts.length - 1}
                aria-label={t('tours.later', { name: scene.name })}
                onClick={() => setDrafts(moved(drafts, at, 1))}
              >
                <ArrowDown size="1rem" aria-hidden="true" />
              </Button>
              <Button
                look="quiet"
                iconOnly
                aria-label={t('displays.remove', { name: scene.name })}
                onClick={() => setDrafts(drafts.filter((draft) => draft.key !== key))}
              >
                <Trash2 size="1rem" aria-hidden="true" />
              </Button>
            </div>
            {open === key ? <SceneEditor scene={scene} onChange={(next) => change(key, next)} /> : null}
          </li>
        ))}
      </ol>
      {drafts.length === 0 ? <p className={styles.fact}>{t('tours.noScenes')}</p> : null}
      <div className={styles.actions}>
        <Button
          disabled={isFull}
          onClick={() => add(emptyScene(t('tours.newScene', { number: drafts.length + 1 })))}
        >
          <Plus size="1rem" aria-hidden="true" /> {t('tours.addScene')}
        </Button>
        {scenes.length > 0 ? (
          <select
            className={styles.input}
            aria-label={t('tours.addKept')}
            value=""
            disabled={isFull}
            onChange={(event) => {
              const kept = scenes.find(({ id }) => id === event.target.value);
              if (kept) add({ name: kept.name, rows: kept.rows, columns: kept.columns, fill: kept.fill });
            }}
          >
            <option value="">{t('tours.addKept')}</option>
            {scenes.map(({ id, name: kept }) => (
              <option key={id} value={id}>
                {kept}
              </option>
            ))}
          </select>
        ) : null}
      </div>
    </KeptEditor>
  );
}

function toDraft(scene: SceneContent): Draft {
  return { key: crypto.randomUUID(), scene };
}

function emptyScene(name: string): SceneContent {
  const [rows, columns] = [2, 3];
  const areaIds = Array.from({ length: rows * columns }, () => null);
  return { name, rows, columns, fill: { kind: 'areas', areaIds } };
}
