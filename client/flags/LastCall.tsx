import type { Flag } from '#contract/flags.ts';
import { useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './FlagTaken.module.css';

/** The last call because of a flag: who was called, by whom, and what was said. */
export function LastCall({ flag }: { flag: Flag }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  const call = flag.calls?.at(-1);
  if (!call) return null;
  const head = t(call.reached ? 'call.reached' : 'call.unanswered', { called: call.called });
  return (
    <p className={styles.line} data-call={call.id}>
      {formats.moment(Date.parse(call.at), todayMs)} · {head} · {call.by.name}
      {call.said ? `: ${call.said}` : ''}
    </p>
  );
}
