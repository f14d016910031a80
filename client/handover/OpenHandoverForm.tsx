import { ClipboardCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './HandoverPage.module.css';
import type { HandoverState } from './use-handover.ts';

const USUAL_HOURS = 12;
const MOST_HOURS = 24;

/** Opens a handover, for who leaves the shift. */
export function OpenHandoverForm({ state }: { state: HandoverState }) {
  const { t } = useTexts();
  const [hours, setHours] = useState(USUAL_HOURS);
  const [note, setNote] = useState('');
  const isRight = Number.isInteger(hours) && hours >= 1 && hours <= MOST_HOURS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void state.open({ shiftHours: hours, note });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.invite}>
        <ClipboardCheck aria-hidden="true" />
        <div>
          <p className={styles.headline}>{t('handover.none')}</p>
          <p className={styles.details}>{t('handover.noneHint')}</p>
        </div>
      </div>
      <label className={styles.field}>
        {t('handover.shiftHours')}
        <input
          className={styles.number}
          type="number"
          inputMode="numeric"
          min={1}
          max={MOST_HOURS}
          value={Number.isNaN(hours) ? '' : hours}
          onChange={(event) => setHours(event.target.valueAsNumber)}
        />
      </label>
      <label className={styles.field}>
        {t('handover.noteFirst')}
        <textarea value={note} rows={3} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      </label>
      {state.failure ? (
        <p className={styles.failure} role="alert">
          {t('handover.failed', { reason: t(`errors.${state.failure}`) })}
        </p>
      ) : null}
      <div className={styles.end}>
        <Button type="submit" look="primary" disabled={state.pending || !isRight}>
          {state.pending ? t('handover.opening') : t('handover.open')}
        </Button>
      </div>
    </form>
  );
}
