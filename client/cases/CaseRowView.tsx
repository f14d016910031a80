import { useCallback } from 'react';
import { Link } from 'wouter';
import type { CaseSummary } from '#contract/cases.ts';
import type { Clock } from '#contract/clocks.ts';
import type { LimitInfo } from '#contract/live.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { PersonWords } from '../inspect/PersonWords.tsx';
import { limitKey } from '../store/registry.ts';
import { limitFace } from '../wall/clock-face.ts';
import { useClockLevel } from '../wall/use-clock-level.ts';
import styles from './CasesPage.module.css';

const NO_LIMITS: Readonly<Record<string, LimitInfo>> = {};
const MARKS = { ok: undefined, amber: undefined, paused: undefined, red: 3, breached: 2 } as const;

/** One person: the clock that presses most, the case number, facts, place. */
export function CaseRowView({ summary, clock }: { summary: CaseSummary; clock: Clock | undefined }) {
  const { t, language, formats } = useTexts();
  const { serverClock } = useDesk();
  const { caseId, facilityId, areaId, person, detainedAt, contradictions } = summary;
  const area = useLive((state) =>
    areaId === null ? undefined : state.registry?.areaById[areaId]?.name[language],
  );
  const facility = useLive((state) => state.registry?.facilityById[facilityId]?.shortName[language]);
  const held = useCallback(
    () =>
      detainedAt === null
        ? ''
        : t('inspect.held', { span: formats.age(serverClock.nowMs() - Date.parse(detainedAt)) }),
    [detainedAt, formats, serverClock, t],
  );
  return (
    <Link href={`/cases/${facilityId}/${caseId}`} className={styles.row} data-case-id={caseId}>
      {clock ? <RowClock clock={clock} /> : <span className={styles.none}>{t('cases.noClock')}</span>}
      <span className={styles.id}>{caseId}</span>
      <span className={styles.person}>
        <PersonWords person={person} />
        {contradictions > 0 ? (
          <span className={styles.warning}> · {t('cases.contradictions', { count: contradictions })}</span>
        ) : null}
      </span>
      <span className={styles.place}>
        {[area ?? t('cases.unplaced'), facility].filter(Boolean).join(' · ')}
      </span>
      <Ticking className={styles.held} text={held} />
    </Link>
  );
}

function RowClock({ clock }: { clock: Clock }) {
  const { t, language } = useTexts();
  const { serverClock } = useDesk();
  const limits = useLive((state) => state.registry?.limits) ?? NO_LIMITS;
  const level = useClockLevel(clock);
  const mark = MARKS[level];
  const limit = limits[limitKey(clock)];
  const left = useCallback(() => {
    const words = { toCheck: '', checkOverdue: '', checkOverdueShort: '', paused: t('tile.paused') };
    return limitFace(clock, { limits, words, language, nowMs: serverClock.nowMs() }).text;
  }, [clock, limits, language, serverClock, t]);
  return (
    <span className={styles.clock} data-clock={level} title={limit?.source[language]}>
      {mark ? <LevelMark level={mark} /> : null}
      <span className={styles.limit}>{limit?.label[language] ?? clock.limit}</span>
      <Ticking className={styles.left} text={left} />
    </span>
  );
}

/** The facility whose people follow. */
export function PlaceRow({ facilityId, count }: { facilityId: string; count: number }) {
  const { t, language } = useTexts();
  const facility = useLive((state) => state.registry?.facilityById[facilityId]);
  const region = useLive((state) =>
    facility ? state.registry?.regionById[facility.regionId]?.name[language] : undefined,
  );
  return (
    <h2 className={styles.facility}>
      {facility?.name[language] ?? facilityId}
      <span className={styles.count}>
        {[region, t('cases.count', { count })].filter(Boolean).join(' · ')}
      </span>
    </h2>
  );
}
