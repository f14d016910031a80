import { ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { Ticking } from '../design/Ticking.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './PathChecked.module.css';

/** When an alert was last proved to reach this person, or anybody. */
export function PathChecked() {
  const { at, words } = usePathChecked();
  return (
    <p className={styles.words} data-checked={at}>
      {words}
    </p>
  );
}

/** The same as a small sign that says how long ago: it is good news, and the alarms want the room. */
export function PathCheckedSign() {
  const { at, words } = usePathChecked();
  const { formats } = useTexts();
  const { serverClock } = useDesk();
  const age = useCallback(
    () => (at === undefined ? '' : formats.age(serverClock.nowMs() - Date.parse(at))),
    [at, formats, serverClock],
  );
  const Icon = at === undefined ? ShieldQuestionMark : ShieldCheck;
  return (
    <p className={styles.sign} data-checked={at} title={words}>
      <VisuallyHidden as="span">{words}</VisuallyHidden>
      <span className={styles.shown} aria-hidden="true">
        <Icon size="0.875rem" />
        <Ticking text={age} />
      </span>
    </p>
  );
}

function usePathChecked() {
  const { t, formats } = useTexts();
  const { alerts } = useDesk();
  const at = useStore(alerts.store, (state) => state.checkedAt ?? state.path?.provedAt ?? undefined);
  const todayMs = useToday();
  const words =
    at === undefined
      ? t('alerts.unchecked')
      : t('alerts.checked', { time: formats.moment(Date.parse(at), todayMs) });
  return { at, words };
}
