import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import { type Closed, ClosureList, type ClosureUse, type Lifted } from '#contract/closures.ts';
import type { RegionId } from '#contract/ids.ts';
import { PlaceName } from '../audit/PlaceName.tsx';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { FormSection } from '../design/Page.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import { mayDo } from '../session/session.ts';
import styles from './ClosuresPage.module.css';

/** What stands is asked for again so often. */
const POLL_MS = 20_000;
const MINUTE_MS = 60_000;

/** What is shown though it is covered, and what is closed, now; of one region, or of all. */
export function StandingClosures({ region }: { region: RegionId | undefined }) {
  const { t } = useTexts();
  const query = region === undefined ? '' : `?region=${region}`;
  const { value, failure, retry } = useReading(`/api/v1/closures${query}`, ClosureList);
  useEffect(() => {
    const timer = setInterval(retry, POLL_MS);
    return () => clearInterval(timer);
  }, [retry]);
  if (!value)
    return failure ? (
      <Notice title={t('closures.failed')} hint={t(`errors.${failure}`)} role="alert">
        <Button look="primary" onClick={retry}>
          {t('closures.retry')}
        </Button>
      </Notice>
    ) : (
      <Notice title={t('closures.loading')} />
    );
  const { lifted, closed, isCut } = value;
  return (
    <>
      {failure ? (
        <p className={styles.failure} role="alert">
          {t('closures.stale')} {t(`errors.${failure}`)}
        </p>
      ) : null}
      <FormSection title={t('closures.lifted.title')} hint={t('closures.lifted.hint')}>
        <Rows label={t('closures.lifted.title')} items={lifted} none={t('closures.lifted.none')}>
          {(one) => <LiftedRow lifted={one} />}
        </Rows>
      </FormSection>
      <FormSection title={t('closures.closed.title')} hint={t('closures.closed.hint')}>
        <Rows label={t('closures.closed.title')} items={closed} none={t('closures.closed.none')}>
          {(one) => <ClosedRow closed={one} />}
        </Rows>
        {isCut ? <p className={styles.quiet}>{t('closures.cut')}</p> : null}
      </FormSection>
    </>
  );
}

interface RowsProps<T> {
  label: string;
  items: readonly T[];
  none: string;
  children(item: T): ReactNode;
}

function Rows<T extends { areaId: string }>({ label, items, none, children }: RowsProps<T>) {
  if (items.length === 0) return <p role="status">{none}</p>;
  return (
    <ul className={styles.rows} aria-label={label}>
      {items.map((item) => (
        <li key={item.areaId}>{children(item)}</li>
      ))}
    </ul>
  );
}

function LiftedRow({ lifted }: { lifted: Lifted }) {
  const { t } = useTexts();
  const { areaId, facilityId, since, until, by, reason, caseId, observation } = lifted;
  return (
    <div className={styles.row} data-lifted={areaId}>
      <PlaceName facilityId={facilityId} areaId={areaId} />
      <span>
        <span className={styles.who}>{t('closures.lifted.by', { who: by })}</span>
        <br />
        <Span since={since} until={until} />
      </span>
      <Reason reason={reason} />
      <span>
        {t('closures.lifted.observation', { level: observation })}
        {caseId === null ? null : (
          <>
            <br />
            <CaseName facilityId={facilityId} caseId={caseId} />
          </>
        )}
      </span>
    </div>
  );
}

function ClosedRow({ closed }: { closed: Closed }) {
  const { t } = useTexts();
  const { areaId, facilityId, gate, visits, use } = closed;
  return (
    <div className={styles.row} data-closed={areaId}>
      <PlaceName facilityId={facilityId} areaId={areaId} />
      <span>
        {gate ? (
          <>
            <span className={styles.who}>{t('closures.closed.by', { who: gate.by })}</span>
            <br />
            <Span since={gate.since} until={gate.until} />
          </>
        ) : null}
        {visits.map((visit) => (
          <span key={`${visit.caseId} ${visit.kind}`} className={styles.visit}>
            <span className={styles.who}>{t(`closures.closed.${visit.kind}`)}</span>
            <br />
            <Span since={visit.since} until={visit.until} />
          </span>
        ))}
      </span>
      {gate ? (
        <Reason reason={gate.reason} />
      ) : (
        <span>
          {visits.map(({ caseId, kind }) => (
            <span key={`${caseId} ${kind}`} className={styles.visit}>
              <CaseName facilityId={facilityId} caseId={caseId} />
            </span>
          ))}
        </span>
      )}
      <Use use={use} />
    </div>
  );
}

/** How often, and for how long, against what is too much; the sign says the latter besides the numbers. */
function Use({ use }: { use: ClosureUse }) {
  const { t, formats } = useTexts();
  const { timesInWeek, isCut, timesInDay, timesLimit, minutesInDay, minutesLimit } = use;
  const spanOf = (minutes: number) => formats.age(minutes * MINUTE_MS);
  const isOverused = timesInDay > timesLimit || minutesInDay > minutesLimit;
  return (
    <span data-overused={isOverused || undefined}>
      {t(isCut ? 'closures.use.weekAtLeast' : 'closures.use.week', { count: timesInWeek })}
      <span className={styles.quiet}>
        <br />
        {t('closures.use.day', { count: timesInDay, most: timesLimit })}
        <br />
        {t('closures.use.time', { time: spanOf(minutesInDay), most: spanOf(minutesLimit) })}
      </span>
      {isOverused ? (
        <span className={styles.overused}>
          <br />
          <TriangleAlert size="0.9375rem" aria-hidden="true" /> {t('closures.use.overused')}
        </span>
      ) : null}
    </span>
  );
}

function Span({ since, until }: { since: string; until: string }) {
  const { t, formats } = useTexts();
  return (
    <span className={styles.quiet}>
      {t('closures.span', {
        since: formats.dayAndTime(Date.parse(since)),
        until: formats.moment(Date.parse(until), Date.parse(since)),
      })}
    </span>
  );
}

function Reason({ reason }: { reason: string | null }) {
  const { t } = useTexts();
  return reason === null ? (
    <span className={styles.quiet}>{t('closures.noReason')}</span>
  ) : (
    <span className={styles.reason}>{reason}</span>
  );
}

/** The number of a case, and the way to it for those who may read it. */
function CaseName({ facilityId, caseId }: { facilityId: string; caseId: string }) {
  const { who } = useDesk();
  if (!mayDo(who, 'case.read')) return <code>{caseId}</code>;
  return (
    <Link href={`/cases/${facilityId}/${caseId}`} className={styles.link}>
      {caseId}
    </Link>
  );
}
