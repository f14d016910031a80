import { useState } from 'react';
import { WatchingFinding, WatchingList } from '#contract/watching.ts';
import { NIGHT_WATCHING } from '../../config/watching/watching.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './AuditPage.module.css';
import { PlaceName } from './PlaceName.tsx';

/** The rule as people say it. */
const NIGHT = {
  from: 24 - NIGHT_WATCHING.hoursBefore,
  to: NIGHT_WATCHING.hoursAfter,
  minutes: NIGHT_WATCHING.seconds / 60,
};

/** Long watching of one area at night: what was found, and what became of it. */
export function WatchingView() {
  const { t } = useTexts();
  const { value, failure, retry } = useReading('/api/v1/audit/watching', WatchingList);
  if (!value)
    return failure ? (
      <Notice title={t('audit.failed')} hint={t(`errors.${failure}`)} role="alert">
        <Button look="primary" onClick={retry}>
          {t('audit.retry')}
        </Button>
      </Notice>
    ) : (
      <Notice title={t('audit.loading')} />
    );
  return (
    <>
      <p className={styles.note}>{t('audit.watching.note', NIGHT)}</p>
      {value.items.length === 0 ? <p role="status">{t('audit.watching.none')}</p> : null}
      <ul className={styles.rows} aria-label={t('audit.part.watching')}>
        {value.items.map((finding) => (
          <li key={finding.id}>
            <Row finding={finding} onReviewed={retry} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ finding, onReviewed }: { finding: WatchingFinding; onReviewed(): void }) {
  const { t, formats } = useTexts();
  const { api } = useDesk();
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<FailureCode>();
  const { id, person, facilityId, areaId, from, to, seconds, reviewed } = finding;

  async function review() {
    const answer = await api.call(`/api/v1/audit/watching/${id}/review`, {
      body: { note: note.trim() },
      reply: WatchingFinding,
    });
    setFailure(answer.ok ? undefined : answer.code);
    if (answer.ok) onReviewed();
  }

  return (
    <div className={styles.row} data-finding={reviewed ? 'reviewed' : 'new'}>
      <span className={styles.who}>{person}</span>
      <PlaceName facilityId={facilityId} areaId={areaId} />
      <span>
        {t('audit.watching.span', { span: formats.age(seconds * 1_000) })}
        <span className={styles.quiet}>
          {' '}
          {formats.dayAndTime(Date.parse(from))} – {formats.dayAndTime(Date.parse(to))}
        </span>
      </span>
      {reviewed ? (
        <span className={styles.quiet}>
          {t('audit.watching.reviewed', {
            name: reviewed.by,
            time: formats.dayAndTime(Date.parse(reviewed.at)),
            note: reviewed.note,
          })}
        </span>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void review();
          }}
        >
          <label className={styles.field}>
            {t('audit.watching.outcome')}
            <input
              className={styles.input}
              required
              minLength={3}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <Button type="submit">{t('audit.watching.review')}</Button>
          {failure ? (
            <span className={styles.failure} role="alert">
              {t(`errors.${failure}`)}
            </span>
          ) : null}
        </form>
      )}
    </div>
  );
}
