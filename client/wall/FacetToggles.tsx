import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './FilterPanel.module.css';

interface FacetTogglesProps {
  /** Id of what the group is called by. */
  labelledBy: string;
  /** `count`: how many areas there would be; undefined while nobody knows. */
  values: readonly { value: string; name: string; count: number | undefined }[];
  chosen: readonly string[];
  onToggle(value: string): void;
}

/** Values of a facet, each with how many areas it would show. Arrows lead from one to the next. */
export function FacetToggles({ labelledBy, values, chosen, onToggle }: FacetTogglesProps) {
  const { t, formats } = useTexts();
  return (
    <ToggleGroup className={styles.choices} aria-labelledby={labelledBy} value={chosen} multiple>
      {values.map(({ value, name, count }) => (
        <Toggle
          key={value}
          value={value}
          className={styles.choice}
          data-none={count === 0 || undefined}
          onPressedChange={() => onToggle(value)}
        >
          <span>{name}</span>
          {count === undefined ? null : (
            <>
              <span className={styles.count} aria-hidden="true">
                {formats.whole(count)}
              </span>
              <VisuallyHidden as="span">{t('count.areas', { count })}</VisuallyHidden>
            </>
          )}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
