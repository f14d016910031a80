import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { FormSection } from '../design/Page.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { canPush, pushedHere, subscribe, unsubscribe } from './push-subscription.ts';

/** Pushes to this browser; there only if the server can send any. */
export function PushSettings() {
  const { t, formats } = useTexts();
  const { alerts, api, who } = useDesk();
  const { username } = who;
  const pushKey = useStore(alerts.store, (state) => state.pushKey);
  const [pushed, setPushed] = useState(() => pushedHere(window, username, Date.now()));
  const [failed, setFailed] = useState(false);
  if (pushKey === null || !canPush(window)) return null;

  async function turnOn(key: string) {
    const now = await subscribe(window, api, { serverKey: key, username });
    setPushed(now);
    setFailed(now === undefined);
  }
  async function turnOff() {
    if (pushed) await unsubscribe(window, api, { id: pushed.id, username });
    setPushed(undefined);
  }

  return (
    <FormSection title={t('alerts.settings.push')} hint={t('alerts.settings.pushHint')}>
      {pushed ? (
        <>
          <p>{t('alerts.settings.pushUntil', { time: formats.dayAndTime(Date.parse(pushed.until)) })}</p>
          <Button onClick={() => void turnOff()}>{t('alerts.settings.pushOff')}</Button>
        </>
      ) : (
        <Button onClick={() => void turnOn(pushKey)}>{t('alerts.settings.pushOn')}</Button>
      )}
      <Failure>{failed ? t('alerts.settings.pushFailed') : undefined}</Failure>
    </FormSection>
  );
}
