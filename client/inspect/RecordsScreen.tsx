import { CloudCheck, CloudOff, ListChecks } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { DiscardDialog } from './DiscardDialog.tsx';
import { useInspect } from './inspect-context.ts';
import rowStyles from './RecordRow.module.css';
import { RecordRow } from './RecordRow.tsx';
import type { PendingRecord } from './record.ts';
import { groupsOf } from './records-view.ts';
import styles from './Screen.module.css';
import { useOfflineReadiness } from './use-offline-readiness.ts';

const ORDER = ['refused', 'waiting', 'taken', 'discarded'] as const;

/** Everything that was recorded on this device by this person: what waits, what was taken, what was refused and why. */
export function RecordsScreen() {
  const { t } = useTexts();
  const { outbox } = useInspect();
  const { records, storage, contact, unreadable, sending } = useStore(outbox.store);
  const groups = groupsOf(records);
  const [discarding, setDiscarding] = useState<PendingRecord>();
  return (
    <section className={styles.stack}>
      <Readiness />
      {storage === 'broken' ? <Trouble title={t('outbox.broken')} hint={t('outbox.brokenHint')} /> : null}
      {contact === 'other-account' ? (
        <Trouble title={t('outbox.otherAccount')} hint={t('outbox.otherAccountHint')} />
      ) : null}
      {unreadable > 0 ? (
        <p className={styles.warning}>{t('outbox.unreadable', { count: unreadable })}</p>
      ) : null}
      {groups.waiting.length > 0 ? (
        <button type="button" className={styles.primary} disabled={sending} onClick={() => outbox.send()}>
          {sending ? t('outbox.sending') : t('outbox.send')}
        </button>
      ) : null}
      {records.length === 0 ? (
        <Notice icon={ListChecks} title={t('outbox.empty')} hint={t('outbox.emptyHint')} />
      ) : null}
      {ORDER.map((state) =>
        groups[state].length > 0 ? (
          <section key={state} className={styles.stack}>
            <h2 className={styles.heading}>
              {t(`outbox.titles.${state}`)} · {groups[state].length}
            </h2>
            <ul className={styles.list}>
              {groups[state].map((record) => (
                <li key={record.id}>
                  <RecordRow record={record}>
                    {state === 'refused' ? (
                      <div className={rowStyles.actions}>
                        <Link href={`/inspect/records/${record.id}`} className={styles.chip}>
                          {t('outbox.mend')}
                        </Link>
                        <button type="button" className={styles.chip} onClick={() => setDiscarding(record)}>
                          {t('outbox.discard')}
                        </button>
                      </div>
                    ) : null}
                  </RecordRow>
                </li>
              ))}
            </ul>
            {state === 'taken' ? <p className={styles.hint}>{t('outbox.keptADay')}</p> : null}
          </section>
        ) : null,
      )}
      {discarding ? <DiscardDialog record={discarding} onClose={() => setDiscarding(undefined)} /> : null}
    </section>
  );
}

function Trouble({ title, hint }: { title: string; hint: string }) {
  return (
    <div role="alert">
      <p className={styles.warning}>{title}</p>
      <p className={styles.hint}>{hint}</p>
    </div>
  );
}

/** Whether one may walk into the cellar with this device. */
function Readiness() {
  const { t } = useTexts();
  const readiness = useOfflineReadiness();
  if (readiness === 'checking') return null;
  const Icon = readiness === 'ready' ? CloudCheck : CloudOff;
  return (
    <p className={styles.summary} data-testid="offline-readiness" data-readiness={readiness}>
      <Icon size="1.125rem" aria-hidden="true" />
      {t(readiness === 'ready' ? 'outbox.ready' : 'outbox.notReady')}
    </p>
  );
}
