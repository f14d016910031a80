import { useDeferredValue, useId, useState } from 'react';
import control from '../design/Control.module.css';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import type { FacetCounts } from '../filter/match.ts';
import { FacetToggles } from './FacetToggles.tsx';
import styles from './FilterPanel.module.css';
import { facilityChoices, withFacility } from './facility-choices.ts';

/** Which facilities: there are hundreds, so they are looked for by name. Whoever sees one only has nothing to choose. */
export function FacilityFacet({ counts }: { counts: FacetCounts | undefined }) {
  const { t, language } = useTexts();
  const { view } = useDesk();
  const registry = useLive((state) => state.registry);
  const chosen = useView((state) => state.filter.place);
  const [text, setText] = useState('');
  const wish = useDeferredValue(text);
  const label = useId();
  if (!registry || registry.facilities.length < 2) return null;
  const areas = counts?.get('place');
  const { shown, more } = facilityChoices(registry.facilities, {
    text: wish,
    chosen,
    counts: areas,
    regionName: (id) => registry.regionById[id]?.name,
  });
  return (
    <section className={styles.facet}>
      <h2 id={label} className={styles.legend}>
        {t('filter.facility')}
      </h2>
      <input
        type="search"
        className={`${control.control} ${styles.within}`}
        value={text}
        maxLength={100}
        placeholder={t('filter.facilitySearch')}
        aria-label={t('filter.facilitySearch')}
        onChange={({ target }) => setText(target.value)}
      />
      <FacetToggles
        labelledBy={label}
        values={shown.map(({ id, shortName }) => ({
          value: id,
          name: shortName[language],
          count: areas?.get(id),
        }))}
        chosen={chosen}
        onToggle={(id) => view.setFilter({ place: withFacility(view.store.getState().filter.place, id) })}
      />
      <p className={styles.more} role="status">
        {shown.length === 0
          ? t('filter.facilityNone')
          : more > 0
            ? t('filter.facilityMore', { count: more })
            : ''}
      </p>
    </section>
  );
}
