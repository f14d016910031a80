import type { ReactNode } from 'react';
import { useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { fieldName } from './field-name.ts';
import { useInspect } from './inspect-context.ts';
import styles from './RecordRow.module.css';
import type { PendingRecord } from './record.ts';
import { timesOf } from './record-times.ts';

/** One record: what, about whom or which room, when, and what became of it. */
export function RecordRow({ record, children }: { record: PendingRecord; children?: ReactNode }) {
  const { t, language, formats } = useTexts();
  const { facts, outbox } = useInspect();
  const todayMs = useToday(outbox.clock.nowMs);
  const { draft, state } = record;
  const { occurredMs } = timesOf(record, {
    reading: outbox.clock.reading(),
    offsetMs: outbox.clock.offset()?.ms ?? 0,
  });
  const room = facts.rooms.find(({ id }) => id === draft.areaId)?.name[language];
  const field = state.state === 'refused' ? state.path.at(-1) : undefined;
  const subject = ['caseId' in draft ? draft.caseId : undefined, room].filter(Boolean).join(' · ');
  return (
    <article className={styles.row} data-record-state={state.state} data-record-id={record.id}>
      <h3 className={styles.what}>{t(`events.${draft.type}`)}</h3>
      <time className={styles.time} dateTime={new Date(occurredMs).toISOString()}>
        {formats.moment(occurredMs, todayMs)}
      </time>
      <p className={styles.subject}>{subject}</p>
      {draft.note ? <p className={styles.note}>{draft.note}</p> : null}
      {state.state === 'refused' ? (
        <p className={styles.why}>
          {field === undefined
            ? t('outbox.why', { reason: t(`errors.${state.code}`) })
            : t('outbox.whyField', { field: fieldName(field, t) })}
        </p>
      ) : null}
      {state.state === 'discarded' ? (
        <p className={styles.note}>{t('outbox.why', { reason: state.reason })}</p>
      ) : null}
      {children}
    </article>
  );
}
