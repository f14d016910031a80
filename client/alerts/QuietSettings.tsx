import type { QuietHours } from '#contract/alerts.ts';
import { Choice, Field, FieldGroup, Line } from '../design/Field.tsx';
import { FormSection } from '../design/Page.tsx';
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
    <FormSection title={t('alerts.settings.quiet')} hint={t('alerts.settings.quietHint')}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={(event) => onChange(event.target.checked ? NIGHT : null)}
        />
        {t('alerts.settings.quietOn')}
      </label>
      {quiet ? <Hours quiet={quiet} onChange={onChange} /> : null}
    </FormSection>
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
      <FieldGroup label={t('alerts.settings.days')}>
        <Line>
          {DAYS.map((day) => (
            <Choice key={day} type="checkbox" checked={quiet.days.includes(day)} onChange={() => toggle(day)}>
              {t(`alerts.settings.dayNames.${day}`)}
            </Choice>
          ))}
        </Line>
      </FieldGroup>
      <Line>
        {(['from', 'to'] as const).map((end) => (
          <Field key={end} label={t(`alerts.settings.${end}`)}>
            <input
              type="time"
              required
              value={quiet[end]}
              onChange={(event) => event.target.value && onChange({ ...quiet, [end]: event.target.value })}
            />
          </Field>
        ))}
      </Line>
    </>
  );
}
