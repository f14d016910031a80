import type { RefObject } from 'react';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './PurposeFields.module.css';
import type { PurposeChoice } from './use-purpose-choice.ts';

interface PurposeFieldsProps {
  choice: PurposeChoice;
  /** Only where the purpose needs a note is there a field for it. @default false */
  brief?: boolean;
  /** Gets the first of the purposes. */
  first?: RefObject<HTMLInputElement | null>;
}

/** The purposes that are open to the person's role now, and what is said beside the chosen one. */
export function PurposeFields({ choice, brief = false, first }: PurposeFieldsProps) {
  const { t, language } = useTexts();
  const { purposes, chosen } = choice;
  if (!purposes) return <p className={styles.note}>{t('purposes.loading')}</p>;
  if (purposes.length === 0) return <p className={styles.note}>{t('purposes.none')}</p>;
  return (
    <>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('purposes.purpose')}</legend>
        {purposes.map((one, index) => (
          <label key={one.id} className={styles.purpose} data-chosen={one.id === chosen?.id || undefined}>
            <input
              {...(first && index === 0 ? { ref: first } : {})}
              type="radio"
              name="purpose"
              value={one.id}
              checked={one.id === chosen?.id}
              onChange={() => choice.choose(one)}
            />
            <span>
              <span className={styles.name}>{one.label[language]}</span>
              {brief && one.id !== chosen?.id ? null : (
                <span className={styles.note}>{one.explanation[language]}</span>
              )}
            </span>
          </label>
        ))}
      </fieldset>
      {brief && !chosen?.needsNote ? null : (
        <Field label={t('purposes.note')}>
          <textarea
            rows={2}
            maxLength={500}
            value={choice.note}
            placeholder={t('purposes.notePlaceholder')}
            onChange={(event) => choice.setNote(event.target.value)}
          />
        </Field>
      )}
    </>
  );
}
