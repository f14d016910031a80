import { useTranslation } from 'react-i18next';
import { ALARM_PLACES, useAlarmPlace } from './alarm-place.ts';
import styles from './LanguageSwitch.module.css';

/** Alarms beside the pictures or below them; kept on this device. In a hand they are above whatever is chosen. */
export function AlarmPlaceField() {
  const { t } = useTranslation();
  const { place, setPlace } = useAlarmPlace();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('user.alarms')}</legend>
      {ALARM_PLACES.map((one) => (
        <button
          key={one}
          type="button"
          className={styles.option}
          aria-pressed={one === place}
          onClick={() => setPlace(one)}
        >
          {t(`user.alarmPlaces.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
