import { Popover } from '@base-ui/react/popover';
import { ListFilter } from 'lucide-react';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import { conditionName } from './condition-name.ts';
import { CHOICES, type Facet, toggled, valuesOf } from './conditions.ts';
import styles from './FilterPanel.module.css';

const FACETS = Object.keys(CHOICES) as (keyof typeof CHOICES)[];

/** Everything that can be asked for beside region and text; each choice acts at once. */
export function FilterPanel() {
  const { t } = useTexts();
  return (
    <Popover.Root>
      <Popover.Trigger render={<Button />}>
        <ListFilter size="0.9375rem" aria-hidden="true" />
        {t('filter.add')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start">
          <Popover.Popup className={styles.popup} aria-label={t('filter.label')}>
            {FACETS.map((facet) => (
              <FacetChoices key={facet} facet={facet} />
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FacetChoices({ facet }: { facet: Exclude<Facet, 'region'> }) {
  const { t, language } = useTexts();
  const { view } = useDesk();
  const filter = useView((state) => state.filter);
  const chosen = valuesOf(filter, facet);
  return (
    <fieldset className={styles.facet}>
      <legend className={styles.legend}>{t(`filter.${facet}`)}</legend>
      <div className={styles.choices}>
        {CHOICES[facet].map((value) => (
          <button
            key={value}
            type="button"
            className={styles.choice}
            aria-pressed={chosen.includes(value)}
            onClick={() => view.setFilter(toggled(filter, { facet, value }))}
          >
            {conditionName({ facet, value }, { t, language, registry: undefined })}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
