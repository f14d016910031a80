import type { TFunction } from 'i18next';
import type { SceneContent } from '#contract/scenes.ts';

/** What a scene is, in a word: its rows and columns, or that it is a map. */
export function gridWord(
  t: TFunction,
  { rows, columns, fill }: Pick<SceneContent, 'rows' | 'columns' | 'fill'>,
): string {
  return fill.kind === 'map' ? t('displays.map') : `${rows}×${columns}`;
}
