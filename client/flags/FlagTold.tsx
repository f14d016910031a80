import { useCallback } from 'react';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import { CaseLink } from '../cases/CaseLink.tsx';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { EvidenceRows, hasEvidence } from '../evidence/FlagEvidence.tsx';
import type { FailureCode } from '../session/failure.ts';
import { raisedAt } from '../store/region-sync.ts';
import { FlagCalls } from './FlagCalls.tsx';
import { FlagClosed } from './FlagClosed.tsx';
import { CourseRows } from './FlagCourse.tsx';
import styles from './FlagDetail.module.css';
import { FlagTaken } from './FlagTaken.tsx';
import { flagNote } from './flag-note.ts';
import { caseOf, ruleText } from './rule-text.ts';
import { useRested } from './use-chosen-flag.ts';

interface FlagToldProps {
  flag: Flag;
  /** Why it is not known what became of it. */
  failure: FailureCode | undefined;
  /** It is open, and not to be seen in the queue. */
  lacksRow: boolean;
  /** Something was put down with the flag; of a closed one no news come any more. */
  onChanged(): void;
}

/**
 * What there is on one flag. What the page knows of it is there at once; for the rest the server is asked when the flag
 * has been looked at for a moment.
 */
export function FlagTold({ flag, failure, lacksRow, onChanged }: FlagToldProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const rested = useRested();
  return (
    <article className={styles.told} data-level={flag.severity} aria-busy={!rested || undefined}>
      <Head flag={flag} />
      {failure ? (
        <p className={styles.failure} role="alert">
          {t('flagDetail.stale', { reason: t(`errors.${failure}`) })}{' '}
          <Button look="quiet" onClick={onChanged}>
            {t('flagDetail.retry')}
          </Button>
        </p>
      ) : null}
      {lacksRow ? <p className={styles.quiet}>{t('flagDetail.noRow')}</p> : null}
      <div className={styles.calls}>
        <FlagCalls flag={flag} onNoted={onChanged} />
      </div>
      {hasEvidence(flag, who) ? (
        <section
          className={styles.evidence}
          aria-label={t('evidence.title')}
          data-part="evidence"
          tabIndex={-1}
        >
          <h3 className={styles.heading}>{t('evidence.title')}</h3>
          {rested ? <EvidenceRows flag={flag} /> : <p aria-busy="true">{t('evidence.loading')}</p>}
        </section>
      ) : null}
      <div>
        <h3 className={styles.heading}>{t('course.title')}</h3>
        <CourseRows key={flag.version} flag={flag} isAsked={rested} />
      </div>
    </article>
  );
}

/** How urgent, since when, what, where, about whom, and who has it. */
function Head({ flag }: { flag: Flag }) {
  const { t, formats, language } = useTexts();
  const { serverClock } = useDesk();
  const todayMs = useToday();
  const limits = useLive((state) => state.registry?.limits);
  const area = useLive((state) =>
    flag.areaId === undefined ? undefined : state.registry?.areaById[flag.areaId]?.name[language],
  );
  const facility = useLive((state) => state.registry?.facilityById[flag.facilityId]?.shortName[language]);
  const region = useLive((state) => state.registry?.regionById[flag.regionId]?.name[language]);
  const age = useCallback(
    () => formats.age(serverClock.nowMs() - Date.parse(raisedAt(flag))),
    [formats, serverClock, flag],
  );
  const caseId = caseOf(flag);
  const where = flag.areaId === undefined ? t('alarms.wholeFacility') : (area ?? flag.areaId);
  return (
    <header className={styles.head}>
      <p className={styles.line}>
        <span className={styles.level}>
          <LevelMark level={flag.severity} size="1.0625rem" />
          {t(`levels.${flag.severity}`)}
        </span>
        <span className={styles.since}>
          {isOpenFlag(flag) ? <Ticking text={age} className={styles.age} /> : null}{' '}
          {t('flagDetail.since', { time: formats.moment(Date.parse(raisedAt(flag)), todayMs) })}
        </span>
      </p>
      <h2 className={styles.what}>
        {ruleText(flag, { language, limits: limits ?? {} }) ?? t(`categories.${flag.category}`)}
      </h2>
      <p className={styles.place}>
        {[where, facility ?? flag.facilityId, region].filter(Boolean).join(' · ')}
      </p>
      {caseId === undefined ? null : (
        <p className={styles.place}>
          <CaseLink facilityId={flag.facilityId} caseId={caseId} />
        </p>
      )}
      {flag.note ? <p className={styles.note}>{flagNote(flag, t)}</p> : null}
      {isOpenFlag(flag) ? <FlagTaken flag={flag} /> : <FlagClosed flag={flag} />}
    </header>
  );
}
