import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { LassoSelect } from 'lucide-react';
import { MAX_PLACES } from '#contract/area-filter.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import styles from './MapTools.module.css';
import { MEASURES } from './measure.ts';

/** What the signs on the map tell. */
export function MeasureChooser() {
  const { t } = useTexts();
  const { view } = useDesk();
  const measure = useView((state) => state.measure);
  return (
    <ToggleGroup
      className={styles.measures}
      aria-label={t('map.measure')}
      value={[measure]}
      onValueChange={([next]) => next && view.setMeasure(next)}
    >
      {MEASURES.map((one) => (
        <Toggle key={one} value={one} className={styles.measure}>
          {t(`map.measures.${one}`)}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}

interface ChoiceBarProps {
  isOn: boolean;
  /** Areas that match, and places that a link would name. */
  areas: number;
  places: number;
  onToggle(): void;
  onClear(): void;
  onShow(): void;
}

/** Picks places for the wall: by a line around them, or in the list. */
export function ChoiceBar({ isOn, areas, places, onToggle, onClear, onShow }: ChoiceBarProps) {
  const { t } = useTexts();
  if (!isOn)
    return (
      <Button onClick={onToggle} aria-pressed={false}>
        <LassoSelect size="1rem" aria-hidden="true" />
        {t('map.choose')}
      </Button>
    );
  const isTooMuch = places > MAX_PLACES;
  return (
    <section className={styles.choice} aria-label={t('map.choose')}>
      <output className={styles.hint}>
        {areas === 0
          ? t('map.chooseHint')
          : isTooMuch
            ? t('map.tooMany', { count: MAX_PLACES })
            : t('map.chosen', { count: areas })}
      </output>
      <div className={styles.actions}>
        <Button look="primary" disabled={areas === 0 || isTooMuch} onClick={onShow}>
          {t('map.toWall')}
        </Button>
        <Button disabled={places === 0} onClick={onClear}>
          {t('map.clear')}
        </Button>
        <Button onClick={onToggle}>{t('map.chooseEnd')}</Button>
      </div>
    </section>
  );
}
