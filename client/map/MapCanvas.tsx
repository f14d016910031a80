import { type MapViewState, type PickingInfo, WebMercatorViewport } from '@deck.gl/core';
import { DeckGL } from '@deck.gl/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import {
  type Bounds,
  boundsOf,
  loadCountryShapes,
  loadRegionShapes,
  type RegionShape,
} from './geo/shapes.ts';
import { drawIconAtlas } from './icon-atlas.ts';
import {
  countryLayer,
  facilityLabelLayer,
  facilityLayer,
  hatchLayer,
  hatchStrokes,
  labelLayer,
  type MapStyle,
  otherFacilityLayer,
  regionLabels,
  regionLayer,
} from './layers.ts';
import styles from './MapCanvas.module.css';
import type { FacilityFacts, MapFacts } from './map-facts.ts';
import { type Size, supportsWebgl, useFontsReady, usePalette, useScale, useSize } from './use-canvas.ts';

interface MapCanvasProps {
  facts: MapFacts;
  chosen: readonly RegionId[];
  onRegion(regionId: RegionId): void;
  onFacility(facilityId: FacilityId): void;
}

/** Time for the driver to settle before a lost canvas is made anew. */
const RESTORE_MS = 1_000;

/** The canvas, or why there is none. A context that is lost (a driver that restarts, a machine that slept) comes back. */
export function MapCanvas(props: MapCanvasProps) {
  const { t } = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [isLost, setLost] = useState(false);
  const [hasWebgl] = useState(supportsWebgl);

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const onLost = (event: Event) => {
      event.preventDefault();
      setLost(true);
    };
    element.addEventListener('webglcontextlost', onLost, true);
    return () => element.removeEventListener('webglcontextlost', onLost, true);
  }, []);

  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setTimeout(() => {
      setAttempt((before) => before + 1);
      setLost(false);
    }, RESTORE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);

  return (
    <div ref={host} className={styles.host} data-webgl={hasWebgl ? (isLost ? 'lost' : 'ready') : 'none'}>
      {hasWebgl ? null : <Notice title={t('map.noWebgl')} hint={t('map.noWebglHint')} />}
      {isLost ? <Notice title={t('map.lost')} /> : null}
      {hasWebgl && !isLost ? <Canvas key={attempt} {...props} /> : null}
    </div>
  );
}

function Canvas({ facts, chosen, onRegion, onFacility }: MapCanvasProps) {
  const { t, language } = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const fontsReady = useFontsReady();
  const shapes = useMemo(() => ({ regions: loadRegionShapes(), countries: loadCountryShapes() }), []);
  const scale = useScale();
  const palette = usePalette();
  const style: MapStyle = useMemo(
    () => ({ palette, atlas: drawIconAtlas(), language, scale }),
    [palette, language, scale],
  );
  const bounds = useMemo(() => chosenBounds(shapes.regions, chosen), [shapes, chosen]);
  const initialViewState = useMemo(() => size && fitView(size, bounds), [size, bounds]);
  const noData = t('map.noData');

  const layers = useMemo(() => {
    const byId = new Map(facts.regions.map((region) => [region.region.id, region]));
    const regions = { shapes: shapes.regions, facts: byId, chosen };
    return [
      countryLayer(shapes.countries, style),
      regionLayer(regions, style),
      hatchLayer(hatchStrokes(regions), style),
      fontsReady ? labelLayer(regionLabels(regions, style.language, noData), style) : null,
      otherFacilityLayer(facts.others, style),
      fontsReady && isClose(chosen) ? facilityLabelLayer(facts.facilities, style) : null,
      facilityLayer(facts.facilities, style),
    ];
  }, [facts, shapes, chosen, style, fontsReady, noData]);

  const onClick = ({ layer, object }: PickingInfo) => {
    if (layer?.id === 'facilities') onFacility((object as FacilityFacts).facility.id);
    if (layer?.id === 'regions') onRegion((object as RegionShape).properties.iso);
  };
  return (
    <div ref={host} className={styles.canvas}>
      {initialViewState ? (
        <DeckGL
          initialViewState={initialViewState}
          controller={{
            dragRotate: false,
            touchRotate: false,
            keyboard: { rotateSpeedX: 0, rotateSpeedY: 0 },
          }}
          layers={layers}
          onClick={onClick}
          pickingRadius={6}
          getCursor={({ isDragging, isHovering }) =>
            isDragging ? 'grabbing' : isHovering ? 'pointer' : 'grab'
          }
          getTooltip={({ layer, object }) => tooltip(layer?.id, object, language)}
        />
      ) : null}
    </div>
  );
}

function tooltip(layer: string | undefined, object: unknown, language: 'uk' | 'en') {
  if (layer !== 'facilities' || !object) return null;
  const { facility, flags, headcount } = object as FacilityFacts;
  return { text: `${facility.shortName[language]} · ${headcount}${flags > 0 ? ` · \u2691 ${flags}` : ''}` };
}

function fitView({ width, height }: Size, [west, south, east, north]: Bounds): MapViewState {
  const viewport = new WebMercatorViewport({ width, height });
  const { longitude, latitude, zoom } = viewport.fitBounds(
    [
      [west, south],
      [east, north],
    ],
    { padding: Math.min(24, width / 16, height / 16), maxZoom: 9 },
  );
  return { longitude, latitude, zoom, minZoom: zoom - 1, maxZoom: 12, pitch: 0, bearing: 0 };
}

/** So few regions fill the canvas that their facilities have room for names. */
function isClose(chosen: readonly RegionId[]): boolean {
  return chosen.length > 0 && chosen.length <= 3;
}

function chosenBounds(shapes: readonly RegionShape[], chosen: readonly RegionId[]): Bounds {
  const some = shapes.filter(({ properties }) => chosen.includes(properties.iso));
  return boundsOf(some.length > 0 ? some : shapes);
}
