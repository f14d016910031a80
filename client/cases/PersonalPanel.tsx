import { EyeOff, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { ReadPersonalReply } from '#contract/personal.ts';
import { Button } from '../design/Button.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { PersonalDialog } from './PersonalDialog.tsx';
import { PersonalFacts } from './PersonalFacts.tsx';
import styles from './PersonalPanel.module.css';
import { useShownFor } from './use-shown-for.ts';

/** Who the case is about: only after a purpose was given, and only until the page is left or the time is over. */
export function PersonalPanel({ facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId }) {
  const { t, formats } = useTexts();
  const [asking, setAsking] = useState(false);
  const { shown, show, hide, left } = useShownFor<ReadPersonalReply>();
  if (shown)
    return (
      <section className={styles.panel} aria-label={t('personal.title')} data-testid="personal">
        <PersonalFacts data={shown.data} />
        <footer className={styles.footer}>
          <span className={styles.note}>
            {t('personal.recordedAt', { time: formats.dayAndTime(Date.parse(shown.recordedAt)) })} ·{' '}
            {t('personal.auditSeq', { seq: shown.auditSeq })}
          </span>
          <Ticking className={styles.note} text={left} />
          <Button onClick={hide}>
            <EyeOff size="1rem" aria-hidden="true" />
            {t('personal.hide')}
          </Button>
        </footer>
      </section>
    );
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <UserRound size="1rem" aria-hidden="true" />
        {t('personal.open')}
      </Button>
      {asking ? (
        <PersonalDialog
          facilityId={facilityId}
          caseId={caseId}
          what="personal"
          reply={ReadPersonalReply}
          onClose={() => setAsking(false)}
          onRead={(reply) => {
            show(reply);
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}
