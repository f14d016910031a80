import { Search, X } from 'lucide-react';
import { NO_FILTER } from '#contract/area-filter.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { conditionName } from './condition-name.ts';
import { conditionsOf, toggled } from './conditions.ts';
import styles from './FilterBar.module.css';
import { FilterPanel } from './FilterPanel.tsx';
import { RegionMenu } from './RegionMenu.tsx';

/** The one filter, in one line: region, search, everything else behind a button, and what is asked for as chips. */
export function FilterBar() {
  const { t } = useTexts();
  const { view, facts, live } = useDesk();
  const filter = useView((state) => state.filter);
  return (
    <search className={styles.bar} aria-label={t('filter.label')}>
      <RegionMenu />
      <FilterPanel />
      <label className={styles.search}>
        <Search size="0.9375rem" aria-hidden="true" />
        <input
          type="search"
          className={styles.input}
          value={filter.text}
          maxLength={100}
          placeholder={t('filter.search')}
          aria-label={t('filter.search')}
          onFocus={() => facts.read(live.getState())?.search.prepare()}
          onChange={(event) => view.type(event.target.value)}
        />
      </label>
      <Chips />
      {isEmpty(filter) ? null : (
        <Button look="quiet" onClick={view.resetFilter}>
          {t('filter.reset')}
        </Button>
      )}
    </search>
  );
}

function isEmpty(filter: object): boolean {
  return JSON.stringify(filter) === JSON.stringify(NO_FILTER);
}

function Chips() {
  const { t, language } = useTexts();
  const { view } = useDesk();
  const registry = useLive((state) => state.registry);
  const filter = useView((state) => state.filter);
  const conditions = conditionsOf(filter);
  if (conditions.length === 0) return null;
  return (
    // The bar gives more than one a line of their own: see `TopBar.module.css`.
    <ul className={styles.chips} data-conditions={conditions.length > 1 ? conditions.length : undefined}>
      {conditions.map((condition) => {
        const name = conditionName(condition, { t, language, registry });
        return (
          <li key={`${condition.facet}-${condition.value}`}>
            <button
              type="button"
              className={styles.chip}
              aria-label={t('filter.remove', { name })}
              onClick={() => view.setFilter(toggled(filter, condition))}
            >
              {name}
              <X size="0.875rem" aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
