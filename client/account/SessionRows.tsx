import type { SessionView } from '#contract/accounts.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Account.module.css';

/** Sessions with a way to end each but the one that is looked from. */
export function SessionRows({
  sessions,
  onEnd,
}: {
  sessions: readonly SessionView[];
  onEnd(sessionId: string): void;
}) {
  const { t, formats } = useTexts();
  if (sessions.length === 0) return <p className={styles.hint}>{t('account.sessions.none')}</p>;
  return (
    <ul className={styles.rows}>
      {sessions.map(({ sessionId, device, since, lastSeenAt, current }) => {
        const name = device === '?' ? t('account.sessions.unknown') : device;
        return (
          <li key={sessionId} className={styles.row}>
            <div className={styles.rowText}>
              {name}
              <p>
                {[
                  t('account.sessions.since', { time: formats.dayAndTime(Date.parse(since)) }),
                  current
                    ? t('account.sessions.current')
                    : t('account.sessions.seen', { time: formats.dayAndTime(Date.parse(lastSeenAt)) }),
                ].join(' · ')}
              </p>
            </div>
            {current ? null : (
              <Button aria-label={`${t('account.sessions.end')}: ${name}`} onClick={() => onEnd(sessionId)}>
                {t('account.sessions.end')}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
