import { useMemo } from 'react';
import type { RegionId } from '#contract/ids.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import type { Choice } from './choice.ts';
import type { Shapes } from './geo/shapes.ts';
import { drawIconAtlas } from './icon-atlas.ts';
import { type MapFacts, numberOf } from './map-facts.ts';
import type { Scene } from './scene.ts';
import { useFontsReady, usePalette, useScale } from './use-canvas.ts';

interface Shown {
  facts: MapFacts;
  /** Undefined until they are there, and for a nation without. */
  shapes: Shapes | undefined;
  /** Those that the filter asks for. */
  chosenRegions: readonly RegionId[];
  /** What is being picked for the wall. @default nothing */
  choice?: Choice;
}

/** What the canvas is to draw; another one only when something in it is. */
export function useScene({ facts, shapes, chosenRegions, choice = NO_CHOICE }: Shown): Scene {
  const { t, language, formats } = useTexts();
  const facilities = useLive((state) => state.registry?.facilities) ?? NONE;
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
const NO_CHOICE: Choice = new Set();
