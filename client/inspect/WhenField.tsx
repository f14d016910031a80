import { useId } from 'react';
import { useTexts } from '../desk/desk-context.ts';
import { lastTimeAt } from './chosen-time.ts';
import { useInspect } from './inspect-context.ts';
import type { Occurred } from './record.ts';
import styles from './Screen.module.css';

const MINUTES_AGO = [5, 15, 30, 60] as const;
const MINUTE_MS = 60_000;

interface WhenFieldProps {
  occurred: Occurred;
  onChange(occurred: Occurred): void;
}

/** When it happened: just now, some minutes ago, or at a time of day that has been. */
export function WhenField({ occurred, onChange }: WhenFieldProps) {
  const { t, formats } = useTexts();
  const { outbox } = useInspect();
  const id = useId();
  const nowMs = outbox.clock.nowMs();
  const chosenMs = occurred.when === 'at' ? Date.parse(occurred.instant) : undefined;

  function choose(time: string): void {
    const atMs = lastTimeAt(time, outbox.clock.nowMs(), formats.time);
    if (atMs !== undefined) onChange({ when: 'at', instant: new Date(atMs).toISOString() });
  }

  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('record.when')}</legend>
      <div className={styles.chips}>
        <button
          type="button"
          className={styles.chip}
          aria-pressed={occurred.when === 'now'}
          onClick={() => onChange({ when: 'now' })}
        >
          {t('record.now')}
        </button>
        {MINUTES_AGO.map((minutes) => (
          <button
            key={minutes}
            type="button"
            className={styles.chip}
            aria-pressed={occurred.when === 'before' && occurred.agoMs === minutes * MINUTE_MS}
            onClick={() => onChange({ when: 'before', agoMs: minutes * MINUTE_MS })}
          >
            {t('record.ago', { count: minutes })}
          </button>
        ))}
        <button
          type="button"
          className={styles.chip}
          aria-pressed={occurred.when === 'at'}
          aria-controls={chosenMs === undefined ? undefined : id}
          onClick={() => choose(formats.time(nowMs))}
        >
          {t('record.at')}
        </button>
      </div>
      {chosenMs === undefined ? null : (
        <div className={styles.fields} id={id}>
          <input
            type="time"
            className={styles.input}
            aria-label={t('record.time')}
            value={formats.time(chosenMs)}
            onChange={(event) => choose(event.target.value)}
          />
          {formats.isSameDay(chosenMs, nowMs) ? null : (
            <span className={styles.hint}>
              {t('record.yesterday', { date: formats.dayAndTime(chosenMs) })}
            </span>
          )}
        </div>
      )}
    </fieldset>
  );
}
