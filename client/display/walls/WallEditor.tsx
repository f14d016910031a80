import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import {
  MAX_WALL_COLUMNS,
  MAX_WALL_ROWS,
  type WallContent,
  WallPlaces,
  type WallView,
} from '#contract/walls.ts';
import { useTexts } from '../../desk/desk-context.ts';
import styles from '../DisplaysPage.module.css';
import { KeptEditor } from '../kept/KeptEditor.tsx';
import type { EditorProps } from '../kept/KeptView.tsx';
import { NumberField } from '../NumberField.tsx';
import own from './Walls.module.css';

interface WallEditorProps extends EditorProps<WallView> {
  displays: readonly DisplayView[];
}

type Places = WallContent['places'];

/** Which displays hang where, and how thick the frames between their pictures are. */
export function WallEditor({ thing: wall, displays, failure, onSave, onClose }: WallEditorProps) {
  const { t } = useTexts();
  const [places, setPlaces] = useState<Places>(wall?.places ?? [[null, null]]);
  const [bezel, setBezel] = useState({ x: wall?.bezelXMm ?? 4, y: wall?.bezelYMm ?? 4 });
  const rows = places.length;
  const columns = places[0]?.length ?? 1;
  const slots = places.flatMap((ids, row) =>
    ids.map((id, column) => ({ key: `${row} ${column}`, id, row, column })),
  );
  return (
    <KeptEditor
      kind="walls"
      thing={wall}
      failure={failure}
      isWhole={WallPlaces.safeParse(places).success}
      onSave={(about) =>
        onSave({ ...about, places, bezelXMm: bezel.x, bezelYMm: bezel.y } satisfies WallContent)
      }
      onClose={onClose}
    >
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
      <fieldset className={own.places} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        <legend className={styles.fact}>{t('walls.places')}</legend>
        {slots.map(({ key, id, row, column }) => (
          <select
            key={key}
            className={styles.input}
            aria-label={t('walls.place', { row: row + 1, column: column + 1 })}
            value={id ?? ''}
            onChange={(event) => setPlaces(withDisplay(places, { row, column }, event.target.value || null))}
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
    </KeptEditor>
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
