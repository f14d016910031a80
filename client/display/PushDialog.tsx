import { useState } from 'react';
import { useStore } from 'zustand';
import { type DisplayView, Pushed } from '#contract/displays.ts';
import type { AreaId } from '#contract/ids.ts';
import {
  MAX_COLUMNS,
  MAX_DWELL_S,
  MAX_ROWS,
  MAX_STEPS,
  MIN_DWELL_S,
  type SceneContent,
  SceneView,
} from '#contract/scenes.ts';
import { TourList } from '#contract/tours.ts';
import type { WallView } from '#contract/walls.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { useKept } from '../kept/use-kept.ts';
import { chosenScenes, type Source, type Wall, wallOf } from './chosen-scenes.ts';
import styles from './DisplaysPage.module.css';
import { KeptScenes } from './KeptScenes.tsx';
import { NumberField } from './NumberField.tsx';

interface PushDialogProps {
  displays: readonly DisplayView[];
  scenes: readonly SceneView[];
  /** Displays that are chosen at first. */
  chosen: readonly string[];
  /** Kept scenes have changed. */
  onScenes(): void;
  onClose(): void;
  /** Several displays as one picture, instead of single ones. */
  wall?: WallView;
  /** This area alone, instead of what the wall shows. */
  areaId?: AreaId;
}

/** Of a scene, while nobody has seen the wall. */
const FIRST_GRID = { rows: 3, columns: 4 };
/** Names of scenes are no longer. */
const MAX_NAME = 70;

const SOURCES = ['areas', 'filter', 'map', 'tour', 'scenes', 'tours'] as const satisfies readonly Source[];
const SOURCE_TEXT = {
  areas: 'fromAreas',
  filter: 'fromFilter',
  map: 'fromMap',
  tour: 'fromTour',
  scenes: 'fromScenes',
  tours: 'fromTours',
} as const;

