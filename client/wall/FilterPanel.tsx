import { Popover } from '@base-ui/react/popover';
import { ListFilter } from 'lucide-react';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { FilterList, type KeptFilterView } from '#contract/filters.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { type Facet, valuesOf } from '../filter/facets.ts';
import type { FacetCounts } from '../filter/match.ts';
import { useFacetCounts } from '../filter/use-facet-counts.ts';
import { type KeptThings, useKept } from '../kept/use-kept.ts';
import { mayDo } from '../session/session.ts';
import { clockNormSets } from '../store/registry.ts';
import { conditionName } from './condition-name.ts';
import { CHOICES, conditionsOf, toggled } from './conditions.ts';
import { FacetToggles } from './FacetToggles.tsx';
import { FacilityFacet } from './FacilityFacet.tsx';
import styles from './FilterPanel.module.css';
import { KeptFilters } from './KeptFilters.tsx';

const FACETS = Object.keys(CHOICES) as (keyof typeof CHOICES)[];

/** Everything that can be asked for beside region and text, with how many areas there are of each; each choice acts at once. */
export function FilterPanel() {
  const { t } = useTexts();
  const { who } = useDesk();
  const [open, setOpen] = useState(false);
  const mayKeep = mayDo(who, 'layout.keep');
  // Here and not in the panel: what was taken away last can be brought back after the panel was closed.
  const filters = useKept('filters', FilterList, mayKeep && open);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger render={<Button />}>
        <ListFilter size="0.9375rem" aria-hidden="true" />
        {t('filter.add')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Popover.Popup className={styles.popup} aria-label={t('filter.label')}>
            <Choices filters={mayKeep ? filters : undefined} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices({ filters }: { filters: KeptThings<KeptFilterView> | undefined }) {
  const counts = useFacetCounts();
  const registry = useLive((state) => state.registry);
  const normSets = registry ? clockNormSets(registry) : [];
  return (
    <>
      <div className={styles.facets}>
        {FACETS.map((facet) => (
          <FacetChoices key={facet} facet={facet} values={CHOICES[facet]} counts={counts} />
        ))}
        <FacilityFacet counts={counts} />
        {normSets.length > 1 ? <FacetChoices facet="normSet" values={normSets} counts={counts} /> : null}
      </div>
      {filters ? <KeptFilters filters={filters} /> : null}
      <Foot />
    </>
  );
}

/** How many areas match, and the way back to all of them; in sight however long the list is. */
function Foot() {
  const { t } = useTexts();
  const { view, selection } = useDesk();
  const matched = useStore(selection.store, (state) => state.matched.length);
  const total = useStore(selection.store, (state) => state.total);
  const isAny = useView((state) => conditionsOf(state.filter).length > 0);
  return (
    <footer className={styles.foot}>
      <output className={styles.matched}>{t('count.shown', { shown: matched, count: total })}</output>
      <Button look="quiet" disabled={!isAny} onClick={view.resetFilter}>
        {t('filter.reset')}
      </Button>
    </footer>
  );
}

interface FacetChoicesProps {
  facet: Exclude<Facet, 'region' | 'place'>;
  values: readonly string[];
  counts: FacetCounts | undefined;
}

/** Tab leads from facet to facet, arrows from value to value. */
function FacetChoices({ facet, values, counts }: FacetChoicesProps) {
  const { t, language } = useTexts();
  const { view } = useDesk();
  const registry = useLive((state) => state.registry);
  const filter = useView((state) => state.filter);
  const label = useId();
  const chosen = valuesOf(filter, facet);
  return (
    <section className={styles.facet}>
      <h2 id={label} className={styles.legend}>
        {t(`filter.${facet}`)}
      </h2>
      <FacetToggles
        labelledBy={label}
        values={values.map((value) => ({
          value,
          name: conditionName({ facet, value }, { t, language, registry }),
          count: counts?.get(facet)?.get(value),
        }))}
        chosen={chosen}
        onToggle={(value) => view.setFilter(toggled(view.store.getState().filter, { facet, value }))}
      />
    </section>
  );
}
