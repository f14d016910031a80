import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { FormSection } from '../design/Page.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { askToNotify, notifyState } from './notify.ts';

/** Notifications of the system: asked for by a click and never by themselves. */
export function NoticeSettings() {
  const { t } = useTexts();
  const [state, setState] = useState(() => notifyState(window));
  return (
    <FormSection title={t('alerts.settings.notices')} hint={t('alerts.settings.noticesHint')}>
      <p>{t(`alerts.settings.noticesStates.${state}`)}</p>
      {state === 'default' ? (
        <Button onClick={() => void askToNotify(window).then(setState)}>
          {t('alerts.settings.noticesAllow')}
        </Button>
      ) : null}
    </FormSection>
  );
}
