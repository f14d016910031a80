import type { PersonalData } from '#contract/personal.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './PersonalPanel.module.css';

/** Who somebody is, as a facility said it. What it did not say is left out. */
export function PersonalFacts({ data }: { data: PersonalData }) {
  const { t, language } = useTexts();
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('personal.name'), [data.familyName, data.givenName, data.patronymic].filter(Boolean).join(' ')],
    [t('personal.birthDate'), data.birthDate && dateWords(data.birthDate, language)],
    [t('personal.citizenship'), data.citizenship],
    [t('personal.charges'), data.charges.join('\n') || undefined],
    [t('personal.health'), data.healthNotes.join('\n') || undefined],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** A calendar date has no time zone: it is shown as the day that it names. */
function dateWords(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(date));
}
