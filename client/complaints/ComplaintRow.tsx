import { useState } from 'react';
import { Complaint, ComplaintWords } from '#contract/complaints.ts';
import { ComplaintOutcome } from '#contract/custody-details.ts';
import type { Facility } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';
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
  const [words, setWords] = useState<ComplaintWords>();
  const [outcome, setOutcome] = useState<string>('upheld');
  const [failure, setFailure] = useState<FailureCode>();
  const path = `/api/v1/complaints/${complaint.id}`;
  const answers = mayDo(who, 'complaint.answer') && complaint.state !== 'answered';

  async function step(body: { to: 'in-review' } | { to: 'answered'; outcome: string }) {
    setFailure(undefined);
    const answer = await api.call(`${path}/transitions`, {
      body: { ...body, version: complaint.version },
      reply: Complaint,
    });
    if (!answer.ok) setFailure(answer.code);
    onChanged();
  }

  async function read() {
    setFailure(undefined);
    const answer = await api.call(`${path}/personal`, {
      body: { purpose: 'complaint', note: complaint.number },
      reply: ComplaintWords,
    });
    if (answer.ok) setWords(answer.value);
    else setFailure(answer.code);
  }

  return (
    <article className={styles.row} data-state={complaint.state}>
      <header className={styles.rowHeader}>
        <strong className={styles.number}>{complaint.number}</strong>
        <span>{t(`complaints.kinds.${complaint.kind}`)}</span>
        <span className={styles.state}>
          {t(`complaints.states.${complaint.state}`)}
          {complaint.outcome ? `: ${t(`figures.outcomes.${complaint.outcome}`)}` : ''}
        </span>
      </header>
      <p className={styles.hint}>
        {facility?.name[language] ?? complaint.facilityId} ·{' '}
        {formats.dayAndTime(Date.parse(complaint.history[0]?.at ?? ''))}
        {complaint.anonymous ? ` · ${t('complaints.isAnonymous')}` : ''}
      </p>
      {words ? (
        <div className={styles.words}>
          <p>{words.text}</p>
          {words.contact ? (
            <p className={styles.hint}>{Object.values(words.contact).filter(Boolean).join(' · ')}</p>
          ) : null}
        </div>
      ) : null}
      <div className={styles.actions}>
        {mayDo(who, 'personal.read') && !words ? (
          <Button look="quiet" onClick={() => void read()}>
            {t('complaints.read')}
          </Button>
        ) : null}
        {answers && complaint.state === 'received' ? (
          <Button onClick={() => void step({ to: 'in-review' })}>{t('complaints.review')}</Button>
        ) : null}
        {answers ? (
          <>
            <select
              className={styles.input}
              value={outcome}
              aria-label={t('complaints.outcome')}
              onChange={(event) => setOutcome(event.target.value)}
            >
              {ComplaintOutcome.options.map((one) => (
                <option key={one} value={one}>
                  {t(`figures.outcomes.${one}`)}
                </option>
              ))}
            </select>
            <Button onClick={() => void step({ to: 'answered', outcome })}>{t('complaints.answer')}</Button>
          </>
        ) : null}
      </div>
      {failure ? (
        <p className={styles.failure} role="alert">
          {t(`errors.${failure}`)}
        </p>
      ) : null}
    </article>
  );
}
