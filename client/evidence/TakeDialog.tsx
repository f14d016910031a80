import { type FormEvent, useRef, useState } from 'react';
import { Evidence } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './Evidence.module.css';

interface TakeDialogProps {
  flag: Flag;
  feeds: readonly string[];
  onClose(): void;
  onTaken(): void;
}

/** Asks for a clip now, with the reason that stays on record. */
export function TakeDialog({ flag, feeds, onClose, onTaken }: TakeDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  // Sent again after a failure, it is the same clip.
  const [id] = useState(() => crypto.randomUUID());
  const [feedId, setFeedId] = useState(feeds[0] ?? '');
  const [failure, setFailure] = useState<FailureCode>();
  const [busy, setBusy] = useState(false);
  const reason = useRef<HTMLTextAreaElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const answer = await api.call(`/api/v1/flags/${flag.id}/evidence`, {
      body: { id, feedId, reason: reason.current?.value.trim() ?? '' },
      reply: Evidence,
    });
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    onTaken();
    onClose();
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={t('evidence.takeTitle')}
      subtitle={t('evidence.takeHint')}
      closeLabel={t('evidence.close')}
      initialFocus={reason}
    >
      <form className={styles.dialog} onSubmit={(event) => void submit(event)}>
        {feeds.length > 1
          ? feeds.map((one, index) => (
              <label key={one}>
                <input type="radio" name="feed" checked={one === feedId} onChange={() => setFeedId(one)} />{' '}
                {t('evidence.camera', { number: index + 1 })}
              </label>
            ))
          : null}
        <label className={styles.field}>
          {t('evidence.reason')}
          <textarea ref={reason} rows={3} required minLength={3} maxLength={500} />
          <span className={styles.quiet}>{t('evidence.reasonShort')}</span>
        </label>
        {failure ? (
          <p role="alert" className={styles.failure}>
            {t(`errors.${failure}`)}
          </p>
        ) : null}
        <Button type="submit" look="primary" disabled={busy}>
          {t('evidence.submit')}
        </Button>
      </form>
    </Modal>
  );
}
