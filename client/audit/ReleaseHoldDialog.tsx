import { useState } from 'react';
import { Hold } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './AuditPage.module.css';

interface ReleaseHoldDialogProps {
  /** The dialog is open while there is one. */
  hold: Hold | undefined;
  onClose(): void;
  onReleased(): void;
}

/** Ends a hold of the own office, with a reason. */
export function ReleaseHoldDialog({ hold, onClose, onReleased }: ReleaseHoldDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  const { run, dialog } = useConfirmed();
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);

  async function release() {
    if (!hold) return;
    setBusy(true);
    const answer = await run(() =>
      api.call(`/api/v1/holds/${hold.id}/release`, { body: { reason: reason.trim() }, reply: Hold }),
    );
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    setReason('');
    onReleased();
    onClose();
  }

  return (
    <Modal
      open={hold !== undefined}
      onClose={onClose}
      title={t('audit.hold.releaseTitle')}
      subtitle={t('audit.hold.releaseHint')}
      closeLabel={t('audit.close')}
    >
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          void release();
        }}
      >
        <label className={styles.field}>
          {t('audit.hold.reason')}
          <textarea
            className={styles.input}
            rows={3}
            required
            minLength={3}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {failure ? (
          <p className={styles.failure} role="alert">
            {t(`errors.${failure}`)}
          </p>
        ) : null}
        <span className={styles.actions}>
          <Button type="submit" look="primary" disabled={busy}>
            {t('audit.hold.release')}
          </Button>
        </span>
      </form>
      {dialog}
    </Modal>
  );
}
