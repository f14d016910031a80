import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './AlertSettingsPage.module.css';
import { askToNotify, notifyState } from './notify.ts';

/** Notifications of the system: asked for by a click and never by themselves. */
export function NoticeSettings() {
  const { t } = useTexts();
  const [state, setState] = useState(() => notifyState(window));
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{t('alerts.settings.notices')}</h2>
      <p className={styles.hint}>{t('alerts.settings.noticesHint')}</p>
      <p>{t(`alerts.settings.noticesStates.${state}`)}</p>
      {state === 'default' ? (
        <Button onClick={() => void askToNotify(window).then(setState)}>
          {t('alerts.settings.noticesAllow')}
        </Button>
      ) : null}
    </section>
  );
}
