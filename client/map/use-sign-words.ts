import { useTexts } from '../desk/desk-context.ts';
import type { Measure, Sign } from './measure.ts';

/** What a sign says, in words. */
export function useSignWords(measure: Measure): (sign: Sign) => string {
  const { t } = useTexts();
  return (sign) => {
    switch (sign) {
      case '1':
      case '2':
      case '3':
      case '4':
        return t(`levels.${sign}`);
      case 'unseen':
        return t('map.noPicture');
      case 'breached':
        return t('filter.clocks.breached');
      case 'note':
        return t('filter.spaces.note');
      case 'red':
      case 'amber':
        return t(measure === 'clock' ? `filter.clocks.${sign}` : `filter.spaces.${sign}`);
      case 'calm':
        return t(`map.calms.${measure}`);
      case 'empty':
        return t('map.nobody');
      case 'unknown':
        return t('map.noNews');
    }
  };
}
