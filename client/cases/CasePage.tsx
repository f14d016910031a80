import { ArrowLeft, FileX, RefreshCw, ShieldX } from 'lucide-react';
import { Link, useParams } from 'wouter';
import { CaseId, FacilityId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';
import { CaseClocks } from './CaseClocks.tsx';
import { CaseFacts } from './CaseFacts.tsx';
import { CaseHeader } from './CaseHeader.tsx';
import styles from './CasePage.module.css';
import { CaseSide } from './CaseSide.tsx';
import { CaseTimeline } from './CaseTimeline.tsx';
import { EarlierPanel } from './EarlierPanel.tsx';
import { PersonalPanel } from './PersonalPanel.tsx';
import { type CaseState, useCase } from './use-case.ts';

/** One person's stay: clocks on top, the course of it in one line, what is known beside it. */
export function CasePage() {
  const params = useParams<{ facilityId: string; caseId: string }>();
  const facilityId = FacilityId.safeParse(params.facilityId).data;
  const caseId = CaseId.safeParse(params.caseId).data;
  if (facilityId === undefined || caseId === undefined)
    return <Refused code="unknown_case" onRetry={() => {}} />;
  return <Case key={`${facilityId}/${caseId}`} facilityId={facilityId} caseId={caseId} />;
}

function Case({ facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const state = useCase(facilityId, caseId);
  const { detail, failure, refresh } = state;
  // A right that was lost takes what is on the screen with it.
  const isLost = failure === 'forbidden' || failure === 'unknown_case' || failure === 'unknown_facility';
  if (failure !== undefined && (isLost || !detail)) return <Refused code={failure} onRetry={refresh} />;
  if (!detail) return <Notice title={t('case.loading')} />;
  return (
    <article className={styles.page} aria-label={t('case.title', { id: caseId })} data-case-id={caseId}>
      <div className={styles.head}>
        <Link href="/cases" className={styles.back}>
          <ArrowLeft size="1rem" aria-hidden="true" />
          {t('case.back')}
        </Link>
        <CaseHeader summary={detail.summary} />
        <Age state={state} onRefresh={refresh} />
      </div>
      {mayDo(who, 'personal.read') ? (
        <div className={styles.personal}>
          <PersonalPanel facilityId={facilityId} caseId={caseId} />
          {mayDo(who, 'personal.read-earlier') ? (
            <EarlierPanel facilityId={facilityId} caseId={caseId} />
          ) : null}
        </div>
      ) : null}
      <div className={styles.clocks}>
        <CaseClocks detail={detail} />
      </div>
      <div className={styles.facts}>
        <CaseFacts detail={detail} />
      </div>
      <div className={styles.timeline}>
        <CaseTimeline detail={detail} />
      </div>
      <aside className={styles.side}>
        <CaseSide detail={detail} />
      </aside>
    </article>
  );
}

/** How old what is shown is; it is read anew only when somebody asks, as each reading is in the audit. */
function Age({ state, onRefresh }: { state: CaseState; onRefresh(): void }) {
  const { t, formats } = useTexts();
  const { atMs, loading, failure } = state;
  const todayMs = useToday();
  const time = formats.moment(atMs ?? 0, todayMs);
  return (
    <p className={styles.age} data-worry={failure !== undefined || undefined}>
      <span role="status">{failure ? t('case.stale', { time }) : t('case.asOf', { time })}</span>
      <Button look="quiet" disabled={loading} onClick={onRefresh}>
        <RefreshCw size="0.9375rem" aria-hidden="true" />
        {t('case.refresh')}
      </Button>
    </p>
  );
}

function Refused({ code, onRetry }: { code: FailureCode; onRetry(): void }) {
  const { t } = useTexts();
  const back = <Link href="/cases">{t('case.back')}</Link>;
  if (code === 'unknown_case' || code === 'unknown_facility')
    return (
      <Notice icon={FileX} title={t('case.unknown')} hint={t('case.unknownHint')} role="alert">
        {back}
      </Notice>
    );
  if (code === 'forbidden')
    return (
      <Notice icon={ShieldX} title={t('case.noRight')} hint={t('case.noRightHint')} role="alert">
        {back}
      </Notice>
    );
  return (
    <Notice title={t('case.failed')} hint={t(`errors.${code}`)} role="alert">
      <Button look="primary" onClick={onRetry}>
        {t('cases.retry')}
      </Button>
    </Notice>
  );
}
