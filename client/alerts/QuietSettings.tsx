import type { QuietHours } from '#contract/alerts.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './AlertSettingsPage.module.css';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** What is proposed first: a night. */
const NIGHT: QuietHours = { days: [...DAYS], from: '22:00', to: '06:00' };

/** When alerts wait. */
export function QuietSettings({
  quiet,
  onChange,
}: {
  quiet: QuietHours | null;
  onChange(quiet: QuietHours | null): void;
}) {
  const { t } = useTexts();
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{t('alerts.settings.quiet')}</h2>
      <p className={styles.hint}>{t('alerts.settings.quietHint')}</p>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={(event) => onChange(event.target.checked ? NIGHT : null)}
        />
        {t('alerts.settings.quietOn')}
      </label>
      {quiet ? <Hours quiet={quiet} onChange={onChange} /> : null}
    </section>
  );
}

function Hours({ quiet, onChange }: { quiet: QuietHours; onChange(quiet: QuietHours): void }) {
  const { t } = useTexts();
  const toggle = (day: number) => {
    const days = quiet.days.includes(day) ? quiet.days.filter((one) => one !== day) : [...quiet.days, day];
    // Without a day there would be no quiet hours, which the box above says.
    if (days.length > 0) onChange({ ...quiet, days: days.toSorted() });
  };
  return (
    <>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('alerts.settings.days')}</legend>
        <div className={styles.choices}>
          {DAYS.map((day) => (
            <label key={day} className={styles.choice} data-chosen={quiet.days.includes(day) || undefined}>
              <input type="checkbox" checked={quiet.days.includes(day)} onChange={() => toggle(day)} />
              {t(`alerts.settings.dayNames.${day}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <div className={styles.line}>
        {(['from', 'to'] as const).map((end) => (
          <label key={end} className={styles.field}>
            <span className={styles.legend}>{t(`alerts.settings.${end}`)}</span>
            <input
              type="time"
              required
              value={quiet[end]}
              onChange={(event) => event.target.value && onChange({ ...quiet, [end]: event.target.value })}
            />
          </label>
        ))}
      </div>
    </>
  );
}
