import { Tooltip } from '@base-ui/react/tooltip';
import { useCallback, useState } from 'react';
import type { CaseDetail, CaseRun } from '#contract/cases.ts';
import type { LimitInfo } from '#contract/live.ts';
import { formatSpan } from '../clock/countdown.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { limitKey } from '../store/registry.ts';
import { limitFace } from '../wall/clock-face.ts';
import { inPlaceOf } from '../wall/shadow.ts';
import { standingWords } from '../wall/standing.ts';
import { useClockLevel } from '../wall/use-clock-level.ts';
import styles from './CaseClocks.module.css';
import { groupRuns, lateByMs, toClock } from './case-runs.ts';

const NO_LIMITS: Readonly<Record<string, LimitInfo>> = {};
const MARKS = { ok: undefined, amber: undefined, paused: undefined, red: 3, breached: 2 } as const;

/** Every limit that was ever for this person: what runs, what was met late, what was met in time on request. */
export function CaseClocks({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts();
  const { serverClock } = useDesk();
  const [showMet, setShowMet] = useState(false);
  const isClosed = detail.summary.closedAt !== null;
  const groups = groupRuns(detail.runs, { isClosed, nowMs: serverClock.nowMs() });
  if (detail.runs.length === 0)
    return (
      <section className={styles.clocks}>
        <h2 className={styles.heading}>{t('case.clocks')}</h2>
        <p className={styles.none}>{t('case.noClocks')}</p>
      </section>
    );
  return (
    <Tooltip.Provider>
      <section className={styles.clocks} aria-label={t('case.clocks')}>
        {(['running', 'unmet', 'late'] as const).map((name) =>
          groups[name].length > 0 ? (
            <Group key={name} title={t(`case.groups.${name}`)} runs={groups[name]} detail={detail} />
          ) : null,
        )}
        {groups.met.length > 0 && !showMet ? (
          <Button look="quiet" className={styles.more} onClick={() => setShowMet(true)}>
            {t('case.showMet', { count: groups.met.length })}
          </Button>
        ) : null}
        {showMet ? <Group title={t('case.groups.met')} runs={groups.met} detail={detail} /> : null}
      </section>
    </Tooltip.Provider>
  );
}

function Group({ title, runs, detail }: { title: string; runs: readonly CaseRun[]; detail: CaseDetail }) {
  return (
    <section>
      <h2 className={styles.heading}>{title}</h2>
      <ul className={styles.list}>
        {runs.map((run) => (
          <Run key={`${limitKey(run)} ${run.anchorAt}`} run={run} detail={detail} />
        ))}
      </ul>
    </section>
  );
}

interface RunProps {
  run: CaseRun;
  detail: CaseDetail;
}

function Run({ run, detail }: RunProps) {
  const { t, language, formats } = useTexts();
  const limits = useLive((state) => state.registry?.limits) ?? NO_LIMITS;
  const limit = limits[limitKey(run)];
  const isRunning = run.metAt === null && detail.summary.closedAt === null;
  const at = (instant: string) => formats.dayAndTime(Date.parse(instant));
  return (
    <li
      className={styles.run}
      data-run={`${limitKey(run)}`}
      data-shadowed={run.shadowed || undefined}
      data-met={run.metAt === null ? undefined : lateByMs(run) > 0 ? 'late' : 'in-time'}
    >
      <Tooltip.Root>
        <Tooltip.Trigger className={styles.name}>{limit?.label[language] ?? run.limit}</Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} side="bottom" align="start">
            <Tooltip.Popup className={styles.popup}>
              <Law run={run} limit={limit} />
            </Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      </Tooltip.Root>
      {isRunning ? <Left run={run} detail={detail} /> : null}
      <span className={styles.detail}>
        <Outcome run={run} isRunning={isRunning} />
        {' · '}
        {t('case.from', { time: at(run.anchorAt) })}
        {run.standing === 'law' ? null : ` · ${standingWords(run.standing, t)}`}
      </span>
      {run.shadowed ? <InPlace run={run} detail={detail} limits={limits} /> : null}
    </li>
  );
}

/** The rule in its own words: article, what it rests on, what is not certain. */
function Law({ run, limit }: { run: CaseRun; limit: LimitInfo | undefined }) {
  const { t, language } = useTexts();
  return (
    <>
      <p>{limit?.source[language] ?? run.normSet}</p>
      <p className={styles.none}>{standingWords(run.standing, t)}</p>
      {limit?.note ? <p className={styles.none}>{limit.note[language]}</p> : null}
    </>
  );
}

function Left({ run, detail }: RunProps) {
  const { t, language } = useTexts();
  const { serverClock } = useDesk();
  const clock = toClock(run, detail.summary.caseId);
  const level = useClockLevel(clock);
  const mark = run.shadowed ? undefined : MARKS[level];
  const left = useCallback(() => {
    const words = { toCheck: '', checkOverdue: '', checkOverdueShort: '', paused: t('tile.paused') };
    return limitFace(toClock(run, 'any'), { limits: NO_LIMITS, words, language, nowMs: serverClock.nowMs() })
      .text;
  }, [run, language, serverClock, t]);
  return (
    <span className={styles.left} data-clock={level}>
      {mark ? <LevelMark level={mark} /> : null}
      {level === 'breached' ? <span className={styles.breached}>{t('case.breachedAgo')}</span> : null}
      <Ticking text={left} />
    </span>
  );
}

function Outcome({ run, isRunning }: { run: CaseRun; isRunning: boolean }) {
  const { t, language, formats } = useTexts();
  const at = (instant: string) => formats.dayAndTime(Date.parse(instant));
  if (isRunning) return t('case.due', { time: at(run.dueAt) });
  if (run.metAt === null) return t('case.ended');
  const lateMs = lateByMs(run);
  if (lateMs > 0) return t('case.metLate', { time: at(run.metAt), span: formatSpan(lateMs, language) });
  return t('case.metAt', { time: at(run.metAt) });
}

/** Which norm holds for this person instead. */
function InPlace({ run, detail, limits }: RunProps & { limits: Readonly<Record<string, LimitInfo>> }) {
  const { t, language } = useTexts();
  const { caseId } = detail.summary;
  const other = inPlaceOf(
    toClock(run, caseId),
    detail.runs.map((one) => toClock(one, caseId)),
    limits,
  );
  if (!other) return <span className={styles.detail}>{t('focus.shadowed')}</span>;
  const name = [other.normName?.[language], other.label[language]].filter(Boolean).join(': ');
  return <span className={styles.detail}>{t('focus.shadowedBy', { name })}</span>;
}
