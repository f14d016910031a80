import { type ReactNode, useState } from 'react';
import { useTexts } from '../desk/desk-context.ts';
import type { Form } from './forms.ts';
import { RecordField } from './RecordField.tsx';
import type { Occurred } from './record.ts';
import { detailsOf, type Filled, type Lack, lackOf, MEASURES, type ValueName } from './record-fields.ts';
import styles from './Screen.module.css';
import { WhenField } from './WhenField.tsx';

export interface FormResult {
  /** The event's own fields. */
  details: Record<string, string | number>;
  occurred: Occurred;
}

interface RecordFormProps {
  form: Form;
  title: string;
  /** Whom or what it is about. */
  subject: ReactNode;
  initial?: { filled: Filled; occurred: Occurred };
  pending: boolean;
  failed: boolean;
  onSave(result: FormResult): void;
  children?: ReactNode;
}

const NOW: Occurred = { when: 'now' };
const MAX_NOTE = 2_000;

/** One record: when, what the event needs to say something, a note. What is missing is said when one tries. */
export function RecordForm(props: RecordFormProps) {
  const { form, title, subject, initial, pending, failed, onSave, children } = props;
  const { t } = useTexts();
  const [occurred, setOccurred] = useState<Occurred>(initial?.occurred ?? NOW);
  const [filled, setFilled] = useState<Filled>(initial?.filled ?? {});
  const [lack, setLack] = useState<Lack>();

  function fill(name: ValueName, value: string): void {
    setFilled({ ...filled, [name]: value });
    setLack(undefined);
  }

  function save(): void {
    const missing = lackOf(form, filled);
    setLack(missing);
    if (!missing) onSave({ details: detailsOf(form, filled), occurred });
  }

  return (
    <form
      className={styles.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.hint}>{subject}</div>
      <WhenField occurred={occurred} onChange={setOccurred} />
      {form.fields.map((name) => (
        <RecordField
          key={name}
          name={name}
          filled={filled}
          lack={lack}
          hint={name === 'reason' && form.explainedOrNow ? t('record.explainedOrNow') : undefined}
          onFill={fill}
        />
      ))}
      <label className={styles.group}>
        <span className={styles.legend}>{t(form.needsNote ? 'record.note' : 'record.noteOptional')}</span>
        <textarea
          className={styles.input}
          rows={form.needsNote ? 4 : 2}
          maxLength={MAX_NOTE}
          aria-invalid={lack?.name === 'note'}
          value={filled.note ?? ''}
          onChange={(event) => fill('note', event.target.value)}
        />
        <span className={styles.hint}>{t('record.noteNames')}</span>
      </label>
      {children}
      <footer className={styles.foot}>
        {lack ? (
          <p className={styles.warning} role="alert">
            <LackText lack={lack} />
          </p>
        ) : null}
        {failed ? (
          <p className={styles.failure} role="alert">
            {t('record.notSaved')}
          </p>
        ) : null}
        <button type="submit" className={styles.primary} disabled={pending}>
          {pending ? t('record.saving') : t('record.save')}
        </button>
      </footer>
    </form>
  );
}

function LackText({ lack }: { lack: Lack }) {
  const { t } = useTexts();
  switch (lack.why) {
    case 'choose':
      return `${t('record.choose')}: ${t(`record.${lack.name as 'complaintKind'}`)}`;
    case 'short':
      return t('record.noteShort');
    case 'one':
      return t('record.oneValue');
    case 'bounds': {
      const { low, high } = MEASURES.find(({ name }) => name === lack.name) ?? MEASURES[0];
      return `${t(`record.${lack.name as 'co2Ppm'}`)}: ${t('record.between', { low, high })}`;
    }
  }
}
