import type { Flag } from '#contract/flags.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './FlagClosed.module.css';

/** Who closed a flag, when and why: a link may be older than the answer, and somebody else faster. */
export function FlagClosed({ flag }: { flag: Flag }) {
  const { t, formats } = useTexts();
  const last = flag.history.at(-1);
  if (!last) return null;
  return (
    <div className={styles.closed} role="status" data-closed={flag.state}>
      <p>
        {t(`alarms.closed.${flag.state === 'dismissed' ? 'dismissed' : 'resolved'}`, {
          name: last.by.name,
          time: formats.dayAndTime(Date.parse(last.at)),
        })}
      </p>
      {last.reason ? <p className={styles.reason}>{last.reason}</p> : null}
    </div>
  );
}
