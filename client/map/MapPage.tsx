import { useDeferredValue, useMemo, useRef } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { useFlagsWithin } from '../flags/use-open-flags.ts';
import { toggled } from '../wall/conditions.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapList } from './MapList.tsx';
import styles from './MapPage.module.css';
import { areasOnMap, type MapFacts, mapFacts } from './map-facts.ts';

const NOTHING: MapFacts = { facilities: [], others: [], regions: [] };

/**
 * The country, under the same filter as the wall, on a page of its own or `beside` the tiles. Made once; while another page
 * is open it is hidden and stands still.
 */
export function MapPage({ open, beside = false }: { open: boolean; beside?: boolean }) {
  const { t, language } = useTexts();
  const { view, live } = useDesk();
  const [, navigate] = useLocation();
  const facts = useDeferredValue(useMapFacts(open));
  const chosen = useView((state) => state.filter.region);

  function toggleRegion(regionId: RegionId) {
    view.setFilter(toggled(view.store.getState().filter, { facet: 'region', value: regionId }));
  }

  function showFacility(facilityId: FacilityId) {
    const facility = live.getState().registry?.facilityById[facilityId];
    if (!facility) return;
    view.setFilter({ region: [facility.regionId], text: facility.shortName[language] });
    navigate('/');
  }

  return (
    <section
      className={styles.page}
      data-open={open}
      data-beside={beside || undefined}
      data-map="ukraine"
      data-region-count={facts.regions.length}
      data-facility-count={facts.facilities.length}
      aria-label={t('map.label')}
      inert={!open}
    >
      {beside ? null : (
        <VisuallyHidden>
          <h1>{t('map.label')}</h1>
        </VisuallyHidden>
      )}
      <MapList facts={facts} chosen={chosen} onRegion={toggleRegion} onFacility={showFacility} />
      <div className={styles.canvas}>
        <MapCanvas facts={facts} chosen={chosen} onRegion={toggleRegion} onFacility={showFacility} />
        <MapLegend />
        <p className={styles.source}>{t('map.source')}</p>
      </div>
    </section>
  );
}

/** What the map shows; while it is hidden, what it last showed. */
function useMapFacts(open: boolean): MapFacts {
  const { facts, live, selection } = useDesk();
  const isMatched = useStore(selection.store, (state) => state.isMatched);
  const flags = useFlagsWithin();
  const registry = useLive((state) => state.registry);
  const regions = useLive((state) => (open ? state.regions : undefined));
  const last = useRef(NOTHING);
  const now = useMemo(() => {
    const known = regions && facts.read(live.getState());
    if (!known || !registry) return undefined;
    const areas = areasOnMap(known.country, isMatched);
    return mapFacts({ regions: registry.regions, facilities: registry.facilities, areas, flags });
  }, [live, facts, registry, regions, isMatched, flags]);
  if (now) last.current = now;
  return last.current;
}
