import { useEffect, useState } from 'react';
import type { EscalationStepTaken, FlagEscalation } from '#contract/alerts.ts';
import type { Flag, FlagCall, FlagShelving, FlagStep } from '#contract/flags.ts';
import { Fold } from '../design/Fold.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './FlagCourse.module.css';

interface FlagCourseProps {
  flag: Flag;
  /** Whether it stands open at first. @default false */
  open?: boolean;
}

/**
 * What happened with a flag: its steps, calls because of it, who was told when, and who is next. Asked for when it is
 * opened.
 */
export function FlagCourse({ flag, open: openAtFirst = false }: FlagCourseProps) {
  const { t } = useTexts();
  return (
    <Fold name="course" title={t('course.title')} openAtFirst={openAtFirst} strip>
      <CourseRows key={flag.version} flag={flag} />
    </Fold>
  );
}

interface CourseRowsProps {
  flag: Flag;
  /** Whether it is asked who was told already; until then there is what the flag itself says. @default true */
  isAsked?: boolean;
}

/** The course itself, for where it need not be folded away. Another version of the flag is another course: give it a key. */
export function CourseRows({ flag, isAsked = true }: CourseRowsProps) {
  const { t, formats } = useTexts();
  const { flags: actions } = useDesk();
  const todayMs = useToday();
  const [told, setTold] = useState<FlagEscalation | FailureCode>();
  useEffect(() => {
    if (!isAsked) return undefined;
    let isOver = false;
    void actions.escalation(flag.id).then((answer) => {
      if (!isOver) setTold(answer.ok ? answer.value : answer.code);
    });
    return () => {
      isOver = true;
    };
  }, [actions, flag.id, isAsked]);
  const escalation = typeof told === 'object' ? told : undefined;
  const rows = [
    ...flag.history.map((step) => ({
      at: step.at,
      key: `step ${step.at} ${step.state}`,
      row: <Step step={step} />,
    })),
    ...(flag.calls ?? []).map((call) => ({
      at: call.at,
      key: `call ${call.id}`,
      row: <Call call={call} />,
    })),
    ...(flag.shelvings ?? []).flatMap((shelving) => [
      { at: shelving.at, key: `aside ${shelving.id}`, row: <Aside shelving={shelving} /> },
      // Assigning ends it also when its time was over by then.
      ...(shelving.ended && Date.parse(shelving.ended.at) < Date.parse(shelving.until)
        ? [{ at: shelving.ended.at, key: `back ${shelving.id}`, row: <Back name={shelving.ended.by.name} /> }]
        : []),
    ]),
    ...(escalation?.steps ?? []).map((taken) => ({
      at: taken.at,
      key: `told ${taken.step} ${taken.at}`,
      row: <Told taken={taken} />,
    })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <ol className={styles.rows}>
      {rows.map(({ at, key, row }) => (
        <li key={key} className={styles.row}>
          <time className={styles.time}>{formats.momentWithSeconds(Date.parse(at), todayMs)}</time>
          {row}
        </li>
      ))}
      {escalation?.next ? (
        <li className={styles.next}>
          {t('course.next', {
            time: formats.moment(Date.parse(escalation.next.at), todayMs),
            roles: escalation.next.to.map((role) => t(`user.roles.${role}`)).join(', '),
          })}
        </li>
      ) : null}
      {told === undefined ? <li aria-busy="true">{t('course.loading')}</li> : null}
      {typeof told === 'string' ? (
        <li role="alert">{t('course.failed', { reason: t(`errors.${told}`) })}</li>
      ) : null}
    </ol>
  );
}

function Step({ step }: { step: FlagStep }) {
  const { t } = useTexts();
  return (
    <span>
      {t(`course.states.${step.state}`, { name: step.assignee ?? '' })}
      {step.by.kind !== 'rule' ? ` · ${step.by.name}` : ''}
      {step.reason ? <span className={styles.reason}> · {step.reason}</span> : null}
    </span>
  );
}

function Call({ call }: { call: FlagCall }) {
  const { t } = useTexts();
  return (
    <span>
      {t(call.reached ? 'call.reached' : 'call.unanswered', { called: call.called })} · {call.by.name}
      {call.said ? <span className={styles.reason}> · {call.said}</span> : null}
    </span>
  );
}

function Aside({ shelving: { until, by, reason } }: { shelving: FlagShelving }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  return (
    <span>
      {t('course.aside', { time: formats.moment(Date.parse(until), todayMs) })} · {by.name}
      <span className={styles.reason}> · {reason}</span>
    </span>
  );
}

function Back({ name }: { name: string }) {
  const { t } = useTexts();
  return (
    <span>
      {t('course.back')} · {name}
    </span>
  );
}

function Told({ taken }: { taken: EscalationStepTaken }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  if (taken.people.length === 0)
    return (
      <span>
        {t('course.toldNobody', { roles: taken.to.map((role) => t(`user.roles.${role}`)).join(', ') })}
      </span>
    );
  const people = taken.people.map(({ username, state, at }) =>
    t(`course.people.${state}`, {
      name: username,
      time: at === null ? '' : formats.momentWithSeconds(Date.parse(at), todayMs),
    }),
  );
  return (
    <span>
      {t('course.told', { people: people.join(', ') })} · {t(`alerts.reasons.${taken.reason}`)}
    </span>
  );
}
