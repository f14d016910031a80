import { useState } from 'react';
import { type Complaint, ComplaintPage, ComplaintState } from '#contract/complaints.ts';
import { usePages } from '../audit/use-pages.ts';
import { Button } from '../design/Button.tsx';
import { Failure, Field } from '../design/Field.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { ComplaintForm } from './ComplaintForm.tsx';
import { ComplaintRow } from './ComplaintRow.tsx';
import styles from './ComplaintsPage.module.css';
import { useFacilities } from './use-facilities.ts';

/** What citizens say on the telephone: taken on the left by those who may, and what became of it. */
export function ComplaintsPage() {
  const { t } = useTexts();
  const { who } = useDesk();
  const facilities = useFacilities();
  const [state, setState] = useState('');
  const pages = usePages(
    `/api/v1/complaints?limit=50${state === '' ? '' : `&state=${state}`}`,
    ComplaintPage,
  );
  const [taken, setTaken] = useState<Complaint>();
  const { items, isKnown, failure, loading, hasMore, more, reload } = pages;
  return (
    <section className={styles.page} aria-label={t('complaints.title')}>
      <h1 className={styles.title}>{t('complaints.title')}</h1>
      <div className={styles.columns}>
        {mayDo(who, 'complaint.take') ? (
          <div className={styles.column}>
            {taken ? (
              <p className={styles.taken} role="status">
                {t('complaints.taken')} <strong className={styles.number}>{taken.number}</strong>
              </p>
            ) : null}
            <ComplaintForm
              key={taken?.id ?? ''}
              facilities={facilities}
              onTaken={(complaint) => {
                setTaken(complaint);
                reload();
              }}
            />
          </div>
        ) : null}
        <div className={styles.column}>
          <div className={styles.filter}>
            <Field label={t('complaints.state')}>
              <select value={state} onChange={(event) => setState(event.target.value)}>
                <option value="">{t('complaints.all')}</option>
                {ComplaintState.options.map((one) => (
                  <option key={one} value={one}>
                    {t(`complaints.states.${one}`)}
                  </option>
                ))}
              </select>
            </Field>
          </div>
          <Failure>{failure && `${t('complaints.failed')} ${t(`errors.${failure}`)}`}</Failure>
          {isKnown && items.length === 0 ? <p className={styles.none}>{t('complaints.none')}</p> : null}
          <ul className={styles.rows} aria-busy={loading}>
            {items.map((complaint) => (
              <li key={complaint.id}>
                <ComplaintRow
                  complaint={complaint}
                  facility={facilities.find(({ id }) => id === complaint.facilityId)}
                  onChanged={reload}
                />
              </li>
            ))}
          </ul>
          {hasMore ? (
            <div className={styles.more}>
              <Button disabled={loading} onClick={more}>
                {t('complaints.more')}
              </Button>
            </div>
          ) : null}
        </div>
      </div>
    </section>
  );
}
