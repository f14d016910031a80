import { useState } from 'react';
import { type Complaint, ComplaintPage } from '#contract/complaints.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
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
  const { value, failure, retry } = useReading('/api/v1/complaints?limit=200', ComplaintPage);
  const [taken, setTaken] = useState<Complaint>();
  const items = value?.items ?? [];
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
                retry();
              }}
            />
          </div>
        ) : null}
        <div className={styles.column}>
          {failure ? (
            <p className={styles.failure} role="alert">
              {t('complaints.failed')} {t(`errors.${failure}`)}
            </p>
          ) : null}
          {value && items.length === 0 ? <p className={styles.none}>{t('complaints.none')}</p> : null}
          <ul className={styles.rows}>
            {items.map((complaint) => (
              <li key={complaint.id}>
                <ComplaintRow
                  complaint={complaint}
                  facility={facilities.find(({ id }) => id === complaint.facilityId)}
                  onChanged={retry}
                />
              </li>
            ))}
          </ul>
          {value?.nextCursor ? <p className={styles.none}>{t('complaints.older')}</p> : null}
        </div>
      </div>
    </section>
  );
}
