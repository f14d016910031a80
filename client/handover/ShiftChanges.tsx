import { type HandoverChanges, SHIFT_COUNTS } from '#contract/handover.ts';
import { CaseLink } from '../cases/CaseLink.tsx';
import { Fold } from '../design/Fold.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import styles from './HandoverPage.module.css';

/** What was recorded in the shift that ends: numbers, and by name what weighs most. Calm: nothing here asks for an answer. */
export function ShiftChanges({ changes }: { changes: HandoverChanges }) {
  const { t, formats } = useTexts();
  const told = SHIFT_COUNTS.flatMap((what) => {
    const count = changes.counts[what];
    return count === undefined ? [] : [{ what, count }];
  });
  return (
    <Fold title={t('handover.changes')} openAtFirst>
      <div className={styles.changes}>
        {changes.whole ? null : (
          <p className={styles.hint}>
            {t('handover.changesFrom', { time: formats.dayAndTime(Date.parse(changes.from)) })}
          </p>
        )}
        {told.length === 0 ? <p className={styles.hint}>{t('handover.noChanges')}</p> : null}
        <dl className={styles.counts}>
          {told.map(({ what, count }) => (
            <div key={what} data-count={what}>
              <dt>{t(`handover.counts.${what}`)}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
        {changes.notable.length > 0 ? (
          <ul className={styles.notable}>
            {changes.notable.map((one) => (
              <Notable
                key={`${one.type} ${one.at} ${one.facilityId} ${one.areaId} ${one.caseId}`}
                event={one}
              />
            ))}
          </ul>
        ) : null}
      </div>
    </Fold>
  );
}

function Notable({ event }: { event: HandoverChanges['notable'][number] }) {
  const { t, language, formats } = useTexts();
  const { type, at, facilityId, areaId, caseId } = event;
  const area = useLive((state) => state.registry?.areaById[areaId ?? '']?.name[language]);
  const facility = useLive((state) => state.registry?.facilityById[facilityId]?.shortName[language]);
  const place = [area, facility ?? facilityId].filter(Boolean).join(' · ');
  return (
    <li>
      {formats.dayAndTime(Date.parse(at))} · {t(`events.${type}`)} · {place}
      {caseId === undefined ? null : (
        <>
          {' · '}
          <CaseLink facilityId={facilityId} caseId={caseId} className={styles.link} />
        </>
      )}
    </li>
  );
}
