import { useStore } from 'zustand';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { Outbox } from './outbox.ts';
import { attentionOf } from './records-view.ts';
import styles from './Screen.module.css';

interface SignOutWarningProps {
  outbox: Outbox;
  onStay(): void;
  onLeave(): void;
}

/** Before somebody leaves records behind on a device: how many, and what becomes of them. */
export function SignOutWarning({ outbox, onStay, onLeave }: SignOutWarningProps) {
  const { t } = useTexts();
  const count = attentionOf(useStore(outbox.store, (state) => state.records));
  return (
    <Modal open onClose={onStay} title={t('outbox.signOutTitle')} closeLabel={t('outbox.stay')}>
      <div className={styles.stack}>
        <p className={styles.hint}>{t('outbox.signOutHint', { count })}</p>
        <div className={styles.halves}>
          <Button look="primary" onClick={onStay}>
            {t('outbox.stay')}
          </Button>
          <Button onClick={onLeave}>{t('outbox.signOutAnyway')}</Button>
        </div>
      </div>
    </Modal>
  );
}
