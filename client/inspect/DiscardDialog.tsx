import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { useInspect } from './inspect-context.ts';
import { MIN_REASON, type PendingRecord } from './record.ts';
import styles from './Screen.module.css';

/** Throws a refused record away, with the reason that stays beside it. */
export function DiscardDialog({ record, onClose }: { record: PendingRecord; onClose(): void }) {
  const { t } = useTexts();
  const { outbox } = useInspect();
  const [reason, setReason] = useState('');
  const isReasoned = reason.trim().length >= MIN_REASON;
  return (
    <Modal
      open
      onClose={onClose}
      title={t('outbox.discardTitle')}
      subtitle={t(`events.${record.draft.type}`)}
      closeLabel={t('outbox.cancel')}
    >
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReasoned) void outbox.discard(record.id, reason.trim()).then(onClose);
        }}
      >
        <p className={styles.hint}>{t('outbox.discardHint')}</p>
        <label className={styles.group}>
          <span className={styles.legend}>{t('outbox.discardReason')}</span>
          <textarea
            className={styles.input}
            rows={3}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {isReasoned ? null : <p className={styles.hint}>{t('outbox.reasonShort')}</p>}
        <div className={styles.pair}>
          <Button onClick={onClose}>{t('outbox.cancel')}</Button>
          <Button type="submit" look="primary" disabled={!isReasoned}>
            {t('outbox.discard')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
