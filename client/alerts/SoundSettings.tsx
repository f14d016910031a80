import { useStore } from 'zustand';
import type { AlertSettings } from '#contract/alerts.ts';
import { Button } from '../design/Button.tsx';
import { Choices, Field, FieldGroup, Line } from '../design/Field.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { FormSection } from '../design/Page.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './AlertSettingsPage.module.css';

const LEVELS = [1, 2, 3, 4] as const;
const PATTERNS = [1, 2, 3] as const;

/** Which levels sound, and how loud; with a way to hear them. */
export function SoundSettings({
  sound,
  onChange,
}: {
  sound: AlertSettings['sound'];
  onChange(sound: AlertSettings['sound']): void;
}) {
  const { t } = useTexts();
  const { alerts, sound: player } = useDesk();
  const state = useStore(alerts.store, (one) => one.sound);
  const listen = async (level: (typeof PATTERNS)[number]) => {
    // The click is the gesture that the browser waits for.
    await player.unlock();
    player.play(level, sound.volume);
  };
  return (
    <FormSection title={t('alerts.settings.sound')}>
      <p className={styles.hint}>
        {state === 'ready'
          ? t('alerts.settings.soundReady')
          : t(state === 'blocked' ? 'alerts.blocked' : 'alerts.settings.soundUnsupported')}
      </p>
      <FieldGroup label={t('alerts.settings.upTo')}>
        <Choices
          name="upTo"
          options={LEVELS}
          chosen={sound.upTo}
          onChoose={(upTo) => onChange({ ...sound, upTo })}
        >
          {(level) => (
            <>
              <LevelMark level={level} />
              {t(`alerts.settings.upTos.${level}`)}
            </>
          )}
        </Choices>
      </FieldGroup>
      <Field label={t('alerts.settings.volume')}>
        <input
          className={styles.volume}
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={sound.volume}
          onChange={(event) => onChange({ ...sound, volume: Number(event.target.value) })}
        />
      </Field>
      <p className={styles.hint}>{t('alerts.settings.volumeHint')}</p>
      <Line>
        <span className={styles.hint}>{t('alerts.settings.try')}</span>
        {PATTERNS.map((level) => (
          <Button key={level} onClick={() => void listen(level)}>
            <LevelMark level={level} />
            {t(`levels.${level}`)}
          </Button>
        ))}
      </Line>
    </FormSection>
  );
}
