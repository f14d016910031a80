import { Lock } from 'lucide-react';
import { useState } from 'react';
import { type Hold, HoldPage } from '#contract/holds.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './AuditPage.module.css';
import { PagedList } from './PagedList.tsx';
import { PlaceHoldDialog } from './PlaceHoldDialog.tsx';
import { PlaceName } from './PlaceName.tsx';
import { ReleaseHoldDialog } from './ReleaseHoldDialog.tsx';
import { usePages } from './use-pages.ts';

/** What is preserved, and by whom. */
export function HoldsView() {
  const { t } = useTexts();
  const [all, setAll] = useState(false);
  const [placing, setPlacing] = useState(false);
  const [releasing, setReleasing] = useState<Hold>();
  const pages = usePages(`/api/v1/holds?limit=50&state=${all ? 'all' : 'in-force'}`, HoldPage);
  return (
    <>
      <div className={styles.form}>
        <Button look="primary" onClick={() => setPlacing(true)}>
          {t('audit.hold.place')}
        </Button>
        <label className={styles.check}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          {t('audit.hold.alsoReleased')}
        </label>
      </div>
      <p className={styles.note}>{t('audit.hold.note')}</p>
      <PagedList
        pages={pages}
        label={t('audit.part.holds')}
        empty={t('audit.hold.none')}
        keyOf={({ id }) => id}
      >
        {(hold) => <Row hold={hold} onRelease={() => setReleasing(hold)} />}
      </PagedList>
      <PlaceHoldDialog open={placing} onClose={() => setPlacing(false)} onPlaced={pages.reload} />
      <ReleaseHoldDialog hold={releasing} onClose={() => setReleasing(undefined)} onReleased={pages.reload} />
    </>
  );
}

function Row({ hold, onRelease }: { hold: Hold; onRelease(): void }) {
  const { t, formats } = useTexts();
  const { who } = useDesk();
  const { office, target, facilityId, reference, placed, released } = hold;
  const day = (at: string) => formats.dayAndTime(Date.parse(at));
  return (
    <div className={styles.row} data-hold={released ? 'released' : 'in-force'}>
      <span className={styles.who}>
        <Lock size="0.875rem" aria-hidden="true" /> {t(`user.roles.${office}`)}
      </span>
      <span>
        <PlaceName facilityId={facilityId} {...(target.kind === 'area' ? { areaId: target.areaId } : {})} />
        <br />
        {target.kind === 'area'
          ? target.to === null
            ? t('audit.hold.since', { from: day(target.from) })
            : t('audit.hold.period', { from: day(target.from), to: day(target.to) })
          : target.kind === 'case'
            ? t('audit.hold.ofCase', { id: target.caseId })
            : t('audit.hold.ofFlag', { id: target.flagId.slice(0, 8) })}
      </span>
      <span>
        {reference}
        <br />
        <span className={styles.quiet}>{placed.reason}</span>
      </span>
      <span className={styles.quiet}>
        {t('audit.hold.placedBy', { name: placed.by, time: day(placed.at) })}
        {released ? (
          <>
            <br />
            {t('audit.hold.releasedBy', {
              name: released.by,
              time: day(released.at),
              reason: released.reason,
            })}
          </>
        ) : office === who.role ? (
          <>
            {' '}
            <Button look="quiet" onClick={onRelease}>
              {t('audit.hold.release')}
            </Button>
          </>
        ) : null}
      </span>
    </div>
  );
}
