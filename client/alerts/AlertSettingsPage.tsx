import { useState } from 'react';
import { useStore } from 'zustand';
import type { AlertSettings } from '#contract/alerts.ts';
import { Button } from '../design/Button.tsx';
import { Line } from '../design/Field.tsx';
import { FormPage } from '../design/Page.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './AlertSettingsPage.module.css';
import { NoticeSettings } from './NoticeSettings.tsx';
import { PathChecked } from './PathChecked.tsx';
import { PushSettings } from './PushSettings.tsx';
import { QuietSettings } from './QuietSettings.tsx';
import { SoundSettings } from './SoundSettings.tsx';

/** How one wants to be told: sound, notifications, devices, quiet hours. */
export function AlertSettingsPage() {
  const { t } = useTexts();
  const { alerts } = useDesk();
  const kept = useStore(alerts.store, (state) => state.settings);
  const [draft, setDraft] = useState<AlertSettings>();
  const [outcome, setOutcome] = useState<'saved' | FailureCode>();
  const settings = draft ?? kept;
  const change = (part: Partial<AlertSettings>) => {
    setDraft({ ...settings, ...part });
    setOutcome(undefined);
  };

  async function save() {
    const answer = await alerts.save(settings);
    setOutcome(answer.ok ? 'saved' : answer.code);
    if (answer.ok) setDraft(undefined);
  }

  return (
    <FormPage title={t('alerts.title')} lead={t('alerts.settings.lead')} head={<PathChecked />}>
      <SoundSettings sound={settings.sound} onChange={(sound) => change({ sound })} />
      <QuietSettings quiet={settings.quiet} onChange={(quiet) => change({ quiet })} />
      <Line>
        <Button look="primary" disabled={draft === undefined} onClick={() => void save()}>
          {t('alerts.settings.save')}
        </Button>
        <p role="status" className={outcome === 'saved' ? styles.hint : styles.failure}>
          {outcome === undefined
            ? null
            : outcome === 'saved'
              ? t('alerts.settings.saved')
              : t('alerts.settings.failed', { reason: t(`errors.${outcome}`) })}
        </p>
      </Line>
      <NoticeSettings />
      <PushSettings />
    </FormPage>
  );
}
