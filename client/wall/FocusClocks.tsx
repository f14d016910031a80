import { useCallback } from 'react';
import { type Clock, clockStateAt, remainingMsAt } from '#contract/clocks.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { LimitInfo } from '#contract/live.ts';
import { CaseLink } from '../cases/CaseLink.tsx';
import { formatSpan } from '../clock/countdown.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { limitKey } from '../store/registry.ts';
import { limitFace } from './clock-face.ts';
import styles from './FocusFacts.module.css';
import { inPlaceOf } from './shadow.ts';
import { standingWords } from './standing.ts';
import { useClockLevel } from './use-clock-level.ts';

const NO_LIMITS: Readonly<Record<string, LimitInfo>> = {};

interface FocusClocksProps {
  clocks: readonly Clock[];
  facilityId: FacilityId;
}

/** Each person's limits under their case number: those that hold, and in grey those that another norm stands in for. */
export function FocusClocks({ clocks, facilityId }: FocusClocksProps) {
  const { t } = useTexts();
  const limits = useLive((state) => state.registry?.limits) ?? NO_LIMITS;
  const cases = [...Map.groupBy(clocks, ({ caseId }) => caseId)];
  return (
    <section className={styles.clocks}>
      <h3 className={styles.heading}>{t('focus.clocks')}</h3>
      {clocks.length === 0 ? <p className={styles.none}>{t('focus.noClocks')}</p> : null}
      {cases.map(([caseId, own]) => (
        <section key={caseId} className={styles.case}>
          <h4 className={styles.caseId}>
            <CaseLink facilityId={facilityId} caseId={caseId} />
          </h4>
          <ul className={styles.list}>
            {own.toSorted(shadowedLast).map((clock) => (
              <ClockRow
                key={`${limitKey(clock)} ${clock.anchorAt}`}
                clock={clock}
                own={own}
                limits={limits}
              />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function shadowedLast(a: Clock, b: Clock): number {
  return Number(a.shadowed ?? false) - Number(b.shadowed ?? false);
}

interface ClockRowProps {
  clock: Clock;
  /** All clocks of the same person. */
  own: readonly Clock[];
  limits: Readonly<Record<string, LimitInfo>>;
}

function ClockRow({ clock, own, limits }: ClockRowProps) {
  const { t, language, formats } = useTexts();
  const { serverClock } = useDesk();
  const level = useClockLevel(clock);
  const limit = limits[limitKey(clock)];
  const left = useCallback(() => {
    const words = { toCheck: '', checkOverdue: '', checkOverdueShort: '', paused: t('tile.paused') };
    return limitFace(clock, { limits, words, language, nowMs: serverClock.nowMs() }).text;
  }, [clock, limits, language, serverClock, t]);
  const mark = clock.shadowed ? undefined : MARKS[level];
  return (
    <li className={styles.clock} data-clock={level} data-shadowed={clock.shadowed}>
      <span className={styles.label}>
        {mark ? <LevelMark level={mark} /> : null}
        {limit?.label[language] ?? clock.limit}
      </span>
      <Ticking className={styles.left} text={left} />
      <span className={styles.detail}>
        {clock.pausedAt !== undefined && clockStateAt(clock, serverClock.nowMs()) === 'paused'
          ? t('focus.pausedSince', {
              time: formats.dayAndTime(Date.parse(clock.pausedAt)),
              left: formatSpan(remainingMsAt(clock, serverClock.nowMs()), language),
            })
          : t('focus.due', { time: formats.dayAndTime(Date.parse(clock.dueAt)) })}
        {` · ${standingWords(clock.standing ?? 'law', t)}`}
      </span>
      <span className={styles.detail}>{limit?.source[language] ?? clock.normSet}</span>
      {clock.shadowed ? <InPlace clock={clock} own={own} limits={limits} /> : null}
    </li>
  );
}

/** Which norm holds for this person instead. */
function InPlace({ clock, own, limits }: ClockRowProps) {
  const { t, language } = useTexts();
  const other = inPlaceOf(clock, own, limits);
  if (!other) return <span className={styles.detail}>{t('focus.shadowed')}</span>;
  const name = [other.normName?.[language], other.label[language]].filter(Boolean).join(': ');
  return (
    <span className={styles.detail} title={other.source[language]}>
      {t('focus.shadowedBy', { name })}
    </span>
  );
}

const MARKS = { ok: undefined, amber: undefined, paused: undefined, red: 3, breached: 2 } as const;
