import { useState } from 'react';
import type { Day } from '#contract/figures.ts';
import { useTexts } from '../desk/desk-context.ts';
import { formatDay, parseDay } from './days.ts';
import styles from './FiguresPage.module.css';

/**
 * A day in the order of the page's language. A browser's own date field follows the browser, which on an English system
 * shows a Ukrainian page the month first.
 */
export function DayField({ label, day, onDay }: { label: string; day: Day; onDay(day: Day): void }) {
  const { t, language } = useTexts();
  const [draft, setDraft] = useState<string>();
  const isWrong = draft !== undefined && parseDay(draft) === undefined;
  const take = () => {
    const parsed = draft === undefined ? undefined : parseDay(draft);
    if (parsed === undefined) return;
    setDraft(undefined);
    if (parsed !== day) onDay(parsed);
  };
  return (
    <label className={styles.date}>
      {label}
      <input
        className={styles.input}
        size={10}
        inputMode="numeric"
        autoComplete="off"
        placeholder={t('figures.dayOrder')}
        title={t('figures.dayOrder')}
        value={draft ?? formatDay(day, language)}
        aria-invalid={isWrong}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          take();
          setDraft(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
    </label>
  );
}
