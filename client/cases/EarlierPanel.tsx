import { EyeOff, History } from 'lucide-react';
import { useState } from 'react';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { ReadEarlierReply } from '#contract/personal.ts';
import { Button } from '../design/Button.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { PersonalDialog } from './PersonalDialog.tsx';
import { PersonalFacts } from './PersonalFacts.tsx';
import styles from './PersonalPanel.module.css';
import { useShownFor } from './use-shown-for.ts';

/** What the facility said before of who the case is about: for outside control, for a purpose, and not for long. */
export function EarlierPanel({ facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId }) {
  const { t, formats } = useTexts();
  /** The version before which is asked for; null from the present one. Undefined: nothing is asked. */
  const [asking, setAsking] = useState<number | null>();
  const { shown, show, hide, left } = useShownFor<ReadEarlierReply>();
  return (
    <>
      {shown ? (
        <section className={styles.panel} aria-label={t('personal.earlier')} data-testid="personal-earlier">
          {shown.items.length === 0 ? <p>{t('personal.noEarlier')}</p> : null}
          {shown.items.map(({ version, data, recordedAt }) => (
            <article key={version} className={styles.version}>
              <h3>
                {t('personal.version', { version })} ·{' '}
                {t('personal.recordedAt', { time: formats.dayAndTime(Date.parse(recordedAt)) })}
              </h3>
              <PersonalFacts data={data} />
            </article>
          ))}
          <footer className={styles.footer}>
            <span className={styles.note}>{t('personal.auditSeq', { seq: shown.auditSeq })}</span>
            <Ticking className={styles.note} text={left} />
            {shown.nextBefore === null ? null : (
              <Button onClick={() => setAsking(shown.nextBefore)}>{t('personal.evenEarlier')}</Button>
            )}
            <Button onClick={hide}>
              <EyeOff size="1rem" aria-hidden="true" />
              {t('personal.hide')}
            </Button>
          </footer>
        </section>
      ) : (
        <Button look="quiet" onClick={() => setAsking(null)}>
          <History size="1rem" aria-hidden="true" />
          {t('personal.openEarlier')}
        </Button>
      )}
      {asking === undefined ? null : (
        <PersonalDialog
          facilityId={facilityId}
          caseId={caseId}
          what="personal/earlier"
          before={asking}
          reply={ReadEarlierReply}
          onClose={() => setAsking(undefined)}
          onRead={(reply) => {
            show(reply);
            setAsking(undefined);
          }}
        />
      )}
    </>
  );
}
