import { useCallback } from 'react';
import { useLocation } from 'wouter';
import type { FacilityId } from '#contract/ids.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { toggled } from '../wall/conditions.ts';
import { Lasso } from './Lasso.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapList } from './MapList.tsx';
import styles from './MapPage.module.css';
import { ChoiceBar, MeasureChooser } from './MapTools.tsx';
import { facilityOf, type Mark } from './marks.ts';
import { MEASURES } from './measure.ts';
import { useChoice } from './use-choice.ts';
import { useGeometry } from './use-geometry.ts';
import { useMapFacts } from './use-map-facts.ts';
import { useScene } from './use-scene.ts';
import { useTooltip } from './use-tooltip.ts';

/**
 * The country, under the same filter as the wall, on a page of its own or `beside` the tiles. Made once; while another page
 * is open it is hidden and stands still.
 */
export function MapPage({ open, beside = false }: { open: boolean; beside?: boolean }) {
  const { t } = useTexts();
  const { view } = useDesk();
  const [, navigate] = useLocation();
  const measure = useView((state) => state.measure);
  const chosen = useView((state) => state.filter.region);
  const facts = useMapFacts(open, measure);
  const shapes = useGeometry();
  const choosing = useChoice();
  const scene = useScene({
    facts,
    shapes: shapes ?? undefined,
    chosenRegions: chosen,
    choice: choosing.choice,
  });
  const tooltip = useTooltip(facts.measure);
  const nation = useLive((state) => state.registry?.nation.id);
  useShortcuts('map', open && !beside, {
    choose: choosing.toggle,
    leaveChoice: () => (choosing.isOn ? choosing.toggle() : false),
    measure: nextMeasure,
  });

  function nextMeasure() {
    const now = MEASURES.indexOf(view.store.getState().measure);
    view.setMeasure(MEASURES[(now + 1) % MEASURES.length] ?? 'state');
  }

  const toggleRegion = useCallback(
    (regionId: string) =>
      view.setFilter(toggled(view.store.getState().filter, { facet: 'region', value: regionId })),
    [view],
  );

  function showOnWall(place: string[]) {
    view.setFilter({ place });
    navigate('/');
  }

  function openMark(mark: Mark) {
    const facilityId = facilityOf(mark);
    if (mark.kind === 'region') return mark.places.forEach(toggleRegion);
    if (facilityId !== undefined) return showOnWall([facilityId]);
    navigate('/');
    view.focus(mark.id);
  }

  function showChoice() {
    showOnWall([...choosing.places]);
    choosing.toggle();
  }

  return (
    <section
      className={styles.page}
      data-open={open}
      data-beside={beside || undefined}
      data-map={nation?.toLowerCase()}
      data-outlines={shapes === undefined ? undefined : shapes !== null}
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
      <MapList
        facts={facts}
        chosen={chosen}
        choosing={choosing.isOn ? choosing : undefined}
        onRegion={toggleRegion}
        onFacility={(facilityId: FacilityId) => showOnWall([facilityId])}
      />
      <div className={styles.canvas}>
        <MapCanvas
          scene={scene}
          handling={{
            onRegion: toggleRegion,
            onMark: openMark,
            tooltip,
            over: (deck) =>
              choosing.isOn ? (
                <Lasso deck={deck} label={t('map.chooseHint')} onPlaces={choosing.add} />
              ) : null,
          }}
        />
        <div className={styles.tools}>
          <MeasureChooser />
          <ChoiceBar
            isOn={choosing.isOn}
            areas={choosing.areas}
            places={choosing.places.length}
            onToggle={choosing.toggle}
            onClear={choosing.clear}
            onShow={showChoice}
          />
        </div>
        <MapLegend />
        <p className={styles.source}>
          {shapes ? t('map.source', { name: shapes.source }) : shapes === null ? t('map.noOutlines') : ''}
        </p>
      </div>
    </section>
  );
}
