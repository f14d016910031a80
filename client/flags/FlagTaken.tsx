import type { Flag } from '#contract/flags.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './FlagTaken.module.css';

/** Who has a flag now, and since when; for a new one, who raised it if it was a person. */
export function FlagTaken({ flag }: { flag: Flag }) {
  const { t, formats } = useTexts();
  const last = flag.history.at(-1);
  if (!last) return null;
  if (flag.state === 'assigned' && last.assignee)
    return <p className={styles.line}>{t('alarms.assigned', { name: last.assignee })}</p>;
  if (flag.state !== 'raised')
    return (
      <p className={styles.line}>
        {t('alarms.taken', { name: last.by.name, time: formats.time(Date.parse(last.at)) })}
      </p>
    );
  if (last.by.kind === 'rule') return null;
  return <p className={styles.line}>{t('alarms.raisedBy', { name: last.by.name })}</p>;
}
