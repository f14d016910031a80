import { Hourglass } from 'lucide-react';
import type { Flag } from '#contract/flags.ts';
import { useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './FlagTaken.module.css';
import { useShelving } from './use-shelved.ts';

/** Who has a flag now, and since when; for a new one, who raised it if it was a person; until when and why it is aside. */
export function FlagTaken({ flag }: { flag: Flag }) {
  const { t, formats } = useTexts();
  const shelving = useShelving(flag);
  const todayMs = useToday();
  if (!shelving) return <Holder flag={flag} />;
  return (
    <p className={styles.line} data-shelved={shelving.id}>
      <Hourglass size="0.875rem" aria-hidden="true" />{' '}
      {t('shelve.until', {
        time: formats.moment(Date.parse(shelving.until), todayMs),
        name: shelving.by.name,
      })}
      <span className={styles.reason}>{shelving.reason}</span>
    </p>
  );
}

function Holder({ flag }: { flag: Flag }) {
  const { t, formats } = useTexts();
  const todayMs = useToday();
  const last = flag.history.at(-1);
  if (!last) return null;
  if (flag.state === 'assigned' && last.assignee)
    return <p className={styles.line}>{t('alarms.assigned', { name: last.assignee })}</p>;
  if (flag.state !== 'raised')
    return (
      <p className={styles.line}>
        {t('alarms.taken', { name: last.by.name, time: formats.moment(Date.parse(last.at), todayMs) })}
      </p>
    );
  if (last.by.kind === 'rule') return null;
  return <p className={styles.line}>{t('alarms.raisedBy', { name: last.by.name })}</p>;
}
