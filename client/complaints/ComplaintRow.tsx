import { useState } from 'react';
import { type Complaint, ComplaintWords } from '#contract/complaints.ts';
import type { Facility } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import { mayDo } from '../session/session.ts';
import { AnswerDialog } from './AnswerDialog.tsx';
import styles from './ComplaintsPage.module.css';

interface RowProps {
  complaint: Complaint;
  facility: Facility | undefined;
  onChanged(): void;
}

/** One complaint: its number, where, about what, how far it is; what was said only after asking for it. */
export function ComplaintRow({ complaint, facility, onChanged }: RowProps) {
  const { t, language, formats } = useTexts();
  const { who, api } = useDesk();
  const { pending, failure, send } = useSending();
  const [words, setWords] = useState<ComplaintWords>();
  const [stepping, setStepping] = useState<'in-review' | 'answered'>();
  const { number, kind, state, outcome, anonymous, intake, history, version } = complaint;
  const answers = mayDo(who, 'complaint.answer') && state !== 'answered';
  const details = [
    facility?.name[language] ?? complaint.facilityId,
    formats.dayAndTime(Date.parse(history[0]?.at ?? '')),
    anonymous ? t('complaints.isAnonymous') : '',
    intake ? t('complaints.via', { name: intake.name }) : '',
  ];
  const read = () =>
    send(
      () =>
        api.call(`/api/v1/complaints/${complaint.id}/personal`, {
          body: { purpose: 'complaint', note: number },
          reply: ComplaintWords,
        }),
      setWords,
    );
  return (
    <article className={styles.row} data-state={state} data-complaint={number}>
      <header className={styles.rowHeader}>
        <strong className={styles.number}>{number}</strong>
        <span>{t(`complaints.kinds.${kind}`)}</span>
        <span className={styles.state}>
          {t(`complaints.states.${state}`)}
          {outcome ? `: ${t(`figures.outcomes.${outcome}`)}` : ''}
        </span>
      </header>
      <p className={styles.hint}>{details.filter(Boolean).join(' · ')}</p>
      {words ? <Words words={words} /> : null}
      <div className={styles.actions}>
        {mayDo(who, 'personal.read') && words?.notes.length !== noted(history) ? (
          <Button key={version} look="quiet" disabled={pending} onClick={() => void read()}>
            {t('complaints.read')}
          </Button>
        ) : null}
        {answers && state === 'received' ? (
          <Button onClick={() => setStepping('in-review')}>{t('complaints.review')}</Button>
        ) : null}
        {answers ? <Button onClick={() => setStepping('answered')}>{t('complaints.answer')}</Button> : null}
      </div>
      <Failure>{failure && t(`errors.${failure}`)}</Failure>
      {stepping ? (
        <AnswerDialog
          complaint={complaint}
          to={stepping}
          onClose={() => setStepping(undefined)}
          onChanged={onChanged}
        />
      ) : null}
    </article>
  );
}

/** Steps at which something was noted: what has been read lacks those that have come since. */
function noted(history: Complaint['history']): number {
  return history.filter((step) => step.noted).length;
}

function Words({ words: { text, contact, notes } }: { words: ComplaintWords }) {
  const { t } = useTexts();
  return (
    <div className={styles.words}>
      <p>{text}</p>
      {contact ? <p className={styles.hint}>{Object.values(contact).filter(Boolean).join(' · ')}</p> : null}
      {notes.map(({ version, text: note }) => (
        <p key={version} className={styles.noteLine}>
          <span className={styles.hint}>{t('complaints.note')}:</span> {note}
        </p>
      ))}
    </div>
  );
}
