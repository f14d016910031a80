import { useMemo } from 'react';
import { useLive, useTexts, useView } from '../desk/desk-context.ts';
import type { Choice } from './choice.ts';
import type { Shapes } from './geo/shapes.ts';
import { drawIconAtlas } from './icon-atlas.ts';
import { type MapFacts, numberOf } from './map-facts.ts';
import type { Scene } from './scene.ts';
import { useFontsReady, usePalette, useScale } from './use-canvas.ts';

/** What the canvas is to draw; another one only when something in it is. */
export function useScene(facts: MapFacts, shapes: Shapes | undefined, choice: Choice): Scene {
  const { t, language, formats } = useTexts();
  const facilities = useLive((state) => state.registry?.facilities) ?? NONE;
  const chosenRegions = useView((state) => state.filter.region);
  // The atlas of letters is drawn once, so that what is drawn before the font is there has to be drawn anew.
  const fontsReady = useFontsReady();
  const scale = useScale();
  const palette = usePalette();
  const style = useMemo(() => ({ palette, atlas: drawIconAtlas(), scale }), [palette, scale]);
  const noData = t('map.noData');
  return useMemo(
    () => ({
      facts,
      facilities,
      shapes,
      chosenRegions,
      choice,
      style,
      language,
      hasWords: fontsReady,
      noData,
      numberOf(sums) {
        const number = numberOf(facts.measure, sums);
        if (number === undefined) return '';
        return facts.measure === 'space' ? formats.decimal(number) : formats.whole(number);
      },
    }),
    [facts, facilities, shapes, chosenRegions, choice, style, language, formats, fontsReady, noData],
  );
}

const NONE: Scene['facilities'] = [];
