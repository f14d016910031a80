import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import type { Sharing } from '#contract/kept.ts';
import {
  MAX_WALL_COLUMNS,
  MAX_WALL_ROWS,
  type WallContent,
  WallPlaces,
  type WallView,
} from '#contract/walls.ts';
import { Button } from '../../design/Button.tsx';
import { Modal } from '../../design/Modal.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { ShareField } from '../../wall/layout/ShareField.tsx';
import styles from '../DisplaysPage.module.css';
import { NumberField } from '../NumberField.tsx';
import own from '../tours/Tours.module.css';

interface WallEditorProps {
  /** The wall that is changed; a new one without. */
  wall: WallView | undefined;
  displays: readonly DisplayView[];
  failure: string | undefined;
  onSave(content: WallContent & { shared: Sharing }): Promise<void>;
  onClose(): void;
}

type Places = WallContent['places'];

/** Which displays hang where, and how thick the frames between their pictures are. */
export function WallEditor({ wall, displays, failure, onSave, onClose }: WallEditorProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [name, setName] = useState(wall?.name ?? '');
  const [places, setPlaces] = useState<Places>(wall?.places ?? [[null, null]]);
  const [bezel, setBezel] = useState({ x: wall?.bezelXMm ?? 4, y: wall?.bezelYMm ?? 4 });
  const [shared, setShared] = useState<Sharing>(
    () => wall?.shared ?? (who.role ? { kind: 'role', role: who.role } : { kind: 'own' }),
  );
  const [pending, setPending] = useState(false);
  const rows = places.length;
  const columns = places[0]?.length ?? 1;
  const slots = places.flatMap((ids, row) =>
    ids.map((id, column) => ({ key: `${row} ${column}`, id, row, column })),
  );
  const isWhole = name.trim() !== '' && WallPlaces.safeParse(places).success;
  const save = async () => {
    setPending(true);
    await onSave({ name: name.trim(), places, bezelXMm: bezel.x, bezelYMm: bezel.y, shared });
    setPending(false);
  };
  return (
    <Modal
      open
      onClose={onClose}
      title={wall ? t('walls.change', { name: wall.name }) : t('walls.add')}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void save();
        }}
      >
        <label className={styles.field}>
          {t('walls.name')}
          <input
            className={styles.input}
            value={name}
            maxLength={80}
            required
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <div className={styles.pair}>
          <NumberField
            label={t('displays.rows')}
            value={rows}
            min={1}
            max={MAX_WALL_ROWS}
            onChange={(next) => setPlaces(sized(places, next, columns))}
          />
          <NumberField
            label={t('displays.columns')}
            value={columns}
            min={1}
            max={MAX_WALL_COLUMNS}
            onChange={(next) => setPlaces(sized(places, rows, next))}
          />
          <NumberField
            label={t('walls.bezelX')}
            value={bezel.x}
            min={0}
            max={300}
            onChange={(x) => setBezel({ ...bezel, x })}
          />
          <NumberField
            label={t('walls.bezelY')}
            value={bezel.y}
            min={0}
            max={300}
            onChange={(y) => setBezel({ ...bezel, y })}
          />
        </div>
        <fieldset
          className={own.places}
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
        >
          <legend className={styles.fact}>{t('walls.places')}</legend>
          {slots.map(({ key, id, row, column }) => (
            <select
              key={key}
              className={styles.input}
              aria-label={t('walls.place', { row: row + 1, column: column + 1 })}
              value={id ?? ''}
              onChange={(event) =>
                setPlaces(withDisplay(places, { row, column }, event.target.value || null))
              }
            >
              <option value="">{t('displays.empty')}</option>
              {displays.map((display) => (
                <option key={display.id} value={display.id}>
                  {display.name}
                </option>
              ))}
            </select>
          ))}
        </fieldset>
        <ShareField value={shared} onChange={setShared} />
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending || !isWhole}>
            {t('walls.save')}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}

function sized(places: Places, rows: number, columns: number): Places {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => places[row]?.[column] ?? null),
  );
}

/** A display in a place; it leaves the one where it was. */
function withDisplay(places: Places, at: { row: number; column: number }, displayId: string | null): Places {
  return places.map((ids, row) =>
    ids.map((id, column) => {
      if (row === at.row && column === at.column) return displayId;
      return id === displayId ? null : id;
    }),
  );
}
