import { CircleCheck, Hourglass, NotebookPen, Phone } from 'lucide-react';
import { useCallback, useState } from 'react';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import { useWaitingAlerts } from '../alerts/use-alert-voice.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { FlagEvidence } from '../evidence/FlagEvidence.tsx';
import { CallDialog } from '../flags/CallDialog.tsx';
import { FlagClosed } from '../flags/FlagClosed.tsx';
import { FlagCourse } from '../flags/FlagCourse.tsx';
import { FlagTaken } from '../flags/FlagTaken.tsx';
import { flagNote } from '../flags/flag-note.ts';
import { LastCall } from '../flags/LastCall.tsx';
import { ruleText } from '../flags/rule-text.ts';
import { useFlagSteps } from '../flags/use-flag-steps.ts';
import { mayDo } from '../session/session.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { raisedAt } from '../store/region-sync.ts';
import styles from './OncallAlert.module.css';
import { OncallPicture } from './OncallPicture.tsx';
import { type Turn, TurnBar } from './TurnBar.tsx';

interface OncallAlertProps {
  flag: Flag;
  turn: Turn;
  /** Something was put down with the flag; of a closed one no news come any more. */
  onChanged(): void;
}

/** One alert: its picture, what it says, and under the thumb what can be done about it. */
export function OncallAlert({ flag, turn, onChanged }: OncallAlertProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [calling, setCalling] = useState(false);
  const steps = useFlagSteps([flag]);
  const phone = useLive((state) => state.registry?.facilityById[flag.facilityId]?.phone);
  const mayNote = mayDo(who, 'flag.call');
  useShortcuts('oncall', !calling, {
    acknowledgeAlert: () => (steps.mayAcknowledge && !steps.pending ? steps.acknowledge() : false),
    noteCall: () => (mayNote ? setCalling(true) : false),
  });
  return (
    <>
      <article
        className={styles.alert}
        data-level={flag.severity}
        data-flag={flag.state}
        data-flag-id={flag.id}
      >
        {isOpenFlag(flag) ? <OncallPicture flag={flag} /> : null}
        <div className={styles.words}>
          <Words flag={flag} />
          <LastCall flag={flag} />
        </div>
        <div className={styles.more}>
          <FlagCourse flag={flag} open />
          <FlagEvidence flag={flag} />
        </div>
      </article>
      <TurnBar
        turn={turn}
        failure={steps.failure && t('alarms.failed', { reason: t(`errors.${steps.failure}`) })}
        above={
          <>
            {phone === undefined ? (
              <span className={styles.noPhone}>{t('oncall.noPhone')}</span>
            ) : (
              <a className={styles.call} href={`tel:${phone}`} onClick={() => mayNote && setCalling(true)}>
                <Phone size="1.25rem" aria-hidden="true" />
                {t('oncall.call')}
              </a>
            )}
            {mayNote ? (
              <Button aria-label={t('call.action')} onClick={() => setCalling(true)}>
                <NotebookPen size="1.25rem" aria-hidden="true" />
                {t('oncall.note')}
              </Button>
            ) : null}
          </>
        }
      >
        {steps.mayAcknowledge ? (
          <Button look="primary" disabled={steps.pending} onClick={steps.acknowledge}>
            {steps.pending ? t('oncall.sending') : t('alarms.acknowledge')}
          </Button>
        ) : (
          <span className={styles.done}>
            {flag.state === 'raised' ? (
              <Hourglass size="1.25rem" aria-hidden="true" />
            ) : (
              <CircleCheck size="1.25rem" aria-hidden="true" />
            )}
            {t(`oncall.states.${flag.state}`)}
          </span>
        )}
      </TurnBar>
      {calling ? <CallDialog flag={flag} onClose={() => setCalling(false)} onNoted={onChanged} /> : null}
    </>
  );
}

function Words({ flag }: { flag: Flag }) {
  const { t, formats, language } = useTexts();
  const { serverClock } = useDesk();
  const limits = useLive((state) => state.registry?.limits);
  const area = useLive((state) =>
    flag.areaId === undefined ? undefined : state.registry?.areaById[flag.areaId]?.name[language],
  );
  const facility = useLive((state) => state.registry?.facilityById[flag.facilityId]);
  const region = useLive((state) => state.registry?.regionById[flag.regionId]?.name[language]);
  const told = useWaitingAlerts().find(({ flagId }) => flagId === flag.id);
  const age = useCallback(
    () => formats.age(serverClock.nowMs() - Date.parse(raisedAt(flag))),
    [formats, serverClock, flag],
  );
  const where = flag.areaId === undefined ? t('alarms.wholeFacility') : area;
  return (
    <>
      <p className={styles.head}>
        <span className={styles.level}>
          <LevelMark level={flag.severity} size="1.125rem" />
          {t(`levels.${flag.severity}`)}
        </span>
        {isOpenFlag(flag) ? <Ticking text={age} className={styles.age} /> : null}
      </p>
      <h1 className={styles.what}>
        {ruleText(flag, { language, limits: limits ?? {} }) ?? t(`categories.${flag.category}`)}
      </h1>
      <p className={styles.place}>
        {[where, facility?.shortName[language] ?? flag.facilityId, region].filter(Boolean).join(' · ')}
      </p>
      {flag.note ? <p className={styles.note}>{flagNote(flag, t)}</p> : null}
      {told && told.reason !== 'raised' ? (
        <p className={styles.told}>{t(`alerts.reasons.${told.reason}`)}</p>
      ) : null}
      {isOpenFlag(flag) ? <FlagTaken flag={flag} /> : <FlagClosed flag={flag} />}
    </>
  );
}
