import { type FormEvent, useRef, useState } from 'react';
import { Hold } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './Evidence.module.css';

interface HoldDialogProps {
  flagId: string;
  onClose(): void;
  onPlaced(): void;
}

/** Orders that nothing around a flag is erased. */
export function HoldDialog({ flagId, onClose, onPlaced }: HoldDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  // Sent again after a failure, it is the same hold.
  const [id] = useState(() => crypto.randomUUID());
  const { run, dialog } = useConfirmed();
  const [failure, setFailure] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);
  const reference = useRef<HTMLInputElement>(null);
  const reason = useRef<HTMLTextAreaElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const body = {
      id,
      target: { kind: 'flag', flagId },
      reference: reference.current?.value.trim() ?? '',
      reason: reason.current?.value.trim() ?? '',
    };
    const answer = await run(() => api.call('/api/v1/holds', { body, reply: Hold }));
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    onPlaced();
    onClose();
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={t('evidence.hold')}
      subtitle={t('evidence.holdHint')}
      closeLabel={t('evidence.close')}
      initialFocus={reference}
    >
      <form className={styles.dialog} onSubmit={(event) => void submit(event)}>
        <label className={styles.field}>
          {t('evidence.reference')}
          <input ref={reference} required maxLength={120} />
        </label>
        <label className={styles.field}>
          {t('evidence.holdReason')}
          <textarea ref={reason} rows={3} required minLength={3} maxLength={500} />
        </label>
        {failure ? (
          <p role="alert" className={styles.failure}>
            {t(`errors.${failure}`)}
          </p>
        ) : null}
        <Button type="submit" look="primary" disabled={busy}>
          {t('evidence.hold')}
        </Button>
      </form>
      {dialog}
    </Modal>
  );
}