/** Puts what the wall shows, one area, or kept scenes on displays, on all at the same moment. */
export function PushDialog(props: PushDialogProps) {
  const { displays, scenes, chosen, onScenes, onClose, wall: screens, areaId } = props;
  const { t } = useTexts();
  const { api, who } = useDesk();
  const wall = useWall(areaId);
  const { matched } = wall;
  const areaName = useAreaName(areaId);
  const onWall = screens?.places.flat().filter((id) => id !== null);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set(onWall ?? chosen));
  const [source, setSource] = useState<Source>('areas');
  const { items: tours } = useKept('tours', TourList);
  const [tourId, setTourId] = useState<string>();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [grid, setGrid] = useState(wall.grid ?? FIRST_GRID);
  const [name, setName] = useState<string>(() => areaName?.slice(0, MAX_NAME) ?? t('displays.defaultName'));
  const [dwellS, setDwellS] = useState(30);
  const [shared, setShared] = useState<'own' | 'role'>('role');
  const [pending, setPending] = useState(false);
  const [message, setMessage] = useState<string>();

  const content: readonly SceneContent[] =
    source === 'tours'
      ? (tours?.find(({ id }) => id === tourId)?.scenes ?? [])
      : source === 'scenes'
        ? picked.flatMap((id) => scenes.find((scene) => scene.id === id) ?? []).map(toContent)
        : chosenScenes(source, { name: name.trim() || t('displays.defaultName'), ...grid }, wall);
  const isTour = content.length > 1;
  const cut = source === 'tour' && matched.length > MAX_STEPS * grid.rows * grid.columns;
  const { first } = wall;
  const last = Math.min(matched.length, first + grid.rows * grid.columns);

  const say = (reason: string) => setMessage(t('displays.failed', { reason }));
  const push = async () => {
    setPending(true);
    const body = {
      displayIds: [...ids],
      scenes: content,
      dwellS,
      ...(screens ? { wallId: screens.id } : {}),
    };
    const outcome = await api.call('/api/v1/displays/push', { body, reply: Pushed });
    setPending(false);
    if (!outcome.ok) return say(t(`errors.${outcome.code}`));
    const leftOut = outcome.value.items.reduce((sum, item) => sum + item.leftOut, 0);
    if (leftOut === 0) onClose();
    else setMessage(t('displays.pushed', { count: leftOut }));
  };
  const save = async () => {
    const [scene] = content;
    if (!scene) return;
    const sharing = shared === 'role' && who.role ? { kind: 'role', role: who.role } : { kind: 'own' };
    const outcome = await api.call('/api/v1/scenes', {
      body: { ...scene, shared: sharing },
      reply: SceneView,
    });
    onScenes();
    if (outcome.ok) setMessage(t('displays.saved'));
    else say(t(`errors.${outcome.code}`));
  };
  const toggle = (id: string) =>
    setIds((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));

  return (
    <Modal
      open
      onClose={onClose}
      title={screens ? t('walls.pushTo', { name: screens.name }) : t('displays.pushTo')}
      subtitle={areaName}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void push();
        }}
      >
        {screens ? null : (
          <fieldset className={styles.choices}>
            <legend>{t('displays.title')}</legend>
            {displays.map((display) => (
              <label key={display.id} className={styles.choice}>
                <input type="checkbox" checked={ids.has(display.id)} onChange={() => toggle(display.id)} />
                {display.name}
              </label>
            ))}
          </fieldset>
        )}
        {areaId === undefined ? (
          <fieldset className={styles.choices}>
            <legend>{t('displays.from')}</legend>
            {SOURCES.map((one) => (
              <label key={one} className={styles.choice}>
                <input type="radio" name="source" checked={source === one} onChange={() => setSource(one)} />
                {t(`displays.${SOURCE_TEXT[one]}`)}
              </label>
            ))}
          </fieldset>
        ) : null}
        {source === 'tours' ? (
          <fieldset className={styles.choices}>
            <legend>{t('displays.fromTours')}</legend>
            {tours?.length === 0 ? <p className={styles.faint}>{t('tours.none')}</p> : null}
            {tours?.map((tour) => (
              <label key={tour.id} className={styles.choice}>
                <input
                  type="radio"
                  name="tour"
                  checked={tour.id === tourId}
                  onChange={() => {
                    setTourId(tour.id);
                    setDwellS(tour.dwellS);
                  }}
                />
                {tour.name} · {t('tours.facts', { count: tour.scenes.length, dwell: tour.dwellS })}
              </label>
            ))}
          </fieldset>
        ) : source === 'scenes' ? (
          <KeptScenes picked={picked} onPick={setPicked} onChange={onScenes} />
        ) : (
          <>
            <label className={styles.field}>
              {t('displays.sceneName')}
              <input
                className={styles.input}
                value={name}
                maxLength={MAX_NAME}
                onChange={(event) => setName(event.target.value)}
              />
            </label>
            {areaId === undefined ? (
              <div className={styles.pair}>
                <NumberField
                  label={t('displays.rows')}
                  value={grid.rows}
                  min={1}
                  max={MAX_ROWS}
                  onChange={(rows) => setGrid({ ...grid, rows })}
                />
                <NumberField
                  label={t('displays.columns')}
                  value={grid.columns}
                  min={1}
                  max={MAX_COLUMNS}
                  onChange={(columns) => setGrid({ ...grid, columns })}
                />
              </div>
            ) : null}
          </>
        )}
        {isTour ? (
          <NumberField
            label={t('displays.dwell')}
            value={dwellS}
            min={MIN_DWELL_S}
            max={MAX_DWELL_S}
            onChange={setDwellS}
          />
        ) : null}
        {source === 'map' ? (
          <p className={styles.fact}>
            {t('displays.mapHint', { measure: t(`map.measures.${wall.measure}`) })}
          </p>
        ) : null}
        {cut ? (
          <p className={styles.fact}>
            {t('displays.cutTour', { count: MAX_STEPS * grid.rows * grid.columns })}
          </p>
        ) : null}
        {source === 'areas' && areaId === undefined && last > first ? (
          <p className={styles.fact}>
            {t('displays.areasFrom', { from: first + 1, to: last, count: matched.length })}
          </p>
        ) : null}
        {source !== 'scenes' && source !== 'tours' && content.length === 0 ? (
          <p className={styles.fact}>{t('displays.noAreas')}</p>
        ) : null}
        {message ? (
          <p className={styles.fact} role="status">
            {message}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button
            type="submit"
            look="primary"
            disabled={pending || ids.size === 0 || content.length === 0 || content.length > MAX_STEPS}
          >
            {t('displays.push')}
          </Button>
          {source !== 'scenes' && source !== 'tours' && content.length === 1 ? (
            <>
              <Button onClick={() => void save()}>{t('displays.save')}</Button>
              <select
                className={styles.input}
                aria-label={t('displays.share')}
                value={shared}
                onChange={(event) => setShared(event.target.value === 'own' ? 'own' : 'role')}
              >
                <option value="role">{t('displays.shareRole')}</option>
                <option value="own">{t('displays.shareOwn')}</option>
              </select>
            </>
          ) : null}
        </div>
      </form>
    </Modal>
  );
}

/** What scenes are made of: the wall as it is, or one area as if the wall were that alone. */
function useWall(areaId: AreaId | undefined): Wall {
  const { selection } = useDesk();
  const matched = useStore(selection.store, (state) => state.matched);
  const page = useStore(selection.store, (state) => state.page);
  const filter = useView((state) => state.filter);
  const capacity = useView((state) => state.capacity);
  const shape = useView((state) => state.shape);
  const measure = useView((state) => state.measure);
  if (areaId !== undefined)
    return { filter, matched: [areaId], first: 0, grid: { rows: 1, columns: 1 }, measure };
  return wallOf({ filter, capacity, shape, measure }, { matched, page });
}

/** What an area and its facility are called; undefined without one. */
function useAreaName(areaId: AreaId | undefined): string | undefined {
  const { language } = useTexts();
  const area = useLive(({ registry }) => (areaId === undefined ? undefined : registry?.areaById[areaId]));
  const facility = useLive(({ registry }) => area && registry?.facilityById[area.facilityId]);
  if (!area) return areaId;
  return facility ? `${area.name[language]}, ${facility.shortName[language]}` : area.name[language];
}

function toContent({ name, rows, columns, fill }: SceneView): SceneContent {
  return { name, rows, columns, fill };
}
