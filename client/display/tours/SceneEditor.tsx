import { useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { MAX_COLUMNS, MAX_ROWS, type SceneContent, type SceneFill } from '#contract/scenes.ts';
import { Button } from '../../design/Button.tsx';
import { useDesk, useLive, useTexts } from '../../desk/desk-context.ts';
import { areaCommands } from '../../shell/palette/commands.ts';
import { useFilterWords } from '../../wall/use-filter-words.ts';
import { asOnWall, wallOf } from '../chosen-scenes.ts';
import styles from '../DisplaysPage.module.css';
import { NumberField } from '../NumberField.tsx';
import { placed, resized } from './scene-steps.ts';
import own from './Tours.module.css';

interface SceneEditorProps {
  scene: SceneContent;
  onChange(scene: SceneContent): void;
}

/** One scene: its name, its places, and which area is in each. */
export function SceneEditor({ scene, onChange }: SceneEditorProps) {
  const { t } = useTexts();
  const { view, selection } = useDesk();
  const [place, setPlace] = useState(0);
  const { fill, rows, columns } = scene;
  const count = rows * columns;
  const fromWall = () => onChange(asOnWall(scene, wallOf(view.store.getState(), selection.store.getState())));
  return (
    <div className={styles.form}>
      <label className={styles.field}>
        {t('displays.sceneName')}
        <input
          className={styles.input}
          value={scene.name}
          maxLength={80}
          required
          onChange={(event) => onChange({ ...scene, name: event.target.value })}
        />
      </label>
      <div className={styles.pair}>
        <NumberField
          label={t('displays.rows')}
          value={rows}
          min={1}
          max={MAX_ROWS}
          onChange={(next) => onChange(resized(scene, next, columns))}
        />
        <NumberField
          label={t('displays.columns')}
          value={columns}
          min={1}
          max={MAX_COLUMNS}
          onChange={(next) => onChange(resized(scene, rows, next))}
        />
      </div>
      <div className={styles.actions}>
        <Button aria-pressed={fill.kind === 'areas'} onClick={fromWall}>
          {t('tours.fromWall')}
        </Button>
        <Button
          aria-pressed={fill.kind === 'filter'}
          onClick={() =>
            onChange({ ...scene, fill: { kind: 'filter', filter: view.store.getState().filter } })
          }
        >
          {t('tours.fromFilter')}
        </Button>
        <Button
          aria-pressed={fill.kind === 'map'}
          onClick={() => {
            const { filter, measure } = view.store.getState();
            onChange({ ...scene, fill: { kind: 'map', filter, measure } });
          }}
        >
          {t('tours.fromMap')}
        </Button>
      </div>
      {fill.kind === 'areas' ? (
        <>
          <ul
            className={own.cells}
            aria-label={t('tours.cells')}
            style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          >
            {Array.from({ length: count }, (_, at) => at).map((at) => (
              <li key={at}>
                <CellButton
                  areaId={fill.areaIds[at] ?? null}
                  place={at}
                  chosen={at === place}
                  onChoose={setPlace}
                />
              </li>
            ))}
          </ul>
          <CellChooser
            key={place}
            place={Math.min(place, count - 1)}
            onChoose={(areaId) => {
              onChange(placed(scene, Math.min(place, count - 1), areaId));
              if (areaId !== null) setPlace(Math.min(place + 1, count - 1));
            }}
          />
        </>
      ) : (
        <AskedFor fill={fill} />
      )}
    </div>
  );
}

/** What stands in a scene whose areas are found while it is on. */
function AskedFor({ fill }: { fill: Exclude<SceneFill, { kind: 'areas' }> }) {
  const { t } = useTexts();
  const words = useFilterWords(fill.filter);
  return (
    <>
      <p className={styles.fact}>
        {fill.kind === 'map'
          ? t('tours.mapHint', { measure: t(`map.measures.${fill.measure}`) })
          : t('tours.filterHint')}
      </p>
      <p className={styles.fact}>{words === '' ? t('tours.noFilter') : words}</p>
    </>
  );
}

interface CellButtonProps {
  areaId: AreaId | null;
  place: number;
  chosen: boolean;
  onChoose(place: number): void;
}

function CellButton({ areaId, place, chosen, onChoose }: CellButtonProps) {
  const { t, language } = useTexts();
  const area = useLive(({ registry }) => (areaId === null ? undefined : registry?.areaById[areaId]));
  const facility = useLive(({ registry }) => area && registry?.facilityById[area.facilityId]);
  const name = area
    ? `${area.name[language]}, ${facility?.shortName[language] ?? ''}`
    : areaId === null
      ? t('displays.empty')
      : t('tours.gone');
  return (
    <button
      type="button"
      className={own.cell}
      aria-pressed={chosen}
      aria-label={`${place + 1}: ${name}`}
      onClick={() => onChoose(place)}
    >
      {name}
    </button>
  );
}

/** Which area is to be in the place that was chosen. */
function CellChooser({ place, onChoose }: { place: number; onChoose(areaId: AreaId | null): void }) {
  const { t, language } = useTexts();
  const { facts, live } = useDesk();
  const [text, setText] = useState('');
  const found = areaCommands(facts.read(live.getState()), text, language);
  return (
    <div className={own.chooser}>
      <label className={styles.field}>
        {t('tours.areaOf', { place: place + 1 })}
        <input
          className={styles.input}
          type="search"
          value={text}
          placeholder={t('filter.search')}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className={styles.actions}>
        {found.map(({ id, label, hint, act }) =>
          act.kind === 'area' ? (
            <Button key={id} onClick={() => onChoose(act.areaId)}>
              {label}, {hint}
            </Button>
          ) : null,
        )}
        <Button look="quiet" onClick={() => onChoose(null)}>
          {t('tours.clear')}
        </Button>
      </div>
    </div>
  );
}
