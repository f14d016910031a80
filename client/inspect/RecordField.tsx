import { useTexts } from '../desk/desk-context.ts';
import type { FieldName } from './forms.ts';
import { CHOICES, type Filled, type Lack, MEASURES, type ValueName } from './record-fields.ts';
import styles from './Screen.module.css';

interface RecordFieldProps {
  name: FieldName;
  filled: Filled;
  lack: Lack | undefined;
  /** What follows from what is put into it, or left out. Only a field of words has it. */
  hint?: string | undefined;
  onFill(name: ValueName, value: string): void;
}

/** What an event asks for beside time and note. */
export function RecordField({ name, filled, lack, hint, onFill }: RecordFieldProps) {
  const { t } = useTexts();
  switch (name) {
    case 'complaintKind':
    case 'forceKind':
    case 'incidentKind':
      return (
        <fieldset className={styles.group} aria-invalid={lack?.name === name}>
          <legend className={styles.legend}>{t(`record.${name}`)}</legend>
          <div className={styles.chips}>
            {CHOICES[name].map((value) => (
              <label key={value} className={styles.chip} data-chosen={filled[name] === value || undefined}>
                <input
                  type="radio"
                  name={name}
                  value={value}
                  checked={filled[name] === value}
                  onChange={() => onFill(name, value)}
                />
                {t(`record.${name}s.${value}` as 'record.complaintKinds.other')}
              </label>
            ))}
          </div>
        </fieldset>
      );
    case 'conditions':
      return (
        <div className={styles.fields}>
          {MEASURES.map(({ name: measure }) => (
            <label key={measure} className={styles.group}>
              <span className={styles.legend}>{t(`record.${measure}`)}</span>
              <input
                className={styles.input}
                inputMode="decimal"
                autoComplete="off"
                maxLength={8}
                aria-invalid={lack?.name === measure}
                value={filled[measure] ?? ''}
                onChange={(event) => onFill(measure, event.target.value)}
              />
            </label>
          ))}
        </div>
      );
    case 'reason':
      return (
        <label className={styles.group}>
          <span className={styles.legend}>{t('record.reason')}</span>
          {hint ? <span className={styles.hint}>{hint}</span> : null}
          <textarea
            className={styles.input}
            rows={2}
            maxLength={2_000}
            aria-invalid={lack?.name === name}
            value={filled.reason ?? ''}
            onChange={(event) => onFill('reason', event.target.value)}
          />
          <span className={styles.hint}>{t('record.noteNames')}</span>
        </label>
      );
  }
}
