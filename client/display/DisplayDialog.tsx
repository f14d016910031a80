import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';

interface DisplayDialogProps {
  title: string;
  subtitle?: string;
  /** What its button says. */
  action: string;
  /** Does it, with what was written into the fields; what went wrong, in words, or nothing when it is done. */
  onSubmit(form: FormData): Promise<string | undefined>;
  onClose(): void;
  children: ReactNode;
}

/** A form about a display. It closes when it is done, and stays open with the reason when it cannot be. */
export function DisplayDialog({ title, subtitle, action, onSubmit, onClose, children }: DisplayDialogProps) {
  const { t } = useTexts();
  const [failure, setFailure] = useState<string>();
  const [pending, setPending] = useState(false);
  const submit = async (form: FormData) => {
    setPending(true);
    const failed = await onSubmit(form);
    setPending(false);
    if (failed === undefined) onClose();
    else setFailure(failed);
  };
  return (
    <Modal open onClose={onClose} title={title} subtitle={subtitle} closeLabel={t('displays.close')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        {children}
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending}>
            {action}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
