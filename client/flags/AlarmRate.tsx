import { useCallback } from 'react';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';
import styles from './AlarmRate.module.css';
import { alarmRate, RATE_AIM, type AlarmRate as Rate } from './alarm-rate.ts';

/** How many alarms come to this operator, beside what one person can live with; loud only in a flood. */
export function AlarmRate() {
  const { t } = useTexts();
  const rate = useAlarmRate();
  const { inTenMinutes, inHour, isFlood } = rate;
  const counts = { ten: inTenMinutes, hour: inHour, aim: RATE_AIM };
  return (
    <p
      className={styles.rate}
      data-rate={inTenMinutes}
      data-flood={isFlood || undefined}
      title={t(isFlood ? 'alarmRate.floodHint' : 'alarmRate.hint', counts)}
    >
      {isFlood ? (
        <>
          <LevelMark level={3} />
          <strong>{t('alarmRate.flood')}</strong>{' '}
        </>
      ) : null}
      {t('alarmRate.counts', counts)}
    </p>
  );
}

/** Looked at once a second; renders again only when it is another one. */
function useAlarmRate(): Rate {
  const { alarmTally, serverClock } = useDesk();
  return useTimed(
    useCallback(() => alarmRate(alarmTally.raisedMs(), serverClock.nowMs()), [alarmTally, serverClock]),
    isSame,
  );
}

function isSame(a: Rate, b: Rate): boolean {
  return a.inTenMinutes === b.inTenMinutes && a.inHour === b.inHour && a.isFlood === b.isFlood;
}
