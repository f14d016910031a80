import {
  Grid3x3,
  List,
  type LucideIcon,
  Map as MapIcon,
  PanelBottom,
  PanelsTopLeft,
  Sparkles,
} from 'lucide-react';
import { useState } from 'react';
import { WallGrid } from '#contract/layouts.ts';
import { MAX_COLUMNS, MAX_ROWS } from '#contract/scenes.ts';
import { Button } from '../../design/Button.tsx';
import { useDesk, useTexts, useView } from '../../desk/desk-context.ts';
import { GRID_SIZES, namedGrid } from '../grid-fit.ts';
import { isSeenHere, useRoomBeside } from '../room-beside.ts';
import styles from './LayoutMenu.module.css';

const KINDS = [
  ['auto', Sparkles],
  ['strip', PanelBottom],
  ['spotlight', PanelsTopLeft],
  ['map', MapIcon],
  ['list', List],
] as const satisfies readonly (readonly [WallGrid, LucideIcon])[];

/** How the wall is divided. */
export function GridChooser() {
  const { t } = useTexts();
  const { view } = useDesk();
  const grid = useView((state) => state.grid);
  const hasRoomBeside = useRoomBeside();
  const kinds = KINDS.filter(([kind]) => kind === grid || isSeenHere(kind, hasRoomBeside));
  return (
    <fieldset className={styles.group}>
      <legend className={styles.heading}>{t('layout.grid')}</legend>
      <div className={styles.kinds}>
        {kinds.map(([kind, Icon]) => (
          <Button key={kind} aria-pressed={grid === kind} onClick={() => view.setGrid(kind)}>
            <Icon size="1rem" aria-hidden="true" /> {t(`layout.grids.${kind}`)}
          </Button>
        ))}
      </div>
      <div className={styles.sizes}>
        {GRID_SIZES.map((size) => (
          <Button key={size} aria-pressed={grid === size} onClick={() => view.setGrid(size)}>
            {size}
          </Button>
        ))}
      </div>
      <NamedGrid />
    </fieldset>
  );
}

/** Columns and rows by hand, to 12 × 8. */
function NamedGrid() {
  const { t } = useTexts();
  const { view } = useDesk();
  const grid = useView((state) => state.grid);
  const [wish, setWish] = useState(() => namedGrid(grid) ?? { columns: 4, rows: 3 });
  const apply = (next: typeof wish) => {
    setWish(next);
    const named = WallGrid.safeParse(`${next.columns}x${next.rows}`);
    if (named.success) view.setGrid(named.data);
  };
  return (
    <div className={styles.named} data-on={namedGrid(grid) !== undefined || undefined}>
      <Grid3x3 size="1rem" aria-hidden="true" />
      <Count
        label={t('layout.columns')}
        value={wish.columns}
        max={MAX_COLUMNS}
        onChange={(columns) => apply({ ...wish, columns })}
      />
      <Count
        label={t('layout.rows')}
        value={wish.rows}
        max={MAX_ROWS}
        onChange={(rows) => apply({ ...wish, rows })}
      />
    </div>
  );
}

interface CountProps {
  label: string;
  value: number;
  max: number;
  onChange(value: number): void;
}

function Count({ label, value, max, onChange }: CountProps) {
  return (
    <label className={styles.count}>
      {label}
      <input
        className={styles.number}
        type="number"
        min={1}
        max={max}
        value={value}
        onChange={({ target }) => {
          const wish = target.valueAsNumber;
          if (Number.isInteger(wish) && wish >= 1 && wish <= max) onChange(wish);
        }}
      />
    </label>
  );
}
